import {
  AIRFRAMES,
  type AirframeName,
  BOUNDS,
  type BoundsName,
  type Core,
  type Reward,
  SENSOR_NOISES,
  type SensorNoiseName,
  STARTS,
  type StartName,
  type Variation,
  writeAirframe,
  writeBounds,
  writeReward,
  writeSensorNoise,
  writeStart,
} from "../src/index.js";

/** Words of a body state: p, q, v, w, rotors, force, torque (assembly/physics/rigid-body.ts). */
export const BODY_WORDS = 23;
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

export function createBatch(core: Core, options: BatchOptions): number {
  const { n, reward, airframe = "crazyflie-l2f", seed = 1 } = options;
  const { start = "l2f", noise = "none", bounds = "l2f" } = options;
  const { kernels } = core;
  const at = core.allocate(kernels.environmentsBytes(n));
  kernels.environmentsInit(
    at,
    n,
    seed,
    writeAirframe(core, AIRFRAMES[airframe]),
    writeStart(core, STARTS[start]),
    writeSensorNoise(core, SENSOR_NOISES[noise]),
    writeReward(core, reward),
    writeBounds(core, BOUNDS[bounds]),
  );
  return at;
}

/** Body of environment i, from and to the structure of arrays. */
export function readBody(core: Core, at: number, n: number, i: number): Float32Array {
  const body = core.f32(core.kernels.environmentBodyAt(at), BODY_WORDS * n);
  return Float32Array.from({ length: BODY_WORDS }, (_, word) => body[word * n + i]!);
}

export function writeBody(core: Core, at: number, n: number, i: number, words: ArrayLike<number>): void {
  const body = core.f32(core.kernels.environmentBodyAt(at), BODY_WORDS * n);
  for (let word = 0; word < words.length; word++) body[word * n + i] = words[word]!;
}

export const relativeGap = (x: number, y: number): number => Math.abs(x - y) / Math.max(1, Math.abs(y));

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
