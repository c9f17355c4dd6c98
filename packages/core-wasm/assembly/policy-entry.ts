// What becomes C for the firmware: the policy, and the physics that its emulated flights are closed with. No training.

export { observationFromLegacy } from "./link/legacy-observation";
export { policyScratchBytes, policyStateBytes, policyWidth } from "./network/image";
export { dequantiseAction, policyStepInPlace, quantiseObservation } from "./network/step";
export {
  environmentReset,
  environmentsLayout,
  environmentsObserve,
  environmentsStep,
} from "./task/environment";
export { gustsHold, gustsLayout, gustsStep } from "./task/gusts";

/** Where linear memory is free: behind all static data. */
export function heapBase(): usize {
  return __heap_base;
}
