import {
  ACTION_WORDS,
  type Address,
  AIRFRAMES,
  type AirframeName,
  airframeFields,
  BODY_WORDS,
  BOUNDS,
  type BoundsName,
  type Core,
  OBSERVATION_WITH_HISTORY_WORDS,
  PRIVILEGED_WORDS,
  REWARD_TERMS,
  type Reward,
  rewardFields,
  SENSOR_NOISES,
  type SensorNoiseName,
  STARTS,
  type StartName,
  TARGET_WORDS,
  type Variation,
} from "../src/index.js";

/** Words of a body that the integrator moves. */
export const INTEGRATED_WORDS = 17;

export interface BatchOptions {
  readonly n: number;
  readonly reward: Reward;
  readonly airframe?: AirframeName;
  readonly start?: StartName;
  readonly noise?: SensorNoiseName;
  readonly bounds?: BoundsName;
  readonly seed?: number;
}

export function createBatch(core: Core, options: BatchOptions): Address<"Environments"> {
  const { n, reward, airframe = "crazyflie-l2f", seed = 1 } = options;
  const { start = "l2f", noise = "none", bounds = "l2f" } = options;
  return core.create("Environments", {
    n,
    seed,
    airframe: core.create("Airframe", airframeFields(AIRFRAMES[airframe])),
    start: core.create("Start", STARTS[start]),
    noise: core.create("SensorNoise", SENSOR_NOISES[noise]),
    reward: core.create("Reward", rewardFields(reward)),
    bounds: core.create("Bounds", BOUNDS[bounds]),
  });
}

/** Body of environment i, from and to the structure of arrays. */
export function readBody(core: Core, at: Address<"Environments">, n: number, i: number): Float32Array {
  const body = core.f32(core.view("Environments", at).body, BODY_WORDS * n);
  return Float32Array.from({ length: BODY_WORDS }, (_, word) => body[word * n + i]!);
}

export function writeBody(
  core: Core,
  at: Address<"Environments">,
  n: number,
  i: number,
  words: ArrayLike<number>,
): void {
  const body = core.f32(core.view("Environments", at).body, BODY_WORDS * n);
  for (let word = 0; word < words.length; word++) body[word * n + i] = words[word]!;
}

export const relativeGap = (x: number, y: number): number => Math.abs(x - y) / Math.max(1, Math.abs(y));

/** All that a batch of environments holds, array by array; what the scratch holds depends on the width of the lanes. */
export function environmentArrays(core: Core, at: Address<"Environments">): Uint8Array[] {
  const { n, body, target, episode, step, delay, terms, action, observation, privileged, terminated } =
    core.view("Environments", at);
  const words = [
    [body, BODY_WORDS],
    [target, TARGET_WORDS],
    [episode, 1],
    [step, 1],
    [delay, 1],
    [terms, REWARD_TERMS],
    [action, ACTION_WORDS],
    [observation, OBSERVATION_WITH_HISTORY_WORDS],
    [privileged, PRIVILEGED_WORDS],
  ] as const;
  return [...words.map(([array, count]) => core.bytes(array, 4 * count * n)), core.bytes(terminated, n)];
}

/** Everything varies. */
export const WIDE_VARIATION: Variation = {
  mass: [0.7, 1.3],
  inertia: [0.7, 1.3],
  thrust: [0.8, 1.4],
  torqueRatio: [0.7, 1.3],
  motorRise: [0.7, 1.3],
  motorFall: [0.7, 1.3],
  arm: [0.9, 1.1],
  batteryV: [3.5, 4.2],
  windMn: [0, 20],
  yawUnm: [-20, 20],
  sensorBias: { positionM: 0.01, velocityMPerS: 0.02, angularVelocityRadPerS: 0.05 },
};
