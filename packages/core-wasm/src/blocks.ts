import type { Given } from "./objects.js";
import type { Airframe } from "./presets/airframes.js";
import type { Gusts } from "./presets/gusts.js";
import { ORIENTATION_KINDS, type Reward } from "./presets/rewards.js";

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

/** @param stepS control period of the airframe that the gusts blow on */
export function gustFields({ intensityN, correlationS }: Gusts, stepS: number): Given<"Gust"> {
  const [intensityX, intensityY, intensityZ] = intensityN;
  return { intensityX, intensityY, intensityZ, correlationS, stepS };
}
