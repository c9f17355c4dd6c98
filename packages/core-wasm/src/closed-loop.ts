import { ACTION_WORDS, type Address, BODY_WORDS, LAYOUTS } from "../build/layout.js";
import { airframeFields, gustFields, rewardFields } from "./blocks.js";
import type { Core } from "./core.js";
import { placeImage } from "./policy-image.js";
import { AIRFRAMES, type Airframe } from "./presets/airframes.js";
import { type Gusts, levelGusts } from "./presets/gusts.js";
import { REWARDS, type Reward } from "./presets/rewards.js";
import { BOUNDS, type Bounds, SENSOR_NOISES, type SensorNoise, STARTS, type Start } from "./presets/task.js";

// A policy flies the simulated drone, and every byte of what happens goes into one number. The firmware does the same
// on the chip (firmware/c/parity/main-parity.c) and a browser can: equal numbers mean equal bits.

/** What is flown in a closed loop. */
export interface ClosedLoopTask {
  readonly airframe: Airframe;
  readonly start: Start;
  readonly sensorNoise: SensorNoise;
  readonly reward: Reward;
  readonly bounds: Bounds;
  /** On top of the steady force that every episode draws. */
  readonly gusts: Gusts | undefined;
  /** Of starts, sensor noise and gusts. */
  readonly seed: number;
}

export const CLOSED_LOOP_TASK: ClosedLoopTask = {
  airframe: AIRFRAMES["crazyflie-l2f"],
  start: STARTS.l2f,
  sensorNoise: SENSOR_NOISES.l2f,
  reward: REWARDS["paper-start"],
  bounds: BOUNDS.l2f,
  gusts: undefined,
  seed: 0,
};

/** With gusts of 20 mN, 7.5 % of the weight. */
export const GUSTY_CLOSED_LOOP_TASK: ClosedLoopTask = { ...CLOSED_LOOP_TASK, gusts: levelGusts(0.02) };

/** The classes of a task's parameter blocks. */
const BLOCKS = {
  airframe: "Airframe",
  start: "Start",
  sensorNoise: "SensorNoise",
  reward: "Reward",
  bounds: "Bounds",
  gust: "Gust",
} as const;
type BlockName = keyof typeof BLOCKS;

/** Parameter blocks as bytes; no gust where the air is calm. */
export type ClosedLoopBlocks = Readonly<Record<BlockName, Uint8Array | undefined>>;

export interface ClosedLoopRun {
  /** FNV-1a, 32 bits, over all steps. */
  readonly hash: number;
  /** The hash after every HASH_INTERVAL_STEPS steps, to find where two runs part. */
  readonly hashes: readonly number[];
  /** Episodes flown, the unfinished last one included. */
  readonly episodes: number;
  /** Spikes of all layers. */
  readonly spikes: number;
}

export const HASH_INTERVAL_STEPS = 100;

/** Environments of the batch; the first is the one that the policy flies. */
export const CLOSED_LOOP_BATCH = 4;

type BlockAddresses = { readonly [B in Exclude<BlockName, "gust">]: Address<(typeof BLOCKS)[B]> } & {
  readonly gust: Address<"Gust"> | undefined;
};

function writeBlocks(core: Core, task: ClosedLoopTask): BlockAddresses {
  return {
    airframe: core.create("Airframe", airframeFields(task.airframe)),
    start: core.create("Start", task.start),
    sensorNoise: core.create("SensorNoise", task.sensorNoise),
    reward: core.create("Reward", rewardFields(task.reward)),
    bounds: core.create("Bounds", task.bounds),
    gust: task.gusts && core.create("Gust", gustFields(task.gusts, task.airframe.stepS)),
  };
}

/** The batch that a loop flies in, and the gusts over it; takes memory of the core for good. */
export function createLoopEnvironments(core: Core, task = CLOSED_LOOP_TASK) {
  const { airframe, start, sensorNoise: noise, reward, bounds, gust } = writeBlocks(core, task);
  const shared = { airframe, start, noise, reward, bounds };
  const environments = core.create("Environments", { n: CLOSED_LOOP_BATCH, seed: task.seed, ...shared });
  return { environments, gusts: gust && core.create("Gusts", { environments, gust }) };
}

/** Copies of the parameter blocks, for a memory that is not the core's: the firmware's flash. */
export function closedLoopBlocks(core: Core, task = CLOSED_LOOP_TASK): ClosedLoopBlocks {
  const at = writeBlocks(core, task);
  const copies = Object.entries(BLOCKS).map(([block, name]) => {
    const address = at[block as BlockName];
    return [block, address && core.bytes(address, LAYOUTS[name].bytes).slice()];
  });
  return Object.fromEntries(copies);
}

/** FNV-1a, 32 bits, continued over the bytes. */
export function fnv1a(hash: number, bytes: Uint8Array): number {
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
export const FNV1A_START = 0x811c9dc5;

/**
 * Flies `steps` control periods, from the start of `episode` with zero membranes. When the episode terminates, the
 * next one starts. Every step hashes the actions (4 i16), the state of the policy (i32) and the body (23 f32), in
 * this order, as bytes of linear memory. Takes memory of the core for good.
 *
 * image is a policy image (assembly/network/image.ts); the core does not check it. Throws if a body is not finite:
 * the bits of a NaN are not specified, so they must not reach a hash.
 */
export function flyClosedLoop(
  core: Core,
  image: Uint8Array,
  episode: number,
  steps: number,
  task = CLOSED_LOOP_TASK,
): ClosedLoopRun {
  const { kernels } = core;
  const imageAt = placeImage(core, image);
  const pilot = core.create("Pilot", { image: imageAt });
  const { environments, gusts } = createLoopEnvironments(core, task);

  const { body, action: flown, observation: observed, terminated } = core.view("Environments", environments);
  const view = Object.assign(core.view("Pilot", pilot), { observation: observed, motors: flown });
  const actionBytes = core.bytes(view.action, 2 * ACTION_WORDS);
  const stateView = core.bytes(view.state, core.view("NetworkImage", imageAt).stateBytes);
  const bodyWords = core.f32(body, CLOSED_LOOP_BATCH * BODY_WORDS); // word by word, each for the whole batch
  const bodyBytes = core.bytes(body, bodyWords.byteLength);
  const ended = core.bytes(terminated, 1);

  let hash = FNV1A_START;
  const hashes: number[] = [];
  let episodes = 0;
  let spikes = 0;
  const startEpisode = () => {
    for (let i = 0; i < CLOSED_LOOP_BATCH; i++) {
      kernels.environmentReset(environments, i, episode + episodes);
      if (gusts !== undefined) kernels.gustsHold(gusts, i);
    }
    kernels.pilotReset(pilot);
    episodes++;
  };
  startEpisode();
  for (let step = 1; step <= steps; step++) {
    if (ended[0] === 1) startEpisode();
    kernels.environmentsObserve(environments);
    spikes += kernels.pilotStep(pilot);
    if (gusts !== undefined) kernels.gustsStep(gusts);
    kernels.environmentsStep(environments);

    hash = fnv1a(hash, actionBytes);
    hash = fnv1a(hash, stateView);
    for (let word = 0; word < BODY_WORDS; word++) {
      if (!Number.isFinite(bodyWords[word * CLOSED_LOOP_BATCH]))
        throw new Error(`closed loop: body word ${word} is not finite after step ${step}`);
      const at = word * CLOSED_LOOP_BATCH * Float32Array.BYTES_PER_ELEMENT;
      hash = fnv1a(hash, bodyBytes.subarray(at, at + Float32Array.BYTES_PER_ELEMENT));
    }
    if (step % HASH_INTERVAL_STEPS === 0) hashes.push(hash);
  }
  return { hash, hashes, episodes, spikes };
}

/** Hashes of flights in gusts, each of so many steps, with the episodes 0, 1, 2 and so on. */
export function flyGustyFlights(core: Core, image: Uint8Array, flights: number, steps: number): number[] {
  return Array.from(
    { length: flights },
    (_, episode) => flyClosedLoop(core, image, episode, steps, GUSTY_CLOSED_LOOP_TASK).hash,
  );
}
