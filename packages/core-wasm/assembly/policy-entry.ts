// What becomes C for the firmware: the policy, and the physics that its emulated flights are closed with. No training.

export { observationFromLegacy } from "./link/legacy-observation";
export { airframeBytes, airframeInit } from "./physics/airframe";
export { gustInit } from "./physics/gust";
export { policyScratchBytes, policyStateBytes } from "./snn/network";
export { dequantiseAction, policyStepInPlace, quantiseObservation } from "./snn/policy";
export {
  environmentActionAt,
  environmentBodyAt,
  environmentObservationAt,
  environmentReset,
  environmentsBytes,
  environmentsInit,
  environmentsObserve,
  environmentsStep,
  environmentTargetAt,
  environmentTerminatedAt,
} from "./task/environment";
export { gustsBytes, gustsHold, gustsInit, gustsStep } from "./task/gusts";
export { startInit } from "./task/initial-state";
export { sensorNoiseInit } from "./task/observation";
export { rewardInit } from "./task/reward";
export { boundsInit } from "./task/termination";

/** Where linear memory is free: behind all static data. */
export function heapBase(): usize {
  return __heap_base;
}
