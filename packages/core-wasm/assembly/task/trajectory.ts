// Reference trajectories: where the target is and how fast it moves at time t. The figure-eight has the form and the ramp
// of L2F's firmware (learning_to_fly_controller; there 2 m wide, 1 m deep, 5.5 s a round); the circle has the same ramp:
// the size grows from 0 during the first seconds, so that every trajectory begins at the origin. The square is flown edge by edge at constant speed from its first corner, the origin.

import { F32s } from "../addresses";
import { cosTurns, sinTurns } from "../deterministic-math";

// @ts-ignore: decorator
@shared
export namespace Trajectory {
  export const HOVER: i32 = 0;
  export const CIRCLE: i32 = 1;
  export const FIGURE_EIGHT: i32 = 2;
  export const SQUARE: i32 = 3;
}

const RAMP_S: f32 = 2.0;

/**
 * target (6) f32: position (m) and velocity (m/s) at time t (s). size: diameter of the circle, width of the figure-eight (twice its depth),
 * edge of the square, m; period: s for one round.
 */
export function trajectoryTarget(kind: i32, t: f32, size: f32, period: f32, target: F32s): void {
  memory.fill(target, 0, 24);
  if (kind == Trajectory.SQUARE) squareTarget(t, size, period, target);
  else if (kind != Trajectory.HOVER) curveTarget(kind, t, size, period, target);
}

function curveTarget(kind: i32, t: f32, size: f32, period: f32, target: usize): void {
  const ramp = f32.min(t / RAMP_S, 1.0);
  const rampRate: f32 = t < RAMP_S ? 1.0 / RAMP_S : 0.0;
  const turns = t / period;
  const rate: f32 = 6.28318530717958648 / period;
  const radius: f32 = 0.5 * size;
  const s = sinTurns<f32, i32>(turns),
    c = cosTurns<f32, i32>(turns);
  const x = radius * c,
    dx = -radius * rate * s;
  let y = radius * s,
    dy = radius * rate * c;
  if (kind == Trajectory.FIGURE_EIGHT) {
    y = <f32>0.5 * radius * sinTurns<f32, i32>(<f32>2.0 * turns);
    dy = radius * rate * cosTurns<f32, i32>(<f32>2.0 * turns);
  }
  store<f32>(target, ramp * x);
  store<f32>(target, ramp * y, 4);
  store<f32>(target, ramp * dx + rampRate * x, 12);
  store<f32>(target, ramp * dy + rampRate * y, 16);
}

function squareTarget(t: f32, size: f32, period: f32, target: usize): void {
  const edges = t / (<f32>0.25 * period);
  const edge = <i32>f32.floor(edges);
  const along: f32 = size * (edges - f32.floor(edges));
  const speed: f32 = size / (<f32>0.25 * period);
  const side = edge & 3;
  store<f32>(target, side == 0 ? along : side == 1 ? size : side == 2 ? size - along : <f32>0.0);
  store<f32>(target, side == 1 ? along : side == 2 ? size : side == 3 ? size - along : <f32>0.0, 4);
  store<f32>(target, side == 0 ? speed : side == 2 ? -speed : <f32>0.0, 12);
  store<f32>(target, side == 1 ? speed : side == 3 ? -speed : <f32>0.0, 16);
}
