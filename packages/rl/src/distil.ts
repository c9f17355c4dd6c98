/**
 * On-policy distillation of a teacher that learned through the simulator into a spiking (or other) student.
 *
 * DAgger  Ross et al. 2011, arXiv 1011.0686: the student flies, the teacher says what it would have done
 * RAPTOR  Eschmann et al. 2025, arXiv 2509.11481: squared error, the first epochs on the teacher's flights, and the
 *         teacher's own steady offset taken from what it is asked, so that the student holds zero
 *
 * Differs from them: one teacher, for the very drone that the student flies; sequences of T steps from zero membranes,
 * the first `warmupSteps` without loss; flights of some rounds are kept in the replay buffer. Every sum and gradient runs
 * in the core.
 */
import { type Address, type Core, EPISODE_STEPS, type ShardPool } from "@spikewing/core";
import { z } from "zod";
import { type Actor, copyToTarget, createActor, initialiseActor } from "./actor.js";
import { learningRateAt } from "./adam-config.js";
import { keepBest } from "./best-policy.js";
import type { DistilConfig } from "./distil-config.js";
import { createDistiller } from "./distiller.js";
import { createEvaluator, EVALUATION_SEEDS, type Evaluation } from "./evaluate.js";
import { requireFinite } from "./finite.js";
import type { PolicyTraining } from "./policy-training.js";
import { createReplayBuffer, type ReplayBuffer } from "./replay-buffer.js";
import { createRollout } from "./rollout.js";
import { slopeAt } from "./surrogate-slope.js";
import { type Task, writeTask } from "./task.js";
import type { Guide } from "./td3bc-jsrl.js";

const count = z.number().int().min(0);

/** Where training stands; all numbers that the core's memory does not hold. */
export const distilProgressSchema = z.strictObject({
  round: count,
  update: count,
  /** Validation returns, oldest first. */
  scores: z.array(z.number()),
  bestReturn: z.number().optional(),
});
export type DistilProgress = z.infer<typeof distilProgressSchema>;

export interface DistilReport {
  readonly phase: "policy";
  readonly round: number;
  readonly rounds: number;
  readonly update: number;
  readonly environmentSteps: number;
  /** Steps of an episode that the teacher flew, mean over the steps flown. */
  readonly jumpStartSteps: number;
  readonly surrogateSlope: number;
  /** Of the episodes that ended in this round. */
  readonly trainingReturn: number;
  readonly trainingCrashRate: number;
  /** Squared distance to the teacher's actions. */
  readonly bcLoss: number;
  readonly gradientNorm: number;
  readonly saturatedWeights: number;
  readonly evaluation: Evaluation | undefined;
}

/** From here on the start is forgotten, and whoever flies has settled. */
const SETTLED_STEPS = 200;
const POSITION_WORDS = 3;

export function createDistilTraining(
  core: Core,
  pool: ShardPool,
  task: Task,
  config: DistilConfig,
  guide: Guide,
  seed: number,
): PolicyTraining<DistilReport> & { readonly progress: DistilProgress } {
  const actor = createActor(core, config.actor);
  initialiseActor(core, actor, seed, 0);
  const teacher = createActor(core, { kind: "dense", history: true, ...guide });
  core.f32(teacher.parameters, teacher.parameterCount).set(guide.parameters);
  copyToTarget(core, teacher);
  const replay = createReplayBuffer(core, config.bufferEpisodes);
  const flying = { ...config, actionLimit: 1, seed };
  const blocks = writeTask(core, task);
  const rollout = createRollout(core, pool, blocks, actor, teacher, replay, flying);
  const offset = core.allocate("F32s", POSITION_WORDS);
  const distiller = createDistiller(core, pool, actor, teacher, replay, { ...config, seed });
  const evaluator = createEvaluator(core, pool, task, actor, {
    episodes: config.evaluationEpisodes,
    seed: EVALUATION_SEEDS.validation,
    otherReward: task.reward,
  });
  const progress: DistilProgress = { round: 0, update: 0, scores: [], bestReturn: undefined };
  const best = keepBest(core, actor, evaluator, progress);

  return {
    actor,
    progress,
    experience: { replay, reward: blocks.fields.reward },

    *run() {
      if (progress.round === 0) {
        rollout.fly(config.firstSteps, EPISODE_STEPS);
        distiller.indexReplay();
        if (config.correctsOffset) holdZero(core, teacher, replay, offset);
      }
      while (progress.round < config.rounds) {
        const done = progress.round / config.rounds;
        const surrogateSlope = slopeAt(config.surrogateSlope, done, progress.scores);
        const learningRate = learningRateAt(config.actorAdam, done);

        // The teacher flies, then the student; in both the teacher says what it would do.
        const flown = rollout.fly(
          config.stepsPerRound,
          progress.round < config.teacherRounds ? EPISODE_STEPS : 0,
        );
        distiller.indexReplay();
        let gradientNorm = 0;
        for (let i = 0; i < config.updatesPerRound; i++)
          gradientNorm += distiller.improve(progress.update++, surrogateSlope, learningRate);

        progress.round++;
        const place = `policy, round ${progress.round}`;
        const bcLoss = distiller.distance();
        const values = { actor: { at: actor.parameters, length: actor.parameterCount } };
        requireFinite(core, place, { bcLoss }, values);
        const isDue = progress.round % config.evaluateEvery === 0 || progress.round === config.rounds;
        yield {
          phase: "policy",
          round: progress.round,
          rounds: config.rounds,
          update: progress.update,
          environmentSteps: (config.firstSteps + progress.round * config.stepsPerRound) * config.environments,
          jumpStartSteps: flown.jumpStartSteps,
          surrogateSlope,
          trainingReturn: flown.meanReturn,
          trainingCrashRate: flown.crashes / flown.episodes,
          bcLoss,
          gradientNorm: gradientNorm / config.updatesPerRound,
          saturatedWeights: distiller.saturatedWeights,
          evaluation: isDue ? best.evaluate(place) : undefined,
        };
      }
    },

    restoreBest: best.restore,
  };
}

/** From now on the teacher takes where it settled in its first flights for zero. */
function holdZero(core: Core, teacher: Actor, replay: ReplayBuffer, offset: Address<"F32s">): void {
  const { kernels } = core;
  kernels.replayMeanPosition(replay.at, SETTLED_STEPS, offset);
  const { mlp, parameters } = core.view("Actor", teacher.at);
  kernels.mlpShiftInputs(mlp, parameters, offset, POSITION_WORDS);
}
