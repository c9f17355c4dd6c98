import type { Fields } from "../build/layout.js";
import type { Given } from "./objects.js";
import type { Airframe } from "./presets/airframes.js";
import type { Gusts } from "./presets/gusts.js";
import { ORIENTATION_KINDS, type Reward } from "./presets/rewards.js";
import { VARIED, type Variation } from "./presets/variation.js";

/** Presets as the fields of the parameter blocks that kernels read. */

export function airframeFields(airframe: Airframe): Given<"Airframe"> {
  const [inertiaX, inertiaY, inertiaZ] = airframe.inertia;
  const [thrust0, thrust1, thrust2] = airframe.thrust;
  const [rotorMin, rotorMax] = airframe.rotorRange;
  const [motorRiseS, motorFallS] = airframe.motorLagS;
  const { massKg, torquePerThrust, armM, stepS } = airframe;
  const rotors = { thrust0, thrust1, thrust2, torquePerThrust, rotorMin, rotorMax, motorRiseS, motorFallS };
  return { massKg, inertiaX, inertiaY, inertiaZ, ...rotors, armM, stepS };
}

export const rewardFields = (reward: Reward): Given<"Reward"> => ({
  ...reward,
  orientationKind: ORIENTATION_KINDS[reward.orientationKind],
});

/** Weights of what a flight costs in training (assembly/task/flight-cost.ts). */
export type FlightCost = Readonly<Omit<Fields["FlightCost"], "actionBaseline">>;

/** @param stepS control period of the airframe that the gusts blow on */
export function gustFields({ intensityN, correlationS }: Gusts, stepS: number): Given<"Gust"> {
  const [intensityX, intensityY, intensityZ] = intensityN;
  return { intensityX, intensityY, intensityZ, correlationS, stepS };
}

export function variationFields(variation: Variation): Given<"Variation"> {
  const fields: Partial<Fields["Variation"]> = {};
  for (const { name, low, high, unit } of VARIED) {
    const range = variation[name];
    if (!range) continue;
    fields[low] = range[0] * unit;
    fields[high] = range[1] * unit;
  }
  const bias = variation.sensorBias;
  if (!bias) return fields;
  const { positionM, velocityMPerS, angularVelocityRadPerS } = bias;
  return {
    ...fields,
    biasPositionM: positionM,
    biasVelocityMPerS: velocityMPerS,
    biasAngularVelocityRadPerS: angularVelocityRadPerS,
  };
}
