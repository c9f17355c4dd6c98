import { join } from "node:path";
import { SpikewingError } from "@spikewing/rl";
import { describeScores, formatScores } from "./evaluate.js";
import { formatDuration, printNote, printResult } from "./print.js";
import { isBegun, RUN_FILES, readConfig } from "./run-folder.js";
import { trainPolicy } from "./train.js";
import { resolveConfig, type TrainFlags } from "./train-flags.js";

type DemoFlags = Pick<TrainFlags, "seed" | "out" | "workers" | "config" | "json">;

/** The first field in which two configs differ, with both values. */
function findDifference(a: unknown, b: unknown, path: readonly string[] = []): string | undefined {
  if (JSON.stringify(a) === JSON.stringify(b)) return undefined;
  const areNested = [a, b].every(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  );
  if (!areNested) return `${path.join(".")} is ${JSON.stringify(a)}; the run there has ${JSON.stringify(b)}`;
  const [ours, theirs] = [a, b] as Record<string, unknown>[];
  const keys = new Set([...Object.keys(ours!), ...Object.keys(theirs!)]);
  for (const key of keys) {
    const found = findDifference(ours![key], theirs![key], [...path, key]);
    if (found) return found;
  }
  return undefined;
}

/** @throws SpikewingError where a flag asks for another run than the one in the folder. */
function requireSameRun(folder: string, flags: DemoFlags): void {
  if (flags.seed === undefined && flags.config === undefined) return;
  const begun = readConfig(folder);
  const asked =
    flags.config === undefined
      ? { ...begun, seed: flags.seed }
      : resolveConfig({ seed: begun.seed, ...flags });
  const difference = findDifference(asked, begun);
  if (difference)
    throw new SpikewingError(folder, difference, "name another folder with --out, or leave the flag out");
}

/** Trains with the fast preset, goes on where an earlier demo stopped, and shows what came out. */
export async function demo(flags: DemoFlags): Promise<void> {
  const { out = join("runs", `demo-seed${flags.seed ?? 0}`), ...rest } = flags;
  const goesOn = isBegun(out);
  if (goesOn) {
    requireSameRun(out, flags);
    printNote(`${out} is there already: going on with it`);
  } else printNote(`training a spiking policy from nothing, into ${out}`);
  const shared = { ...(rest.workers === undefined ? {} : { workers: rest.workers }) };
  const result = await trainPolicy("train", goesOn ? { resume: out, ...shared } : { out, ...rest });
  if (!result) return;
  const { folder, config, task, seconds, scores } = result;
  const picture = join(folder, RUN_FILES.flight);
  printResult(flags.json, { folder, config, seconds, picture, ...describeScores(task, scores) }, [
    `trained in ${formatDuration(seconds)}`,
    ...formatScores(task, scores),
    `flight   ${picture}`,
    `curves   ${join(folder, RUN_FILES.curves)}`,
    `policy   ${join(folder, RUN_FILES.policy)}`,
    `next     spikewing fly ${join(folder, RUN_FILES.policy)} --trajectory circle`,
  ]);
}
