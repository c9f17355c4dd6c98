// An episode terminates when position, velocity or angular velocity leaves its bound in any axis, or is not finite.

import { abs, laneCount, lessOrEqualF, loadF, maskBits, splat } from "../lanes";
import { Body } from "../physics/rigid-body";

@unmanaged
export abstract class Bounds {
  positionM: f32;
  velocityMPerS: f32;
  angularVelocityRadPerS: f32;
}

/** One bit a lane: the body (23 words) is out of bounds. A NaN is: it is not within them. */
export function outOfBounds<F, I>(bounds: Bounds, body: usize): i32 {
  const inside =
    axesInside<F, I>(body, Body.POSITION, bounds.positionM) &
    axesInside<F, I>(body, Body.VELOCITY, bounds.velocityMPerS) &
    axesInside<F, I>(body, Body.ANGULAR_VELOCITY, bounds.angularVelocityRadPerS);
  return ~inside & ((1 << laneCount<F>()) - 1);
}

// @ts-ignore: decorator
@inline
function axesInside<F, I>(body: usize, first: usize, bound: f32): i32 {
  const group: usize = (<usize>laneCount<F>()) << 2;
  let bits = -1;
  for (let axis: usize = 0; axis < 3; axis++) {
    const x = abs<F>(loadF<F>(body + (first + axis) * group));
    bits &= maskBits<I>(lessOrEqualF<F, I>(x, splat<F>(bound)));
  }
  return bits;
}
