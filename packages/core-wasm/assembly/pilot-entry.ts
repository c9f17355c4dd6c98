// What becomes C for the Crazyflie, which sends the observation to the Teensy.

export { pilotForces } from "./link/pilot-forces";
export { pilotObservation } from "./link/pilot-observation";

/** Where linear memory is free: behind all static data. */
export function heapBase(): usize {
  return __heap_base;
}
