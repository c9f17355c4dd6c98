// One control period: the classical Runge-Kutta step with constant setpoints, then one normalisation of the
// quaternion and one clamp of the rotors (REFERENCE section 1.1; nothing is normalised inside the step).

import {
  add,
  and,
  div,
  greaterF,
  laneCount,
  lessOrEqualF,
  loadF,
  maskF,
  max,
  min,
  mul,
  mulAdd,
  splat,
  sqrt,
  storeF,
  sub,
} from "../lanes";
import { Airframe, airframeField } from "./airframe";
import { BODY_WORDS, Body, bodyDerivative, INTEGRATED_WORDS } from "./rigid-body";
import { bodyDerivativeBackward } from "./rigid-body-backward";

/** Words of scratch for one lane group: a trial state, a rate, the weighted sum of rates. */
export const INTEGRATE_SCRATCH_WORDS: i32 = BODY_WORDS + 2 * INTEGRATED_WORDS;

/** Advances body (23 words a lane group) by dt (s) under setpoint (4 words): one Runge-Kutta step; a: its airframes. */
export function integrateBody<F, I>(a: usize, body: usize, setpoint: usize, dt: F, scratch: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const trial = scratch;
  const rate = trial + <usize>BODY_WORDS * group;
  const sum = rate + <usize>INTEGRATED_WORDS * group;
  copyConstants(body, trial, group);
  weighStages<F, I>(a, body, setpoint, dt, trial, trial, trial, rate, sum);
  advance<F>(body, sum, mul<F>(dt, splat<F>(<f32>(1.0 / 6.0))), body, group);

  normaliseQuaternion<F>(body + Body.QUATERNION * group, group);
  for (let i: usize = 0; i < 4; i++) {
    const at = body + (Body.ROTOR + i) * group;
    storeF<F>(
      at,
      min<F>(
        max<F>(loadF<F>(at), airframeField<F>(a, offsetof<Airframe>("rotorMin"))),
        airframeField<F>(a, offsetof<Airframe>("rotorMax")),
      ),
    );
  }
}

/** Force and torque, constant through a step. */
// @ts-ignore: decorator
@inline
function copyConstants(body: usize, stage: usize, group: usize): void {
  const integrated = <usize>INTEGRATED_WORDS * group;
  memory.copy(stage + integrated, body + integrated, <usize>(BODY_WORDS - INTEGRATED_WORDS) * group);
}

/**
 * sum = k1 + 2 k2 + 2 k3 + k4, each of 17 words: the rates at body and at the three states that follow from it, which are
 * left in stage2 to stage4 (may be one place; their constants are there already). rate is scratch.
 */
function weighStages<F, I>(
  a: usize,
  body: usize,
  setpoint: usize,
  dt: F,
  stage2: usize,
  stage3: usize,
  stage4: usize,
  rate: usize,
  sum: usize,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const half = mul<F>(dt, splat<F>(0.5));
  bodyDerivative<F, I>(a, body, setpoint, sum); // k1
  advance<F>(body, sum, half, stage2, group);
  bodyDerivative<F, I>(a, stage2, setpoint, rate); // k2
  accumulate<F>(sum, rate, 2.0, group);
  advance<F>(body, rate, half, stage3, group);
  bodyDerivative<F, I>(a, stage3, setpoint, rate); // k3
  accumulate<F>(sum, rate, 2.0, group);
  advance<F>(body, rate, dt, stage4, group);
  bodyDerivative<F, I>(a, stage4, setpoint, rate); // k4
  accumulate<F>(sum, rate, 1.0, group);
}

/** out = body + dt * rate, over the integrated words; out may be body. */
// @ts-ignore: decorator
@inline
function advance<F>(body: usize, rate: usize, dt: F, out: usize, group: usize): void {
  for (let i: usize = 0; i < <usize>INTEGRATED_WORDS * group; i += group) {
    storeF<F>(out + i, mulAdd<F>(dt, loadF<F>(rate + i), loadF<F>(body + i)));
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

/** Words of scratch for one lane group of integrateBodyBackward. */
export const INTEGRATE_BACKWARD_SCRATCH_WORDS: i32 = 3 * BODY_WORDS + 3 * INTEGRATED_WORDS;

/**
 * Adjoint of integrateBody: dBody (17 words) is dL/d(body after) on entry and dL/d(body before) on return; adds
 * dL/dsetpoint to dSetpoint (4 words). body (23 words) is the state before; the four stages are computed again. dt gets
 * no gradient.
 */
export function integrateBodyBackward<F, I>(
  a: usize,
  body: usize,
  setpoint: usize,
  dt: F,
  dBody: usize,
  dSetpoint: usize,
  scratch: usize,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const integrated = <usize>INTEGRATED_WORDS * group;
  const stage2 = scratch,
    stage3 = stage2 + <usize>BODY_WORDS * group,
    stage4 = stage3 + <usize>BODY_WORDS * group;
  const rate = stage4 + <usize>BODY_WORDS * group,
    sum = rate + integrated,
    dSum = sum + integrated;
  const half = mul<F>(dt, splat<F>(0.5)),
    sixth = mul<F>(dt, splat<F>(<f32>(1.0 / 6.0)));
  copyConstants(body, stage2, group);
  copyConstants(body, stage3, group);
  copyConstants(body, stage4, group);

  weighStages<F, I>(a, body, setpoint, dt, stage2, stage3, stage4, rate, sum);
  advance<F>(body, sum, sixth, rate, group); // the state before normalisation and clamps

  normaliseQuaternionBackward<F>(rate + Body.QUATERNION * group, dBody + Body.QUATERNION * group, group);
  for (let i: usize = 0; i < 4; i++) {
    const r = loadF<F>(rate + (Body.ROTOR + i) * group),
      at = dBody + (Body.ROTOR + i) * group;
    const kept = and<I>(
      greaterF<F, I>(r, airframeField<F>(a, offsetof<Airframe>("rotorMin"))),
      lessOrEqualF<F, I>(r, airframeField<F>(a, offsetof<Airframe>("rotorMax"))),
    );
    storeF<F>(at, maskF<F, I>(kept, loadF<F>(at)));
  }

  // dk4 = dt/6 d; dk3 = dt/3 d + dt dstage4; dk2 = dt/3 d + dt/2 dstage3; dk1 = dt/6 d + dt/2 dstage2; and every dstage
  // goes to the state before as well.
  const dStage = sum;
  scaleInto<F>(dSum, dBody, sixth, integrated, group);
  memory.copy(rate, dSum, integrated);
  memory.fill(dStage, 0, integrated);
  bodyDerivativeBackward<F, I>(a, stage4, setpoint, rate, dStage, dSetpoint);
  nextRate<F>(rate, dSum, 2.0, dStage, dt, dBody, integrated, group);
  bodyDerivativeBackward<F, I>(a, stage3, setpoint, rate, dStage, dSetpoint);
  nextRate<F>(rate, dSum, 2.0, dStage, half, dBody, integrated, group);
  bodyDerivativeBackward<F, I>(a, stage2, setpoint, rate, dStage, dSetpoint);
  nextRate<F>(rate, dSum, 1.0, dStage, half, dBody, integrated, group);
  bodyDerivativeBackward<F, I>(a, body, setpoint, rate, dBody, dSetpoint);
}

/** out = x scale, over the integrated words. */
// @ts-ignore: decorator
@inline
function scaleInto<F>(out: usize, x: usize, scale: F, bytes: usize, group: usize): void {
  for (let i: usize = 0; i < bytes; i += group) storeF<F>(out + i, mul<F>(scale, loadF<F>(x + i)));
}

/** dRate = weight dSum + dt dStage; dBody += dStage; dStage = 0. */
// @ts-ignore: decorator
@inline
function nextRate<F>(
  dRate: usize,
  dSum: usize,
  weight: f32,
  dStage: usize,
  dt: F,
  dBody: usize,
  bytes: usize,
  group: usize,
): void {
  for (let i: usize = 0; i < bytes; i += group) {
    const d = loadF<F>(dStage + i);
    storeF<F>(dRate + i, add<F>(mul<F>(splat<F>(weight), loadF<F>(dSum + i)), mul<F>(dt, d)));
    storeF<F>(dBody + i, add<F>(loadF<F>(dBody + i), d));
    storeF<F>(dStage + i, splat<F>(0.0));
  }
}

/** Of y / |y|: d = (d - y (y . d) / |y|^2) / |y|. */
// @ts-ignore: decorator
@inline
function normaliseQuaternionBackward<F>(y: usize, d: usize, group: usize): void {
  const w = loadF<F>(y),
    x = loadF<F>(y + group),
    yy = loadF<F>(y + 2 * group),
    z = loadF<F>(y + 3 * group);
  const dw = loadF<F>(d),
    dx = loadF<F>(d + group),
    dy = loadF<F>(d + 2 * group),
    dz = loadF<F>(d + 3 * group);
  const square = add<F>(add<F>(mul<F>(w, w), mul<F>(x, x)), add<F>(mul<F>(yy, yy), mul<F>(z, z)));
  const along = div<F>(
    add<F>(add<F>(mul<F>(w, dw), mul<F>(x, dx)), add<F>(mul<F>(yy, dy), mul<F>(z, dz))),
    square,
  );
  const norm = sqrt<F>(square);
  storeF<F>(d, div<F>(sub<F>(dw, mul<F>(w, along)), norm));
  storeF<F>(d + group, div<F>(sub<F>(dx, mul<F>(x, along)), norm));
  storeF<F>(d + 2 * group, div<F>(sub<F>(dy, mul<F>(yy, along)), norm));
  storeF<F>(d + 3 * group, div<F>(sub<F>(dz, mul<F>(z, along)), norm));
}
