import { type Address, type Core, SHARDS, type ShardPool } from "@spikewing/core";
import type { Actor } from "./actor.js";
import { type AdamConfig, createAdam } from "./adam-config.js";
import { type Critics, syncCritics } from "./critics.js";
import type { ReplayBuffer } from "./replay-buffer.js";

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
  critics: Critics | undefined,
  replay: ReplayBuffer,
  reward: Address<"Reward">,
  options: LearnerOptions,
): Learner {
  const { kernels, allocate } = core;
  const capacity = options.batchSize / SHARDS;
  const steps = options.sequenceLength;
  const align = (bytes: number) => Math.ceil(bytes / 64) * 64;

  const batchPitch = align(kernels.batchBytes(capacity, steps));
  const batches = allocate(SHARDS * batchPitch);
  const tapePitch = align(kernels.actorTapeBytes(actor.at, capacity, steps));
  const tapes = allocate(SHARDS * tapePitch);
  const scratchBytes = Math.max(
    kernels.actorScratchBytes(actor.at, steps),
    critics ? kernels.criticScratchBytes(critics.at) : 0,
  );
  const scratchPitch = align(scratchBytes + 64);
  const scratches = allocate(SHARDS * scratchPitch);
  const actorPitch = align(4 * actor.parameterCount);
  const actorGradient = allocate(SHARDS * actorPitch);
  const criticPitch = critics?.pitch ?? 0;
  const criticGradient = allocate(2 * SHARDS * criticPitch);
  const totals = allocate(kernels.totalsBytes());
  for (let shard = 0; shard < SHARDS; shard++) {
    kernels.batchInit(batches + shard * batchPitch, replay.at, capacity, steps);
    kernels.tapesInit(tapes + shard * tapePitch, actor.at, capacity, steps);
  }
  const batch = (shard: number) => batches + shard * batchPitch;
  const scratch = (shard: number) => scratches + shard * scratchPitch;

  const actorAdam = createAdam(core, actor.parameterCount, options.actorAdam);
  const criticAdams = critics
    ? [0, 1].map(() => createAdam(core, critics.parameterCount, options.criticAdam))
    : [];
  let saturatedWeights = 0;

  return {
    indexReplay: () => kernels.replayIndex(replay.at, options.stride, options.warmupSteps),

    sampleBatch(update) {
      const { seed, warmupSteps, criticWarmupSteps, criticStride } = options;
      const starts = Math.round(options.startFraction * capacity);
      const startCounts = Number(options.episodeStartCounts);
      for (let shard = 0; shard < SHARDS; shard++) {
        kernels.batchSample(
          batch(shard),
          seed,
          shard,
          update,
          starts,
          warmupSteps,
          startCounts,
          criticWarmupSteps,
          criticStride,
          scratch(shard),
        );
      }
      kernels.totalsGather(totals, batches, batchPitch, SHARDS);
    },

    improveCritics(update, learningRate) {
      if (!critics) return;
      const { policyNoise, policyNoiseClip, seed, gamma } = options;
      pool.run("actorTargetActions", (shard) => [
        actor.at,
        batch(shard),
        policyNoise,
        policyNoiseClip,
        seed,
        shard,
        update,
        scratch(shard),
      ]);
      pool.run("criticTarget", (shard) => [critics.at, batch(shard), reward, gamma, scratch(shard)]);
      core.bytes(criticGradient, 2 * SHARDS * criticPitch).fill(0);
      for (const j of [0, 1]) {
        const gradient = criticGradient + j * SHARDS * criticPitch;
        pool.run("criticRegress", (shard) => [
          critics.at,
          j,
          batch(shard),
          totals,
          gradient + shard * criticPitch,
          scratch(shard),
        ]);
        kernels.reduceShards(gradient, criticPitch, SHARDS, critics.parameterCount);
        const parameters = critics.parameters + j * critics.pitch;
        criticAdams[j]!.step(parameters, gradient, learningRate);
      }
      syncCritics(core, critics);
    },

    improveActor({ alpha, bcWeight, surrogateSlope, learningRate }) {
      pool.run("actorForward", (shard) => [
        actor.at,
        batch(shard),
        tapes + shard * tapePitch,
        scratch(shard),
      ]);
      if (critics && alpha !== 0) {
        pool.run("criticActionGradient", (shard) => [critics.at, batch(shard), scratch(shard)]);
      }
      kernels.totalsGather(totals, batches, batchPitch, SHARDS);
      core.bytes(actorGradient, SHARDS * actorPitch).fill(0);
      for (let shard = 0; shard < SHARDS; shard++)
        kernels.actorLossGradient(batch(shard), totals, alpha, bcWeight);
      pool.run("actorBackward", (shard) => [
        actor.at,
        batch(shard),
        tapes + shard * tapePitch,
        surrogateSlope,
        actorGradient + shard * actorPitch,
        scratch(shard),
      ]);
      kernels.reduceShards(actorGradient, actorPitch, SHARDS, actor.parameterCount);
      if (actor.shape.kind === "spiking") {
        kernels.maskClampedLeaks(actorGradient, actor.parameters, ...actor.shape.hidden);
        kernels.maskSaturatedWeights(actorGradient, actor.image);
      }
      actorAdam.step(actor.parameters, actorGradient, learningRate);
      saturatedWeights = kernels.actorSync(actor.at);
      kernels.totalsGather(totals, batches, batchPitch, SHARDS);
    },

    updateTargets() {
      const { tau } = options;
      kernels.polyakUpdate(actor.target, actor.parameters, actor.parameterCount, tau);
      kernels.actorSyncTarget(actor.at);
      if (critics) kernels.polyakUpdate(critics.target, critics.parameters, (2 * critics.pitch) / 4, tau);
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
