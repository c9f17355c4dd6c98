/**
 * TD3 for the guide: a dense policy that sees its own past actions, and critics that see the simulator's state.
 *
 * TD3  Fujimoto et al. 2018, arXiv 1802.09477, Algorithm 1
 * L2F  Eschmann et al. 2024, arXiv 2311.13081: privileged critics, action history, 300,000 steps
 *
 * Differs from L2F: many drones in the air at once, the paper's reward without a curriculum, a falling learning rate.
 */
import type { Core, ShardPool } from "@spikewing/core";
import { z } from "zod";
import { createActor, initialiseActor } from "./actor.js";
import { learningRateAt } from "./adam-config.js";
import { createCritics } from "./critics.js";
import { createEvaluator, EVALUATION_SEEDS, type Evaluation } from "./evaluate.js";
import { requireFinite } from "./finite.js";
import type { GuideTraining } from "./guide.js";
import { keepLevels, levelsReachedSchema } from "./guide-levels.js";
import { createLearner, improve, type UpdateReport } from "./learner.js";
import { createReplayBuffer } from "./replay-buffer.js";
import { createRollout } from "./rollout.js";
import { SpikewingError } from "./spikewing-error.js";
import { type Task, writeTask } from "./task.js";
import type { GuideConfig } from "./td3-guide-config.js";

const count = z.number().int().min(0);

/** Where training stands; all numbers that the core's memory does not hold. */
export const guideProgressSchema = z.strictObject({
  round: count,
  update: count,
  levels: levelsReachedSchema,
});
export type GuideProgress = z.infer<typeof guideProgressSchema>;

export interface Td3GuideReport extends UpdateReport {
  readonly phase: "guide";
  readonly round: number;
  readonly rounds: number;
  readonly update: number;
  readonly environmentSteps: number;
  readonly evaluation: Evaluation | undefined;
}

export function createGuideTraining(
  core: Core,
  pool: ShardPool,
  task: Task,
  config: GuideConfig,
  seed: number,
): GuideTraining<Td3GuideReport> {
  const blocks = writeTask(core, task);
  const actor = createActor(core, config.actor);
  initialiseActor(core, actor, seed, 0);
  const criticShape = { hidden: config.criticHidden, activation: config.criticActivation } as const;
  const critics = createCritics(core, { ...criticShape, input: "privileged" }, seed);
  const replay = createReplayBuffer(core, config.bufferEpisodes);
  const rollout = createRollout(core, pool, blocks, actor, undefined, replay, {
    environments: config.environments,
    explorationStd: config.explorationStd,
    actionLimit: 1,
    seed,
  });
  const learner = createLearner(core, pool, actor, critics, replay, blocks.fields.reward, {
    ...config,
    seed,
    sequenceLength: 1,
    stride: 1,
    warmupSteps: 0,
    criticWarmupSteps: 0,
    criticStride: 1,
    startFraction: 0,
    episodeStartCounts: true,
  });
  const evaluator = createEvaluator(core, pool, task, actor, {
    episodes: config.evaluationEpisodes,
    seed: EVALUATION_SEEDS.validation,
    otherReward: task.reward,
  });
  const progress: GuideProgress = { round: 0, update: 0, levels: {} };

  const networks = {
    actor: { at: actor.parameters, length: actor.parameterCount },
    critics: { at: critics.parameters, length: critics.words },
  };

  const levels = keepLevels(core, { parameters: networks.actor, critics: networks.critics }, progress);

  return {
    progress,

    *run() {
      while (progress.round < config.rounds) {
        rollout.fly(config.stepsPerRound, 0);
        const enough = learner.indexReplay() >= config.firstUpdateAt;
        const done = progress.round / config.rounds;
        const actorRate = learningRateAt(config.actorAdam, done);
        const criticRate = learningRateAt(config.criticAdam, done);
        const step = { alpha: 1, bcWeight: 0, surrogateSlope: 1, learningRate: actorRate };
        const count = enough ? config.updatesPerRound : 0;
        improve(learner, progress, count, config.policyDelay, criticRate, step);
        const report = learner.report();
        requireFinite(core, `guide, round ${progress.round + 1}`, { ...report }, networks);
        progress.round++;
        const isDue = progress.round % config.evaluateEvery === 0 || progress.round === config.rounds;
        const evaluation = isDue ? evaluator.run() : undefined;
        if (evaluation) {
          const { meanReturn } = evaluation;
          requireFinite(core, `guide, round ${progress.round}`, { validationReturn: meanReturn });
          levels.keep(evaluation);
        }
        yield {
          phase: "guide",
          round: progress.round,
          rounds: config.rounds,
          update: progress.update,
          environmentSteps: progress.round * config.stepsPerRound * config.environments,
          evaluation,
          ...report,
        };
      }
      if (progress.update > 0) return;
      const needed = `expected ${config.firstUpdateAt} (guide.firstUpdateAt) before the first update`;
      throw new SpikewingError(
        "guide",
        `the buffer held ${learner.indexReplay()} transitions at the end; ${needed}`,
      );
    },

    snapshot: levels.of,
  };
}
