import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { SpikewingError } from "@spikewing/rl";
import { makeFolder } from "../whole-file.js";

/** Slurm's own default for the largest array. */
const MOST_RUNS = 1001;
const LOOK_EVERY_MS = 2000;

/**
 * Does runs as a job array of an existing Slurm cluster, which must see this program and the results folder at the same paths.
 * Everything else (partition, account, time) comes from sbatch's own environment, SBATCH_PARTITION and the like.
 *
 * @param atOnce tasks that run at the same time
 * @param look is called now and then, and when the array has ended: files of runs may have come
 * @param stopped cancels the array
 * @throws SpikewingError where sbatch is missing or says no, or a task has failed
 */
export async function runOnSlurm(
  folder: string,
  total: number,
  pending: readonly number[],
  atOnce: number | undefined,
  look: () => void,
  stopped: AbortSignal,
): Promise<void> {
  if (pending.length === 0) return;
  if (total > MOST_RUNS)
    throw new SpikewingError("--engine slurm", `${total} runs; expected at most ${MOST_RUNS} in an array`);
  const logs = resolve(folder, "slurm");
  makeFolder(logs);
  const limit = atOnce === undefined ? "" : `%${atOnce}`;
  const task = [process.execPath, resolve(process.argv[1]!), "sweep-task", resolve(folder)]
    .map(quoted)
    .join(" ");
  const sbatch = spawn(
    "sbatch",
    [
      ...[
        "--wait",
        "--parsable",
        "--job-name=spikewing",
        "--cpus-per-task=1",
        `--array=${pending.join(",")}${limit}`,
      ],
      ...[`--output=${logs}/%a.log`, "--open-mode=truncate", `--wrap=${task}`],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let [said, complained] = ["", ""];
  sbatch.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  sbatch.stderr.setEncoding("utf8").on("data", (text: string) => {
    complained += text;
  });
  const cancel = () => {
    const job = /^\d+/.exec(said)?.[0];
    if (job !== undefined) spawn("scancel", [job], { stdio: "ignore" }).on("error", () => {});
    else sbatch.kill();
  };
  stopped.addEventListener("abort", cancel, { once: true });
  let unreadable: unknown;
  const timer = setInterval(() => {
    try {
      look();
    } catch (error) {
      unreadable ??= error;
      cancel();
    }
  }, LOOK_EVERY_MS);
  try {
    const [code] = (await once(sbatch, "close").catch((error: NodeJS.ErrnoException) => {
      throw new SpikewingError("sbatch", error.code === "ENOENT" ? "is not installed here" : error.message);
    })) as [number | null];
    if (unreadable !== undefined) throw unreadable;
    if (stopped.aborted) return;
    look();
    if (code === 0) return;
    const reason = complained.trim().split("\n").at(-1);
    throw new SpikewingError("sbatch", reason || `a task of the array has failed; see ${logs}`);
  } finally {
    clearInterval(timer);
    stopped.removeEventListener("abort", cancel);
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
