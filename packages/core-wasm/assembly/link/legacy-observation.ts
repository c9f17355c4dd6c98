// The serial frame of the paper's authors (REFERENCE section 9.2) carries the observation in another order and with the
// gyro in deg/s: p (3), v (3), R row by row (9), w (3). Training has p, R, v and w in rad/s.

import { F32s } from "../addresses";

const DEG_PER_RAD: f32 = 57.29577951308232;
export const RAD_PER_DEG: f32 = 0.017453292519943295;

/** observation (18) f32 in the order of training, of legacy (18) f32. They must not overlap. */
export function observationFromLegacy(legacy: F32s, observation: F32s): void {
  memory.copy(observation, legacy, 12);
  memory.copy(observation + 12, legacy + 24, 36);
  memory.copy(observation + 48, legacy + 12, 12);
  for (let i: usize = 60; i < 72; i += 4) store<f32>(observation + i, load<f32>(legacy + i) * RAD_PER_DEG);
}

/** The other way round: what the authors' Crazyflie sends. */
export function observationToLegacy(observation: F32s, legacy: F32s): void {
  memory.copy(legacy, observation, 12);
  memory.copy(legacy + 24, observation + 12, 36);
  memory.copy(legacy + 12, observation + 48, 12);
  for (let i: usize = 60; i < 72; i += 4) store<f32>(legacy + i, load<f32>(observation + i) * DEG_PER_RAD);
}
