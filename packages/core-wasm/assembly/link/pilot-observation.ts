// On the Crazyflie: the 18 numbers of a STATE frame, from what its estimator and its gyroscope say.

import { rotationMatrix } from "../physics/rotation";
import { RAD_PER_DEG } from "./legacy-observation";

/**
 * observation (18) f32 in the order of training, of estimate (19) f32: position (3), velocity (3), quaternion w x y z
 * (4, body to world), gyro (3, deg/s), target position (3), target velocity (3); m, m/s, world. They must not overlap.
 */
export function pilotObservation(estimate: usize, observation: usize): void {
  for (let i: usize = 0; i < 12; i += 4) {
    store<f32>(observation + i, load<f32>(estimate + i) - load<f32>(estimate + i, 52));
    store<f32>(observation + i, load<f32>(estimate + i, 12) - load<f32>(estimate + i, 64), 48);
    store<f32>(observation + i, load<f32>(estimate + i, 40) * RAD_PER_DEG, 60);
  }
  rotationMatrix<f32>(estimate + 24, observation + 12);
}
