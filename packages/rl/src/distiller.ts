import { type Core, SHARDS, type ShardPool } from "@spikewing/core";
import type { Actor } from "./actor.js";
import { type AdamConfig, createAdam } from "./adam-config.js";
import { type Credit, GRADIENT_BY, gradientScratchBytes } from "./credit.js";
import type { ReplayBuffer } from "./replay-buffer.js";
import { createShardGradients } from "./shard-gradients.js";

export interface DistillerOptions {
  readonly seed: number;
  /** As in learner.ts. */
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly stride: number;
  readonly warmupSteps: number;
  readonly startFraction: number;
  readonly episodeStartCounts: boolean;
  readonly actorAdam: AdamConfig;
  readonly credit?: Credit | undefined;
}

/** Moves a student towards what its teacher says of the flights in a replay buffer. All arithmetic runs in the core. */
export interface Distiller {
  /** Counts the sequences in the buffer; call after collecting. */
  indexReplay(): void;
  /** One step on one batch; the gradient's norm. */
  improve(update: number, surrogateSlope: number, learningRate: number): number;
  /** Mean squared distance to the teacher's actions in the last batch. */
  distance(): number;
  /** Weights of the student that saturate in the integer image. */
  readonly saturatedWeights: number;
}

export function createDistiller(
  core: Core,
  pool: ShardPool,
  student: Actor,
  teacher: Actor,
  replay: ReplayBuffer,
  options: DistillerOptions,
): Distiller {
  const { kernels } = core;
  const { seed, sequenceLength: steps, warmupSteps, episodeStartCounts } = options;
  const capacity = options.batchSize / SHARDS;
  const starts = Math.round(options.startFraction * capacity);
  const bytesOf = ({ at }: Actor) => kernels.actorScratchBytes(at, steps, capacity);
  const scratchBytes = Math.max(
    bytesOf(student),
    bytesOf(teacher),
    gradientScratchBytes(core, student, options.credit),
  );
  const shards = Array.from({ length: SHARDS }, () => {
    const batch = core.create("Batch", { replay: replay.at, capacity, steps });
    const tapes = core.allocate("Scratch", kernels.actorTapeBytes(student.at, capacity, steps));
    kernels.tapesInit(tapes, student.at, capacity, steps);
    return { batch, tapes, scratch: core.allocate("Scratch", scratchBytes) };
  });
  const gradients = createShardGradients(core, student.parameterCount);
  const adam = createAdam(core, student.parameterCount, options.actorAdam);
  const totals = core.create("Totals", {});
  let saturatedWeights = 0;

  function gatherTotals(): void {
    kernels.totalsClear(totals);
    for (const { batch } of shards) kernels.totalsAdd(totals, batch);
  }

  /** policyAction of every shard's batch becomes what an actor says. */
  function ask({ at }: Actor): void {
    pool.run("actorForward", (shard) => {
      const { batch, tapes, scratch } = shards[shard]!;
      return [at, batch, tapes, scratch];
    });
  }

  return {
    indexReplay() {
      kernels.replayIndex(replay.at, options.stride, warmupSteps);
    },

    improve(update, surrogateSlope, learningRate) {
      shards.forEach(({ batch, scratch }, shard) => {
        const counting = [warmupSteps, episodeStartCounts, 0, 1] as const;
        kernels.batchSample(batch, seed, shard, update, starts, ...counting, scratch);
      });
      ask(teacher);
      for (const { batch } of shards) kernels.distilKeepTargets(batch);
      ask(student);
      gatherTotals();
      for (const { batch } of shards) kernels.distilLossGradient(batch, totals);
      gradients.clear();
      pool.run(GRADIENT_BY[options.credit ?? "bptt"], (shard) => {
        const { batch, tapes, scratch } = shards[shard]!;
        return [student.at, batch, tapes, surrogateSlope, gradients.of(shard), scratch];
      });
      const gradient = gradients.sum();
      kernels.actorMaskGradient(student.at, gradient);
      const norm = adam.step(student.parameters, gradient, learningRate);
      saturatedWeights = kernels.actorSync(student.at);
      gatherTotals();
      return norm;
    },

    distance: () => kernels.totalsBcLoss(totals),

    get saturatedWeights() {
      return saturatedWeights;
    },
  };
}
