/** A guide that learns through the simulator (apg.ts): a dense policy that sees its own past actions, in seconds. */
import type { Core, ShardPool } from "@spikewing/core";
import type { z } from "zod";
import { type ApgReport, apgProgressSchema, createApgTraining } from "./apg.js";
import type { ApgConfig } from "./apg-config.js";
import type { GuideTraining } from "./guide.js";
import { keepLevels, levelsReachedSchema } from "./guide-levels.js";
import type { Task } from "./task.js";

/** Where training stands; all numbers that the core's memory does not hold. */
export const apgGuideProgressSchema = apgProgressSchema.extend({ levels: levelsReachedSchema });
export type ApgGuideProgress = z.infer<typeof apgGuideProgressSchema>;

export type ApgGuideReport = Omit<ApgReport, "phase"> & { readonly phase: "guide" };

export function createApgGuideTraining(
  core: Core,
  pool: ShardPool,
  task: Task,
  config: ApgConfig,
  seed: number,
): GuideTraining<ApgGuideReport> {
  const training = createApgTraining(core, pool, task, config, seed);
  const { actor } = training;
  const progress: ApgGuideProgress = Object.assign(training.progress, { levels: {} });
  const parameters = { at: actor.parameters, length: actor.parameterCount };
  const levels = keepLevels(core, { parameters }, progress);
  return {
    progress,
    *run() {
      for (const report of training.run()) {
        if (report.evaluation) levels.keep(report.evaluation);
        yield { ...report, phase: "guide" };
      }
    },
    snapshot: levels.of,
  };
}
