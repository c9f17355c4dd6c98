import { type Core, REWARDS, rewardFields, SHARDS, type ShardPool } from "../src/index.js";
import { createBatch, environmentArrays } from "./flight.js";
import { placeF32, randomValues } from "./memory.js";
import { masterLayout } from "./network.js";

/** A whole training, small: rollouts, replay, critics, actor, optimisers; and the bytes of everything it moved. */

export interface TrainingOptions {
  readonly actor: "spiking" | "history" | "observation";
  readonly seed: number;
  readonly updates: number;
  readonly hidden: readonly [number, number];
}

const N = 4;
const SLOTS = 12;
const MAX_STEPS = 40;
const CAPACITY = 3;
const SEQUENCE = 20;
const INPUT_PRIVILEGED = 2;
const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

export function createMlp(core: Core, sizes: readonly number[], hidden: number, output: number): number {
  const at = core.allocate(32);
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = sizes;
  core.kernels.mlpInit(at, sizes.length - 1, hidden, output, a, b, c, d, e);
  return at;
}

export function trainBriefly(core: Core, pool: ShardPool, options: TrainingOptions): Uint8Array[] {
  const { kernels, allocate } = core;
  const { seed } = options;
  const [h1, h2] = options.hidden;
  const reward = REWARDS["paper-start"];
  const rewardAt = core.create("Reward", rewardFields(reward));

  const dense = (sizes: readonly number[], item: number, output: number) => {
    const mlp = createMlp(core, sizes, 2, output);
    const count = kernels.mlpParameterCount(mlp);
    const parameters = allocate(4 * count);
    kernels.initialiseMlp(mlp, parameters, seed, item, allocate(16));
    return { mlp, count, parameters };
  };
  const createActor = (kind: TrainingOptions["actor"], item: number) => {
    const at = allocate(64);
    if (kind === "spiking") {
      const count = masterLayout(h1, h2).reduce((sum, [, words]) => sum + words, 0);
      const parameters = allocate(4 * count);
      kernels.initialiseSpiking(parameters, h1, h2, seed, item, allocate(16));
      const images = [allocate(kernels.imageBytes(h1, h2)), allocate(kernels.imageBytes(h1, h2))] as const;
      for (const image of images) kernels.imageInit(image, h1, h2, 25, 12, 12);
      const gain = placeF32(core, new Float32Array(18).fill(1));
      const copies = allocate(kernels.backwardCopyBytes(h1, h2));
      kernels.actorInit(at, 0, parameters, allocate(4 * count), images[0], images[1], copies, gain, 18);
    } else {
      const inputs = kind === "history" ? 146 : 18;
      const { mlp, count, parameters } = dense([inputs, h1, h2, 4], item, 1);
      kernels.actorInit(at, mlp, parameters, allocate(4 * count), 0, 0, allocate(4 * count), 0, inputs);
    }
    const [, parameters = 0, target = 0] = core.i32(at, 3);
    const bytes = 4 * kernels.actorParameterCount(at);
    core.bytes(target, bytes).set(core.bytes(parameters, bytes));
    kernels.actorSync(at);
    kernels.actorSyncTarget(at);
    return { at, parameters, target, count: bytes / 4 };
  };

  const actor = createActor(options.actor, 1);
  const guide = createActor("history", 2);
  const q1 = dense([32, 24, 20, 1], 3, 0);
  const criticPitch = align(4 * q1.count);
  const critics = {
    at: allocate(64),
    parameters: allocate(2 * criticPitch),
    transposed: allocate(2 * criticPitch),
    target: allocate(2 * criticPitch),
  };
  kernels.criticsInit(
    critics.at,
    q1.mlp,
    INPUT_PRIVILEGED,
    critics.parameters,
    critics.transposed,
    critics.target,
    criticPitch,
  );
  for (let j = 0; j < 2; j++) {
    kernels.initialiseMlp(q1.mlp, critics.parameters + j * criticPitch, seed, 4 + j, allocate(16));
    kernels.mlpTranspose(q1.mlp, critics.parameters + j * criticPitch, critics.transposed + j * criticPitch);
  }
  core.bytes(critics.target, 2 * criticPitch).set(core.bytes(critics.parameters, 2 * criticPitch));

  const replayBytes = kernels.replayBytes(SHARDS, SLOTS, MAX_STEPS);
  const replay = allocate(replayBytes);
  kernels.replayInit(replay, SHARDS, SLOTS, MAX_STEPS);
  const environments = Array.from({ length: SHARDS }, () =>
    createBatch(core, { n: N, reward, seed, noise: "l2f" }),
  );
  const rollouts = environments.map((batch, shard) => {
    const at = allocate(kernels.rolloutBytes(N, actor.at, guide.at));
    kernels.rolloutInit(at, batch, actor.at, guide.at, replay, shard, 0.3, 1.5);
    kernels.rolloutSetJumpStart(at, 10);
    return at;
  });
  const batchPitch = align(kernels.batchBytes(CAPACITY, SEQUENCE));
  const batches = allocate(SHARDS * batchPitch);
  const tapePitch = align(kernels.actorTapeBytes(actor.at, CAPACITY, SEQUENCE));
  const tapes = allocate(SHARDS * tapePitch);
  const scratchPitch = align(
    Math.max(kernels.actorScratchBytes(actor.at, SEQUENCE), kernels.criticScratchBytes(critics.at)),
  );
  const scratches = allocate(SHARDS * scratchPitch);
  const gradientPitch = align(4 * Math.max(actor.count, q1.count));
  const gradients = allocate(SHARDS * gradientPitch);
  const totals = allocate(kernels.totalsBytes());
  const optimisers = [q1.count, q1.count, actor.count].map((n) => {
    const at = allocate(kernels.adamBytes(n));
    kernels.adamInit(at, n, 0.9, 0.999, 1e-8, 0.001, 1);
    return at;
  });
  for (let shard = 0; shard < SHARDS; shard++) {
    kernels.batchInit(batches + shard * batchPitch, replay, CAPACITY, SEQUENCE);
    kernels.tapesInit(tapes + shard * tapePitch, actor.at, CAPACITY, SEQUENCE);
  }
  const batch = (s: number) => batches + s * batchPitch;
  const tape = (s: number) => tapes + s * tapePitch;
  const scratch = (s: number) => scratches + s * scratchPitch;
  const gradient = (s: number) => gradients + s * gradientPitch;
  const gather = () => kernels.totalsGather(totals, batches, batchPitch, SHARDS);
  const clearGradients = () => core.bytes(gradients, SHARDS * gradientPitch).fill(0);
  const trace: Uint8Array[] = [];
  const record = (at: number, bytes: number) => trace.push(core.bytes(at, bytes).slice());

  pool.run("rolloutFly", (s) => [rollouts[s]!, 90]);
  if (kernels.replayIndex(replay, 5, 10) === 0) throw new Error("nothing was stored");

  for (let update = 0; update < options.updates; update++) {
    pool.run("batchSample", (s) => [
      batch(s),
      seed,
      s,
      update,
      1,
      5,
      update % 2,
      3,
      1 + (update % 3),
      scratch(s),
    ]);
    pool.run("actorTargetActions", (s) => [actor.at, batch(s), 0.2, 0.5, seed, s, update, scratch(s)]);
    pool.run("criticTarget", (s) => [critics.at, batch(s), rewardAt, 0.99, scratch(s)]);
    gather();
    for (let j = 0; j < 2; j++) {
      const parameters = critics.parameters + j * criticPitch;
      clearGradients();
      pool.run("criticRegress", (s) => [critics.at, j, batch(s), totals, gradient(s), scratch(s)]);
      kernels.reduceShards(gradients, gradientPitch, SHARDS, q1.count);
      record(gradients, 4 * q1.count);
      kernels.adamStep(optimisers[j]!, parameters, gradients, 1e-3);
      kernels.mlpTranspose(q1.mlp, parameters, critics.transposed + j * criticPitch);
    }
    clearGradients();
    pool.run("actorForward", (s) => [actor.at, batch(s), tape(s), scratch(s)]);
    pool.run("criticActionGradient", (s) => [critics.at, batch(s), scratch(s)]);
    gather();
    pool.run("actorLossGradient", (s) => [batch(s), totals, 2, 0.3]);
    pool.run("actorBackward", (s) => [actor.at, batch(s), tape(s), 5, gradient(s), scratch(s)]);
    kernels.reduceShards(gradients, gradientPitch, SHARDS, actor.count);
    if (options.actor === "spiking") kernels.maskClampedLeaks(gradients, actor.parameters, h1, h2);
    record(gradients, 4 * actor.count);
    kernels.adamStep(optimisers[2]!, actor.parameters, gradients, 1e-3);
    kernels.actorSync(actor.at);
    kernels.polyakUpdate(actor.target, actor.parameters, actor.count, 0.1);
    kernels.actorSyncTarget(actor.at);
    kernels.polyakUpdate(critics.target, critics.parameters, (2 * criticPitch) / 4, 0.1);
    gather();
    record(totals, kernels.totalsBytes());
    for (let s = 0; s < SHARDS; s++) record(batch(s) + 96, 52 * CAPACITY * SEQUENCE);
    pool.run("rolloutFly", (s) => [rollouts[s]!, 15]);
    kernels.replayIndex(replay, 5, 10);
  }
  if (!core.f32(actor.parameters, actor.count).every(Number.isFinite)) throw new Error("training diverged");
  record(actor.parameters, 4 * actor.count);
  record(actor.target, 4 * actor.count);
  record(critics.target, 2 * criticPitch);
  for (const [k, n] of [q1.count, q1.count, actor.count].entries())
    record(optimisers[k]!, kernels.adamBytes(n));
  record(replay + 48, replayBytes - 48);
  for (const at of environments) {
    trace.push(...environmentArrays(core, at).map((array) => array.slice()));
  }
  return trace;
}

/** A printable digest of what differs first, or "same". */
export function firstDifference(a: readonly Uint8Array[], b: readonly Uint8Array[]): string {
  if (a.length !== b.length) return `${a.length} and ${b.length} regions`;
  for (const [k, region] of a.entries()) {
    const difference = Buffer.compare(region, b[k]!);
    if (difference !== 0) return `region ${k}, byte ${region.findIndex((x, i) => x !== b[k]![i])}`;
  }
  return "same";
}

export function randomMaster(seed: number, h1: number, h2: number): Float32Array {
  const parts = masterLayout(h1, h2).map(([name, length], k) => {
    const values = randomValues(seed + k, length, name.startsWith("w") ? 0.24 : 0.5);
    return name.startsWith("leak") || name.startsWith("threshold") ? values.map((x) => x + 0.5) : values;
  });
  return Float32Array.from(parts.flatMap((values) => [...values]));
}
