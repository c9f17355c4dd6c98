import type { Core } from "./core.js";
import type { Airframe } from "./presets/airframes.js";
import type { Gusts } from "./presets/gusts.js";
import { ORIENTATION_KINDS, type Reward } from "./presets/rewards.js";
import type { Bounds, SensorNoise, Start } from "./presets/task.js";
import { VARIED, type Variation } from "./presets/variation.js";

/** Writers of the parameter blocks that kernels read: each allocates its block and returns the address. */

export function writeAirframe(
  { kernels, allocate }: Core,
  airframe: Airframe,
  at = allocate(kernels.airframeBytes()),
): number {
  const { massKg, inertia, thrust, torquePerThrust, armM, rotorRange, motorLagS, stepS } = airframe;
  const rest = [...thrust, torquePerThrust, armM, ...rotorRange, ...motorLagS, stepS] as const;
  kernels.airframeInit(at, massKg, ...inertia, ...rest);
  return at;
}

/** The longest of the blocks below. */
const BLOCK_BYTES = 64;

export function writeReward({ kernels, allocate }: Core, reward: Reward, at = allocate(BLOCK_BYTES)): number {
  kernels.rewardInit(
    at,
    reward.constant,
    reward.scale,
    reward.position,
    reward.velocity,
    reward.angularVelocity,
    reward.action,
    reward.orientation,
    reward.actionBaseline,
    ORIENTATION_KINDS[reward.orientationKind],
    Number(reward.plainNorms),
    Number(reward.scoresStateBefore),
    Number(reward.zeroWhenTerminated),
  );
  return at;
}

export function writeStart({ kernels, allocate }: Core, start: Start): number {
  const at = allocate(BLOCK_BYTES);
  kernels.startInit(
    at,
    start.guidance,
    start.positionM,
    start.angleRad,
    start.velocityMPerS,
    start.angularVelocityRadPerS,
    start.forceStd,
    start.torqueStd,
    Number(start.bothQuaternionSigns),
    Number(start.guidanceAtRest),
    Number(start.rotorsAtHalf),
  );
  return at;
}

export function writeSensorNoise(
  { kernels, allocate }: Core,
  noise: SensorNoise,
  at = allocate(BLOCK_BYTES),
): number {
  const { positionM, rotation, velocityMPerS, angularVelocityRadPerS } = noise;
  kernels.sensorNoiseInit(at, positionM, rotation, velocityMPerS, angularVelocityRadPerS);
  return at;
}

export function writeBounds({ kernels, allocate }: Core, bounds: Bounds): number {
  const at = allocate(BLOCK_BYTES);
  kernels.boundsInit(at, bounds.positionM, bounds.velocityMPerS, bounds.angularVelocityRadPerS);
  return at;
}

/** Weights of what a flight costs in training (assembly/task/flight-cost.ts). */
export interface FlightCost {
  readonly position: number;
  readonly positionNorm: number;
  readonly velocity: number;
  readonly angularVelocity: number;
  readonly orientation: number;
  readonly action: number;
  readonly actionChange: number;
  readonly end: number;
}

export function writeFlightCost({ kernels, allocate }: Core, c: FlightCost, actionBaseline: number): number {
  const at = allocate(BLOCK_BYTES);
  const { position, positionNorm, velocity, angularVelocity, orientation, action, actionChange, end } = c;
  kernels.flightCostInit(
    at,
    position,
    positionNorm,
    velocity,
    angularVelocity,
    orientation,
    action,
    actionChange,
    actionBaseline,
    end,
  );
  return at;
}

/** @param stepS control period of the airframe that the gusts blow on */
export function writeGusts(
  { kernels, allocate }: Core,
  { intensityN, correlationS }: Gusts,
  stepS: number,
  at = allocate(BLOCK_BYTES),
): number {
  kernels.gustInit(at, ...intensityN, correlationS, stepS);
  return at;
}

export function writeVariation({ kernels, allocate }: Core, variation: Variation): number {
  const at = allocate(kernels.variationBytes());
  VARIED.forEach(({ name, unit, neutral }, index) => {
    const [low, high] = variation[name] ?? [neutral, neutral];
    kernels.variationSetRange(at, index, low * unit, high * unit);
  });
  const { positionM, velocityMPerS, angularVelocityRadPerS } = variation.sensorBias ?? NO_BIAS;
  kernels.variationSetBias(at, positionM, velocityMPerS, angularVelocityRadPerS);
  return at;
}

const NO_BIAS = { positionM: 0, velocityMPerS: 0, angularVelocityRadPerS: 0 };
