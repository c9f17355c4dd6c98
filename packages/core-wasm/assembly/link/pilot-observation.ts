// On the Crazyflie: the 18 numbers of a STATE frame, from what its estimator and its gyroscope say.
//
// A policy holds a target with its nose along x. The target's yaw makes any heading that x: all is seen from a frame that is
// turned by it, about the world's z. Errors are clipped, so that a far target is one at the edge of what the policy has seen:
// position and velocity axis by axis, as L2F's firmware does (0.5 m, 2 m/s); yaw by a frame that goes ahead of the nose.

import { cosTurns, sinTurns } from "../deterministic-math";
import { rotationMatrix } from "../physics/rotation";
import { RAD_PER_DEG } from "./legacy-observation";

const TURNS_PER_DEG: f32 = 1.0 / 360.0;
/** Errors that the firmware's supervisor takes for credible: the ranges of a STATE frame. */
const FARTHEST_M: f32 = 4.0;
const FASTEST_M_PER_S: f32 = 8.0;
/** Cosine and sine of the largest error of yaw, 45 degrees: half of what the policies have been caught from in simulation. */
const YAW_LIMIT: f32 = 0.70710678;
/** Of the nose's horizontal part; below it stands on end, and has no heading. */
const LEAST_HEADING: f32 = 0.1;

/**
 * observation (18) f32 in the order of training, of estimate (22) f32: position (3), velocity (3), quaternion w x y z
 * (4, body to world), gyro (3, deg/s), target position (3), target velocity (3), target yaw (deg), and what the errors of
 * position and velocity are clipped to, 0 for not at all; m, m/s, world. They must not overlap.
 */
export function pilotObservation(estimate: usize, observation: usize): void {
  for (let i: usize = 0; i < 12; i += 4) {
    store<f32>(observation + i, load<f32>(estimate + i) - load<f32>(estimate + i, 52));
    store<f32>(observation + i, load<f32>(estimate + i, 12) - load<f32>(estimate + i, 64), 48);
    store<f32>(observation + i, load<f32>(estimate + i, 40) * RAD_PER_DEG, 60);
  }
  rotationMatrix<f32>(estimate + 24, observation + 12);

  const turns = load<f32>(estimate, 76) * TURNS_PER_DEG;
  turnFrame(observation, cosTurns<f32, i32>(turns), sinTurns<f32, i32>(turns));
  clipYaw(observation);
  clip(observation, load<f32>(estimate, 80), FARTHEST_M);
  clip(observation + 48, load<f32>(estimate, 84), FASTEST_M_PER_S);
}

/** The observation as seen from a frame turned about z. */
function turnFrame(observation: usize, cosYaw: f32, sinYaw: f32): void {
  turn(observation, 4, cosYaw, sinYaw);
  turn(observation + 48, 4, cosYaw, sinYaw);
  for (let column: usize = 0; column < 12; column += 4) turn(observation + 12 + column, 12, cosYaw, sinYaw);
}

/** Where the nose is more than the limit from the frame's x, by e, the frame turns after it by e minus the limit. */
function clipYaw(observation: usize): void {
  const x = load<f32>(observation, 12),
    y = load<f32>(observation, 24);
  const length = sqrt<f32>(x * x + y * y);
  if (!(length > LEAST_HEADING) || x >= YAW_LIMIT * length) return;
  const cosError = x / length,
    sinError = y / length;
  const side: f32 = y < 0.0 ? -1.0 : 1.0;
  turnFrame(observation, YAW_LIMIT * (cosError + side * sinError), YAW_LIMIT * (sinError - side * cosError));
}

/** The vector whose x is at `at` and whose y is `pitch` bytes on, as seen from a frame turned about z. */
// @ts-ignore: decorator
@inline
function turn(at: usize, pitch: usize, cosYaw: f32, sinYaw: f32): void {
  const x = load<f32>(at),
    y = load<f32>(at + pitch);
  store<f32>(at, cosYaw * x + sinYaw * y);
  store<f32>(at + pitch, cosYaw * y - sinYaw * x);
}

/** What is beyond `credible`, or no number, stays, for the supervisor to refuse. */
// @ts-ignore: decorator
@inline
function clip(vector: usize, limit: f32, credible: f32): void {
  if (!(limit > 0.0)) return;
  for (let i: usize = 0; i < 12; i += 4) {
    const x = load<f32>(vector + i);
    if (abs<f32>(x) <= credible) store<f32>(vector + i, min<f32>(max<f32>(x, -limit), limit));
  }
}
