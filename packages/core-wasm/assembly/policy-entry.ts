// What becomes C for the firmware: the policy, and the physics that its emulated flights are closed with. No training.

export { observationFromLegacy } from "./link/legacy-observation";
export { pilotForces } from "./link/pilot-forces";
export { pilotObservation } from "./link/pilot-observation";
export { observationFromWire } from "./link/wire-numbers";
export { policyWidth } from "./network/image";
export { pilotLayout, pilotReset, pilotStep, pilotStepQuantised } from "./network/pilot";
// Inside the step's loop over layers these would lack the registers of the M7: what is exported stays a function.
export { lifForward } from "./neurons/lif";
export { denseCurrent } from "./synapses/dense";
export { motorCurrent } from "./synapses/motor";
export { narrowCurrent } from "./synapses/narrow";
export { sparseCurrent } from "./synapses/sparse";
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
