// One control period: the classical Runge-Kutta step with constant setpoints, then one normalisation of the
// quaternion and one clamp of the rotors (REFERENCE section 1.1; nothing is normalised inside the step).

import { add, div, laneCount, loadF, max, min, mul, mulAdd, splat, sqrt, storeF } from "../lanes";
import { Airframe } from "./airframe";
import { BODY_WORDS, Body, bodyDerivative, INTEGRATED_WORDS } from "./rigid-body";

/** Words of scratch for one lane group: a trial state, a rate, the weighted sum of rates. */
export const INTEGRATE_SCRATCH_WORDS: i32 = BODY_WORDS + 2 * INTEGRATED_WORDS;

/** Advances body (23 words a lane group) by one airframe step under setpoint (4 words). */
export function integrateBody<F, I>(a: Airframe, body: usize, setpoint: usize, scratch: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const trial = scratch;
  const rate = trial + <usize>BODY_WORDS * group;
  const sum = rate + <usize>INTEGRATED_WORDS * group;
  memory.copy(
    trial + <usize>INTEGRATED_WORDS * group,
    body + <usize>INTEGRATED_WORDS * group,
    <usize>(BODY_WORDS - INTEGRATED_WORDS) * group,
  );

  bodyDerivative<F, I>(a, body, setpoint, sum); // k1
  advance<F>(body, sum, a.stepS * 0.5, trial, group);
  bodyDerivative<F, I>(a, trial, setpoint, rate); // k2
  accumulate<F>(sum, rate, 2.0, group);
  advance<F>(body, rate, a.stepS * 0.5, trial, group);
  bodyDerivative<F, I>(a, trial, setpoint, rate); // k3
  accumulate<F>(sum, rate, 2.0, group);
  advance<F>(body, rate, a.stepS, trial, group);
  bodyDerivative<F, I>(a, trial, setpoint, rate); // k4
  accumulate<F>(sum, rate, 1.0, group);
  advance<F>(body, sum, a.stepS * <f32>(1.0 / 6.0), body, group);

  normaliseQuaternion<F>(body + Body.QUATERNION * group, group);
  for (let i: usize = 0; i < 4; i++) {
    const at = body + (Body.ROTOR + i) * group;
    storeF<F>(at, min<F>(max<F>(loadF<F>(at), splat<F>(a.rotorMin)), splat<F>(a.rotorMax)));
  }
}

/** out = body + dt * rate, over the integrated words; out may be body. */
// @ts-ignore: decorator
@inline
function advance<F>(body: usize, rate: usize, dt: f32, out: usize, group: usize): void {
  for (let i: usize = 0; i < <usize>INTEGRATED_WORDS * group; i += group) {
    storeF<F>(out + i, mulAdd<F>(splat<F>(dt), loadF<F>(rate + i), loadF<F>(body + i)));
  }
}

// @ts-ignore: decorator
@inline
function accumulate<F>(sum: usize, rate: usize, weight: f32, group: usize): void {
  for (let i: usize = 0; i < <usize>INTEGRATED_WORDS * group; i += group) {
    storeF<F>(sum + i, mulAdd<F>(splat<F>(weight), loadF<F>(rate + i), loadF<F>(sum + i)));
  }
}

// @ts-ignore: decorator
@inline
function normaliseQuaternion<F>(q: usize, group: usize): void {
  const w = loadF<F>(q),
    x = loadF<F>(q + group),
    y = loadF<F>(q + 2 * group),
    z = loadF<F>(q + 3 * group);
  const norm = sqrt<F>(add<F>(add<F>(mul<F>(w, w), mul<F>(x, x)), add<F>(mul<F>(y, y), mul<F>(z, z))));
  storeF<F>(q, div<F>(w, norm));
  storeF<F>(q + group, div<F>(x, norm));
  storeF<F>(q + 2 * group, div<F>(y, norm));
  storeF<F>(q + 3 * group, div<F>(z, norm));
}
