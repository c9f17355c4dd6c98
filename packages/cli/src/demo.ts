import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeScores, formatScores } from "./evaluate.js";
import { formatDuration, printNote, printResult } from "./print.js";
import { RUN_FILES } from "./run-folder.js";
import { type TrainFlags, trainPolicy } from "./train.js";

/** Trains with the fast preset, goes on where an earlier demo stopped, and shows what came out. */
export async function demo(
  flags: Pick<TrainFlags, "seed" | "out" | "workers" | "config" | "json">,
): Promise<void> {
  const { out = join("runs", `demo-seed${flags.seed ?? 0}`), ...rest } = flags;
  const isBegun = existsSync(join(out, RUN_FILES.config));
  if (isBegun) printNote(`${out} is there already: going on with it`);
  else printNote(`training a guide and a spiking policy from nothing, into ${out}`);
  const shared = { ...(rest.workers === undefined ? {} : { workers: rest.workers }) };
  const result = await trainPolicy("train", isBegun ? { resume: out, ...shared } : { out, ...rest });
  if (!result) return;
  const { folder, config, seconds, scores } = result;
  const picture = join(folder, RUN_FILES.flight);
  printResult(flags.json, { folder, config, seconds, picture, ...describeScores(config.task, scores) }, [
    `trained in ${formatDuration(seconds)}`,
    ...formatScores(config.task, scores),
    `flight   ${picture}`,
    `curves   ${join(folder, RUN_FILES.curves)}`,
    `policy   ${join(folder, RUN_FILES.policy)}`,
    `next     spikewing fly ${join(folder, RUN_FILES.policy)} --trajectory circle`,
  ]);
}
