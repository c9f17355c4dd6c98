// What becomes C for the Crazyflie, which sends the observation to the Teensy.

export { pilotForces } from "./link/pilot-forces";
export { pilotObservation } from "./link/pilot-observation";
export { observationToWire } from "./link/wire-numbers";
export { dequantiseAction } from "./network/rounding";

/** Where linear memory is free: behind all static data. */
export function heapBase(): usize {
  return __heap_base;
}
