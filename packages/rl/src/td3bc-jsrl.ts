/**
 * TD3BC with a jump start (JSRL), for a spiking or dense actor and two dense critics.
 *
 * TD3   Fujimoto et al. 2018, arXiv 1802.09477, Algorithm 1
 * TD3BC Fujimoto & Gu 2021, arXiv 2106.06860: maximise lambda Q(s, pi(s)) - (pi(s) - a)^2, lambda = alpha / mean|Q|
 * JSRL  Uchendu et al. 2023, arXiv 2204.02372: a guide flies the first h steps; h shrinks with training
 *
 * Differs from them: sequences of T steps instead of transitions; the first `warmupSteps` only fill the membranes and
 * carry no loss; bcWeight decays per round. Every sum and gradient runs in the core.
 */
import { type Core, rewardFields, type ShardPool } from "@spikewing/core";
import { z } from "zod";
import { copyToTarget, createActor, type DenseActivation, initialiseActor } from "./actor.js";
import { learningRateAt } from "./adam-config.js";
import { keepBest } from "./best-policy.js";
import { createCritics, setCritics } from "./critics.js";
import { createEvaluator, EVALUATION_SEEDS, type Evaluation } from "./evaluate.js";
import { requireFinite } from "./finite.js";
import { jumpStartStepsAt } from "./jump-start.js";
import { createLearner, improve, type UpdateReport } from "./learner.js";
import { createLoggedExperience, type Experience } from "./logged-experience.js";
import type { PolicyTraining } from "./policy-training.js";
import { createReplayBuffer } from "./replay-buffer.js";
import { rewardAt } from "./reward-curriculum.js";
import { createRollout } from "./rollout.js";
import { slopeAt } from "./surrogate-slope.js";
import { type Task, writeTask } from "./task.js";
import type { Td3bcJsrlConfig } from "./td3bc-jsrl-config.js";

/** A dense policy with history that flies the jump start, and the critics that grew up with it. */
export interface Guide {
  readonly hidden: readonly number[];
  readonly activation: DenseActivation;
  readonly parameters: Float32Array;
  readonly critics: Float32Array | undefined;
}

const count = z.number().int().min(0);

/** Where training stands; all numbers that the core's memory does not hold. */
export const trainingProgressSchema = z.strictObject({
  round: count,
  update: count,
  bcWeight: z.number().min(0),
  /** Validation returns, oldest first. */
  scores: z.array(z.number()),
  bestReturn: z.number().optional(),
});
export type TrainingProgress = z.infer<typeof trainingProgressSchema>;

export interface RoundReport extends UpdateReport {
  readonly phase: "policy";
  readonly round: number;
  readonly rounds: number;
  readonly update: number;
  readonly environmentSteps: number;
  /** Mean over the steps flown; behind the schedule, because an episode keeps the jump start that it began with. */
  readonly jumpStartSteps: number;
  readonly bcWeight: number;
  readonly surrogateSlope: number;
  /** Of the episodes that ended in this round, flown with guide and exploration noise. */
  readonly trainingReturn: number;
  readonly trainingCrashRate: number;
  readonly saturatedWeights: number;
  readonly evaluation: Evaluation | undefined;
}

/** @param source whose flights are learned from: a guide's, with the actor's behind its jump start, or logged ones alone */
export function createTd3bcJsrlTraining(
  core: Core,
  pool: ShardPool,
  task: Task,
  config: Td3bcJsrlConfig,
  source: Guide | readonly Experience[],
  seed: number,
): PolicyTraining<RoundReport> {
  const blocks = writeTask(core, task);
  const actor = createActor(core, config.actor);
  initialiseActor(core, actor, seed, 0);
  const critics = createCritics(
    core,
    { hidden: config.criticHidden, activation: config.criticActivation, input: config.criticInput },
    seed,
  );
  const collect = (guide: Guide) => {
    if (config.criticStart === "guide" && guide.critics) setCritics(core, critics, guide.critics);
    const guideActor = createActor(core, { kind: "dense", history: true, ...guide });
    core.f32(guideActor.parameters, guideActor.parameterCount).set(guide.parameters);
    copyToTarget(core, guideActor);
    const replay = createReplayBuffer(core, config.bufferEpisodes);
    const rollout = createRollout(core, pool, blocks, actor, guideActor, replay, { ...config, seed });
    const stepsBy = (round: number) =>
      (config.firstSteps + round * config.stepsPerRound) * config.environments;
    return { replay, rollout, stepsBy, rewarded: undefined };
  };
  const load = (logs: readonly Experience[]) => {
    const replay = createReplayBuffer(core, config.bufferEpisodes);
    const rollout = createLoggedExperience(core, blocks, replay, logs);
    return { replay, rollout, stepsBy: () => rollout.steps, rewarded: rollout.reward };
  };
  const { replay, rollout, stepsBy, rewarded } = "hidden" in source ? collect(source) : load(source);
  const learner = createLearner(core, pool, actor, critics, replay, blocks.fields.reward, {
    ...config,
    seed,
  });
  const evaluator = createEvaluator(core, pool, task, actor, {
    episodes: config.evaluationEpisodes,
    seed: EVALUATION_SEEDS.validation,
    otherReward: task.reward,
  });
  const progress: TrainingProgress = {
    round: 0,
    update: 0,
    bcWeight: config.bcWeight,
    scores: [],
    bestReturn: undefined,
  };

  const best = keepBest(core, actor, evaluator, progress);
  const networks = {
    actor: { at: actor.parameters, length: actor.parameterCount },
    critics: { at: critics.parameters, length: critics.words },
  };

  return {
    actor,
    progress,
    experience: { replay, reward: blocks.fields.reward },

    *run() {
      if (progress.round === 0) rollout.fly(config.firstSteps, jumpStartStepsAt(config.jumpStart, 0));
      while (progress.round < config.rounds) {
        const done = progress.round / config.rounds;
        const surrogateSlope = slopeAt(config.surrogateSlope, done, progress.scores);
        const { bcWeight } = progress;
        const actorRate = learningRateAt(config.actorAdam, done);
        const criticRate = learningRateAt(config.criticAdam, done);

        core.assign(
          "Reward",
          blocks.fields.reward,
          rewardFields(rewarded ?? rewardAt(task.reward, config.rewardCurriculum, done)),
        );

        // The guide, then the actor, which watched every step.
        const flown = rollout.fly(config.stepsPerRound, jumpStartStepsAt(config.jumpStart, progress.round));
        learner.indexReplay();
        const { alpha, policyDelay } = config;
        const step = { alpha, bcWeight, surrogateSlope, learningRate: actorRate };
        improve(
          learner,
          progress,
          config.updatesPerRound,
          policyDelay,
          alpha > 0 ? criticRate : undefined,
          step,
        );

        const report = learner.report();
        requireFinite(core, `policy, round ${progress.round + 1}`, { ...report }, networks);
        progress.bcWeight *= config.bcDecay;
        progress.round++;
        const isDue = progress.round % config.evaluateEvery === 0 || progress.round === config.rounds;
        yield {
          phase: "policy",
          round: progress.round,
          rounds: config.rounds,
          update: progress.update,
          environmentSteps: stepsBy(progress.round),
          jumpStartSteps: flown.jumpStartSteps,
          bcWeight,
          surrogateSlope,
          trainingReturn: flown.meanReturn,
          trainingCrashRate: flown.crashes / flown.episodes,
          saturatedWeights: learner.saturatedWeights,
          evaluation: isDue ? best.evaluate(`policy, round ${progress.round}`) : undefined,
          ...report,
        };
      }
    },

    restoreBest: best.restore,
  };
}
