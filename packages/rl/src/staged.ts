/**
 * The paper's stages, each with the tool that serves it best here. A guide, a jump start, a BC term that decays, a term
 * that improves beyond the guide, a schedule of slopes are those of TD3BC+JSRL (td3bc-jsrl.ts, sources there).
 *
 * 1. A guide learns through the simulator (apg-guide.ts): the phase before this one.
 * 2. It flies the first steps of every episode, fewer every round, and the policy learns to do as was done in sequences of
 *    those flights, by a weight that decays (`second` "jumpStart"); or as the guide would have done in the policy's own
 *    flights ("distil", distil.ts).
 * 3. The simulator's gradient (apg.ts) takes the policy on from there, beyond its guide.
 *
 * Differs from the paper: no critic unless `jumpStart.alpha` asks for one; the third stage sees no guide.
 */
import type { Core, ShardPool } from "@spikewing/core";
import { z } from "zod";
import { type ApgReport, apgProgressSchema, improveThroughSimulator } from "./apg.js";
import { createDistilTraining, type DistilReport, distilProgressSchema } from "./distil.js";
import { phaseSeed } from "./phase-seed.js";
import type { PolicyTraining } from "./policy-training.js";
import { type StagedConfig, stagedRounds } from "./staged-config.js";
import type { Task } from "./task.js";
import {
  createTd3bcJsrlTraining,
  type Guide,
  type RoundReport,
  trainingProgressSchema,
} from "./td3bc-jsrl.js";

/** Where training stands: the round over both stages, and each stage. */
export const stagedProgressSchema = z.strictObject({
  round: z.number().int().min(0),
  bestReturn: z.number().optional(),
  second: z.union([trainingProgressSchema, distilProgressSchema]),
  improvement: apgProgressSchema,
});
export type StagedProgress = z.infer<typeof stagedProgressSchema>;

/** As the stage reports, but for the round and the steps flown: those are of both stages. */
export type StagedReport = (RoundReport | DistilReport | ApgReport) & {
  readonly stage: "second" | "improvement";
};

export function createStagedTraining(
  core: Core,
  pool: ShardPool,
  task: Task,
  config: StagedConfig,
  guide: Guide,
  seed: number,
): PolicyTraining<StagedReport> {
  const { actor: shape, jumpStart, distil } = config;
  const second: PolicyTraining<RoundReport | DistilReport> =
    config.second === "distil"
      ? createDistilTraining(core, pool, task, { ...distil, actor: shape }, guide, seed)
      : createTd3bcJsrlTraining(
          core,
          pool,
          task,
          { ...jumpStart, actor: shape, criticStart: "scratch" },
          guide,
          seed,
        );
  const { actor } = second;
  const improvement = improveThroughSimulator(
    core,
    pool,
    task,
    actor,
    config.improvement,
    phaseSeed(core, seed, "improvement"),
  );
  const { environments, firstSteps, stepsPerRound, rounds: secondRounds } = config[config.second];
  const stepsBefore = (firstSteps + secondRounds * stepsPerRound) * environments;
  const rounds = stagedRounds(config);
  const progress = {
    round: 0,
    bestReturn: undefined as number | undefined,
    // What each stage holds is put back into it, not in its place.
    get second() {
      return second.progress;
    },
    set second(stored) {
      Object.assign(second.progress, stored);
    },
    get improvement() {
      return improvement.progress;
    },
    set improvement(stored) {
      Object.assign(improvement.progress, stored);
    },
  };

  return {
    actor,
    progress,

    *run() {
      for (const report of second.run()) {
        progress.round++;
        progress.bestReturn = second.progress.bestReturn;
        yield { ...report, stage: "second", round: progress.round, rounds };
      }
      for (const report of improvement.run()) {
        progress.round++;
        progress.bestReturn = improvement.progress.bestReturn ?? progress.bestReturn;
        const environmentSteps = stepsBefore + report.environmentSteps;
        yield { ...report, stage: "improvement", round: progress.round, rounds, environmentSteps };
      }
    },

    restoreBest() {
      const isImproved = improvement.progress.bestReturn !== undefined;
      (isImproved ? improvement : second).restoreBest(); // a page may stop in the midst of either
    },
  };
}
