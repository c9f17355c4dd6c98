import { type Address, type Core, SHARDS, type ShardPool } from "@spikewing/core";
import type { Actor } from "./actor.js";
import { type AdamConfig, createAdam } from "./adam-config.js";
import { type Credit, GRADIENT_BY, gradientScratchBytes } from "./credit.js";
import type { Critics } from "./critics.js";
import type { ReplayBuffer } from "./replay-buffer.js";
import { createShardGradients } from "./shard-gradients.js";

export interface ActorStep {
  /** Weight of Q, over mean|Q|. */
  readonly alpha: number;
  readonly bcWeight: number;
  readonly surrogateSlope: number;
  readonly learningRate: number;
}

export interface LearnerOptions {
  readonly seed: number;
  /** Sequences in a batch, a multiple of SHARDS, and steps of a sequence; 1 step is a transition. */
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly stride: number;
  /** Steps that only fill the membranes: no loss for the actor, none for the critics. */
  readonly warmupSteps: number;
  readonly criticWarmupSteps: number;
  /** Of the steps that count for the critics, one in this many does. */
  readonly criticStride: number;
  /** Part of every batch that begins with its episode; the rest is drawn from all sequences alike. */
  readonly startFraction: number;
  /** Where a sequence starts with its episode, the membranes are known and every step counts. */
  readonly episodeStartCounts: boolean;
  readonly gamma: number;
  readonly tau: number;
  readonly policyNoise: number;
  readonly policyNoiseClip: number;
  readonly actorAdam: AdamConfig;
  readonly credit?: Credit | undefined;
  readonly criticAdam: AdamConfig;
}

export interface UpdateReport {
  readonly criticLoss: number;
  readonly bcLoss: number;
  readonly meanQ: number;
}

/** One step each of the update, in the order of TD3. All arithmetic runs in the core, cut into SHARDS shards. */
export interface Learner {
  /** Counts the sequences in the buffer; call after collecting. */
  indexReplay(): number;
  sampleBatch(update: number): void;
  /** y = r + gamma (1 - terminated) min(Q1', Q2')(s', pi'(s') + clip(noise)); both critics move towards it. */
  improveCritics(update: number, learningRate: number): void;
  /** The actor moves up Q1(s, pi(s)) and towards the actions flown. */
  improveActor(step: ActorStep): void;
  updateTargets(): void;
  report(): UpdateReport;
  /** Weights of the actor that saturate in the integer image. */
  readonly saturatedWeights: number;
}

export function createLearner(
  core: Core,
  pool: ShardPool,
  actor: Actor,
  critics: Critics,
  replay: ReplayBuffer,
  reward: Address<"Reward">,
  options: LearnerOptions,
): Learner {
  const { kernels } = core;
  const { seed, sequenceLength: steps } = options;
  const capacity = options.batchSize / SHARDS;
  const scratchBytes = Math.max(
    kernels.actorScratchBytes(actor.at, steps, capacity),
    gradientScratchBytes(core, actor, options.credit),
    kernels.criticScratchBytes(critics.at),
  );
  /** What each shard works on. */
  const shards = Array.from({ length: SHARDS }, () => {
    const batch = core.create("Batch", { replay: replay.at, capacity, steps });
    const tapes = core.allocate("Scratch", kernels.actorTapeBytes(actor.at, capacity, steps));
    kernels.tapesInit(tapes, actor.at, capacity, steps);
    return { batch, tapes, scratch: core.allocate("Scratch", scratchBytes) };
  });
  const actorGradient = createShardGradients(core, actor.parameterCount);
  const criticGradient = createShardGradients(core, critics.parameterCount);
  const actorAdam = createAdam(core, actor.parameterCount, options.actorAdam);
  const criticAdams = [0, 1].map(() => createAdam(core, critics.parameterCount, options.criticAdam));
  const totals = core.create("Totals", {});
  let saturatedWeights = 0;

  function gatherTotals(): void {
    kernels.totalsClear(totals);
    for (const { batch } of shards) kernels.totalsAdd(totals, batch);
  }

  return {
    indexReplay: () => kernels.replayIndex(replay.at, options.stride, options.warmupSteps),

    sampleBatch(update) {
      const { warmupSteps, episodeStartCounts, criticWarmupSteps, criticStride } = options;
      const starts = Math.round(options.startFraction * capacity);
      const counting = [warmupSteps, episodeStartCounts, criticWarmupSteps, criticStride] as const;
      shards.forEach(({ batch, scratch }, shard) => {
        kernels.batchSample(batch, seed, shard, update, starts, ...counting, scratch);
      });
      gatherTotals();
    },

    improveCritics(update, learningRate) {
      const { policyNoise, policyNoiseClip, gamma } = options;
      pool.run("actorTargetActions", (shard) => {
        const { batch, scratch } = shards[shard]!;
        return [actor.at, batch, policyNoise, policyNoiseClip, seed, shard, update, scratch];
      });
      pool.run("criticTarget", (shard) => {
        const { batch, scratch } = shards[shard]!;
        return [critics.at, batch, reward, gamma, scratch];
      });
      for (const j of [0, 1]) {
        criticGradient.clear();
        pool.run("criticRegress", (shard) => {
          const { batch, scratch } = shards[shard]!;
          return [critics.at, j, batch, totals, criticGradient.of(shard), scratch];
        });
        criticAdams[j]!.step(kernels.criticParameters(critics.at, j), criticGradient.sum(), learningRate);
      }
      kernels.criticsSync(critics.at);
    },

    improveActor({ alpha, bcWeight, surrogateSlope, learningRate }) {
      pool.run("actorForward", (shard) => {
        const { batch, tapes, scratch } = shards[shard]!;
        return [actor.at, batch, tapes, scratch];
      });
      if (alpha !== 0) {
        pool.run("criticActionGradient", (shard) => {
          const { batch, scratch } = shards[shard]!;
          return [critics.at, batch, scratch];
        });
      }
      gatherTotals();
      for (const { batch } of shards) kernels.actorLossGradient(batch, totals, alpha, bcWeight);
      actorGradient.clear();
      pool.run(GRADIENT_BY[options.credit ?? "bptt"], (shard) => {
        const { batch, tapes, scratch } = shards[shard]!;
        return [actor.at, batch, tapes, surrogateSlope, actorGradient.of(shard), scratch];
      });
      const gradient = actorGradient.sum();
      kernels.actorMaskGradient(actor.at, gradient);
      actorAdam.step(actor.parameters, gradient, learningRate);
      saturatedWeights = kernels.actorSync(actor.at);
      gatherTotals();
    },

    updateTargets() {
      const { tau } = options;
      kernels.polyakUpdate(actor.target, actor.parameters, actor.parameterCount, tau);
      kernels.actorSyncTarget(actor.at);
      kernels.polyakUpdate(critics.target, critics.parameters, critics.words, tau);
    },

    report: () => ({
      criticLoss: kernels.totalsCriticLoss(totals),
      bcLoss: kernels.totalsBcLoss(totals),
      meanQ: kernels.totalsMeanQ(totals),
    }),

    get saturatedWeights() {
      return saturatedWeights;
    },
  };
}

/**
 * `count` updates: the critics at each, actor and slow targets at every policyDelay-th. Without a rate the critics stay as
 * they are.
 */
export function improve(
  learner: Learner,
  progress: { update: number },
  count: number,
  policyDelay: number,
  criticRate: number | undefined,
  step: ActorStep,
): void {
  for (let i = 0; i < count; i++) {
    learner.sampleBatch(progress.update);
    if (criticRate !== undefined) learner.improveCritics(progress.update, criticRate);
    if (progress.update % policyDelay === 0) {
      learner.improveActor(step);
      learner.updateTargets();
    }
    progress.update++;
  }
}
