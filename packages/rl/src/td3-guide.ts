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
import { createLearner, improve, type UpdateReport } from "./learner.js";
import { createReplayBuffer } from "./replay-buffer.js";
import { createRollout } from "./rollout.js";
import { SpikewingError } from "./spikewing-error.js";
import { type Task, writeTask } from "./task.js";
import type { GuideConfig } from "./td3-guide-config.js";

/**
 * Levels of skill, by mean return in validation: the first snapshot that reaches the mark, and the best of all. 363 is
 * the published guide's return.
 */
export const GUIDE_LEVELS = { novice: 250, intermediate: 363, expert: Number.POSITIVE_INFINITY } as const;
export type GuideLevel = keyof typeof GUIDE_LEVELS;

const count = z.number().int().min(0);

/** Where training stands; all numbers that the core's memory does not hold. */
export const guideProgressSchema = z.strictObject({
  round: count,
  update: count,
  /** Return of the snapshot kept for each level. */
  levels: z.strictObject({
    novice: z.number().exactOptional(),
    intermediate: z.number().exactOptional(),
    expert: z.number().exactOptional(),
  }),
});
export type GuideProgress = z.infer<typeof guideProgressSchema>;

export interface GuideReport extends UpdateReport {
  readonly phase: "guide";
  readonly round: number;
  readonly rounds: number;
  readonly update: number;
  readonly environmentSteps: number;
  readonly evaluation: Evaluation | undefined;
}

/** A guide in training; its memory and `progress` are the whole state. */
export interface GuideTraining {
  readonly progress: GuideProgress;
  run(): Generator<GuideReport>;
  /** Parameters of a level reached, and the critics of that moment. */
  snapshot(level: GuideLevel): { readonly parameters: Float32Array; readonly critics: Float32Array };
}

export function createGuideTraining(
  core: Core,
  pool: ShardPool,
  task: Task,
  config: GuideConfig,
  seed: number,
): GuideTraining {
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
  const levels = Object.keys(GUIDE_LEVELS) as GuideLevel[];
  const snapshots = levels.map(() => ({
    parameters: core.allocate("F32s", actor.parameterCount),
    critics: core.allocate("F32s", critics.words),
  }));
  /** What is kept of a level. */
  function snapshot(level: GuideLevel) {
    const at = snapshots[levels.indexOf(level)]!;
    return {
      parameters: core.f32(at.parameters, actor.parameterCount),
      critics: core.f32(at.critics, critics.words),
    };
  }
  const progress: GuideProgress = { round: 0, update: 0, levels: {} };

  const networks = {
    actor: { at: actor.parameters, length: actor.parameterCount },
    critics: { at: critics.parameters, length: critics.words },
  };

  function keepLevels({ meanReturn }: Evaluation): void {
    requireFinite(core, `guide, round ${progress.round}`, { validationReturn: meanReturn });
    for (const level of levels) {
      const before = progress.levels[level];
      const isBest = level === "expert" && meanReturn > (before ?? Number.NEGATIVE_INFINITY);
      const isFirst = before === undefined && meanReturn >= GUIDE_LEVELS[level];
      if (!isBest && !isFirst) continue;
      progress.levels[level] = meanReturn;
      const kept = snapshot(level);
      kept.parameters.set(core.f32(actor.parameters, actor.parameterCount));
      kept.critics.set(core.f32(critics.parameters, critics.words));
    }
  }

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
        if (evaluation) keepLevels(evaluation);
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

    snapshot(level) {
      const { parameters, critics: both } = snapshot(level);
      return { parameters: parameters.slice(), critics: both.slice() };
    },
  };
}
