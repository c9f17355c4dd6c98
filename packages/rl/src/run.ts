/**
 * A whole run: guide, then policy, then evaluation by the protocol. Each phase has a core of its own, whose memory,
 * with a few counters, is everything that a checkpoint must hold.
 */
import type { Core, PooledCore, ShardPool } from "@spikewing/core";
import type { Actor } from "./actor.js";
import { type ApgReport, createApgTraining } from "./apg.js";
import { type ApgGuideReport, createApgGuideTraining } from "./apg-guide.js";
import { createDistilTraining, type DistilReport } from "./distil.js";
import { createEvaluator, EVALUATION_SEEDS, type Evaluation } from "./evaluate.js";
import { EXAMPLE_STEPS, recordExample } from "./flight.js";
import type { GuideTraining } from "./guide.js";
import type { GuideLevel } from "./guide-levels.js";
import { policyWeights } from "./load-policy.js";
import type { Experience } from "./logged-experience.js";
import { phaseSeed } from "./phase-seed.js";
import { findSilentLayer, type Policy } from "./policy-file.js";
import type { PolicyTraining } from "./policy-training.js";
import { replayColumns } from "./replay-columns.js";
import { hasLogs, type RunConfig, type RunWithGuide } from "./run-config.js";
import { SpikewingError } from "./spikewing-error.js";
import { createStagedTraining, type StagedReport } from "./staged.js";
import { type Task, withoutVariation } from "./task.js";
import { isPaperReward } from "./task-parts.js";
import { createGuideTraining, type Td3GuideReport } from "./td3-guide.js";
import { createTd3bcJsrlTraining, type Guide, type RoundReport } from "./td3bc-jsrl.js";
import type { NumpyArray } from "./transitions.js";

/** Makes the core and the pool for one phase. */
export type PoolFactory = () => PooledCore;

/** A phase in training: reports until done, and a state that can be saved and put back. */
export interface Phase<Report> {
  readonly core: Core;
  readonly pool: ShardPool;
  /** Plain data; with the core's memory the whole state. */
  readonly progress: object;
  run(): Generator<Report>;
}

/** What a round of a guide's training reports, by algorithm. */
export type GuideReport = Td3GuideReport | ApgGuideReport;

export interface GuidePhase extends Phase<GuideReport> {
  /** The policy of a level; the best one below it where it was not reached. */
  policy(level: GuideLevel): Policy;
}

/** The training of a run's guide, on a core of its own. */
export function createGuidePhase(factory: PoolFactory, config: RunWithGuide): GuidePhase {
  const { core, pool } = factory();
  const seed = phaseSeed(core, config.seed, "guide");
  const training = layGuide(core, pool, config, seed);
  return {
    core,
    pool,
    progress: training.progress,
    run: training.run,
    policy(level) {
      const reached = training.progress.levels[level] === undefined ? "expert" : level;
      const { parameters, critics } = training.snapshot(reached);
      return asResult("guide", {
        shape: config.guide.actor,
        weights: new Uint8Array(parameters.buffer),
        ...(critics && { critics }),
        record: {
          algorithm: `${config.guideAlgorithm}-guide`,
          level: reached,
          validationReturn: training.progress.levels[reached],
          seed: config.seed,
          task: config.task,
          config: config.guide,
        },
      });
    },
  };
}

/** A guide's training in a core, by the algorithm that a run has chosen. */
export function layGuide(
  core: Core,
  pool: ShardPool,
  config: RunWithGuide,
  seed: number,
): GuideTraining<GuideReport> {
  const { task } = config;
  return config.guideAlgorithm === "apg"
    ? createApgGuideTraining(core, pool, task, config.guide, seed)
    : createGuideTraining(core, pool, task, config.guide, seed);
}

/** What a phase may hand out. @throws SpikewingError where it has nothing to show for itself. */
function asResult(phase: string, policy: Policy): Policy {
  const silent = findSilentLayer(policy);
  if (silent === undefined) return policy;
  throw new SpikewingError(
    phase,
    `${silent} of the best parameters are all zero; expected trained weights`,
    "retrain",
  );
}

/** What flies the jump start, from a guide's policy file. */
export function asGuide({ shape, weights, critics }: Policy): Guide {
  if (shape.kind !== "dense" || !shape.history)
    throw new SpikewingError("guide", `shape is ${shape.kind}; expected a dense policy with action history`);
  const parameters = new Float32Array(weights.slice().buffer);
  return { hidden: shape.hidden, activation: shape.activation, parameters, critics };
}

/** What a round of the policy's training reports, by algorithm. */
export type PolicyReport = RoundReport | ApgReport | DistilReport | StagedReport;

export interface PolicyPhase extends Phase<PolicyReport> {
  /** The policy as it flies now, unscored and without an example. Training goes on as if nobody had asked. */
  snapshot(): Policy;
  /** What it learns from, for readTransitions(); undefined where the algorithm keeps no steps. */
  columns(): Readonly<Record<string, NumpyArray>> | undefined;
  /** The policy with the best validation return, and its score by the protocol (reserved seeds). */
  finish(): { readonly policy: Policy; readonly evaluation: Evaluation };
}

/**
 * @param guide what flies the jump start; only an algorithm without one takes undefined
 * @param logs the flights of config.logs; other configs have none
 */
export function createPolicyPhase(
  factory: PoolFactory,
  config: RunConfig,
  guide: Policy | undefined,
  logs: readonly Experience[] = [],
): PolicyPhase {
  const { core, pool } = factory();
  const seed = phaseSeed(core, config.seed, "policy");
  const training = layPolicy(core, pool, config, guide && asGuide(guide), seed, logs);
  const recordSoFar = () => ({
    algorithm: config.algorithm,
    preset: config.preset,
    seed: config.seed,
    task: config.task,
    config: config.policy,
    ...(guide && { guide: guide.record }),
    ...(hasLogs(config) && { logs: logs.map(({ sha256 }) => sha256) }),
  });
  return {
    core,
    pool,
    progress: training.progress,
    run: training.run,
    snapshot() {
      const { actor, progress } = training;
      const record = { ...recordSoFar(), roundsSoFar: progress.round };
      return { shape: actor.shape, weights: policyWeights(core, actor), record };
    },
    columns: () => training.experience && replayColumns(core, training.experience),
    finish() {
      training.restoreBest();
      const task = withoutVariation(config.task);
      const evaluation = evaluateByProtocol(core, pool, task, training.actor, RECORDED_EPISODES);
      const { actor } = training;
      const spiking = actor.shape.kind === "spiking";
      const example = spiking
        ? { example: recordExample(core, task, actor, EXAMPLE_STEPS, EVALUATION_SEEDS.validation) }
        : {};
      const { returns, settled, ...metrics } = evaluation;
      const record = {
        ...recordSoFar(),
        validationReturn: training.progress.bestReturn,
        evaluation: { protocol: { ...PROTOCOL, episodes: RECORDED_EPISODES }, ...metrics },
      };
      const policy = { shape: actor.shape, weights: policyWeights(core, actor), record, ...example };
      return { policy: asResult("policy", policy), evaluation };
    },
  };
}

/** A policy's training in a core, by its algorithm; all but apg have a guide or logs, none of which take memory. */
export function layPolicy(
  core: Core,
  pool: ShardPool,
  config: RunConfig,
  guide: Guide | undefined,
  seed: number,
  logs: readonly Experience[],
): PolicyTraining<PolicyReport> {
  if (config.algorithm === "apg") return createApgTraining(core, pool, config.task, config.policy, seed);
  if (hasLogs(config)) return createTd3bcJsrlTraining(core, pool, config.task, config.policy, logs, seed);
  if (!guide) throw new TypeError(`${config.algorithm} has a guide`);
  switch (config.algorithm) {
    case "staged":
      return createStagedTraining(core, pool, config.task, config.policy, guide, seed);
    case "distil":
      return createDistilTraining(core, pool, config.task, config.policy, guide, seed);
    default:
      return createTd3bcJsrlTraining(core, pool, config.task, config.policy, guide, seed);
  }
}

/** The evaluation protocol of every published number. */
export const PROTOCOL = {
  episodes: 4000,
  seeds: "reserved",
  policyFrom: 0,
  otherReward: "paper-end",
} as const;

/**
 * Of those, what the record of a policy file is of: the first, as every published number was before. Their standard error
 * is 10 to 15 points.
 */
export const RECORDED_EPISODES = 100;

/**
 * Reserved episodes of 500 steps, the policy from step 0; scored again under the paper's end weights.
 *
 * @param tell hears how many episodes have been flown
 */
export function evaluateByProtocol(
  core: Core,
  pool: ShardPool,
  task: Task,
  actor: Actor,
  episodes: number = PROTOCOL.episodes,
  tell?: (flown: number) => void,
): Evaluation {
  const otherReward = isPaperReward(task.reward) ? PROTOCOL.otherReward : task.reward;
  return createEvaluator(core, pool, task, actor, {
    episodes,
    seed: EVALUATION_SEEDS.reserved,
    otherReward,
  }).run(0, tell);
}
