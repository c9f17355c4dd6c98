// Leaky integrator without a spike, for the read-out:
//
//   U[t] = leak U[t-1] + I[t]
//
// Parameters: leak (n), 0 .. 65536. State: U (n) q16.

import { clampI, MEMBRANE_LIMIT, mulLeak, Q16_UNIT } from "../fixed-point";
import {
  absI,
  add,
  addI,
  greaterI,
  laneCount,
  loadF,
  loadI,
  maskF,
  mul,
  splat,
  splatI,
  storeF,
  storeI,
  toF32,
} from "../lanes";

export const LI_PARAMETERS: i32 = 1;
export const LI_STATE: i32 = 1;

/** Leaks begin U(0, 1). */
export function liInitial(side: i32): f32 {
  return <f32>side;
}

/** No overflow: |leak U| <= 2^30 and |I| < 2^29 + 2^28 (fixed-point.ts); the sum saturates at +-2^30. */
export function liForward(membrane: usize, before: usize, current: usize, leak: usize, n: i32): void {
  if (ASC_FEATURE_SIMD) forwardLanes<v128>(membrane, before, current, leak, n);
  else forwardLanes<i32>(membrane, before, current, leak, n);
}

function forwardLanes<I>(membrane: usize, before: usize, current: usize, leak: usize, n: i32): void {
  const group: usize = (<usize>laneCount<I>()) << 2;
  for (let at: usize = 0; at < (<usize>n) << 2; at += group) {
    const kept = mulLeak<I>(loadI<I>(leak + at), loadI<I>(before + at));
    storeI<I>(membrane + at, clampI<I>(addI<I>(kept, loadI<I>(current + at)), MEMBRANE_LIMIT));
  }
}

/** d (n): dL/dU[t] without what comes from behind, on return with it: dL/dI. 0 where U[t] saturated. */
export function liBackward(
  d: usize,
  dNext: usize,
  before: usize,
  after: usize,
  leak: usize,
  n: i32,
  dLeak: usize,
): void {
  if (ASC_FEATURE_SIMD) backwardLanes<v128, v128>(d, dNext, before, after, leak, n, dLeak);
  else backwardLanes<f32, i32>(d, dNext, before, after, leak, n, dLeak);
}

function backwardLanes<F, I>(
  d: usize,
  dNext: usize,
  before: usize,
  after: usize,
  leak: usize,
  n: i32,
  dLeak: usize,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const unit = splat<F>(Q16_UNIT);
  for (let at: usize = 0; at < (<usize>n) << 2; at += group) {
    let dU = loadF<F>(d + at);
    if (dNext) dU = add<F>(dU, mul<F>(mul<F>(toF32<F, I>(loadI<I>(leak + at)), unit), loadF<F>(dNext + at)));
    dU = maskF<F, I>(greaterI<I>(splatI<I>(MEMBRANE_LIMIT), absI<I>(loadI<I>(after + at))), dU);
    storeF<F>(d + at, dU);
    const u = mul<F>(toF32<F, I>(loadI<I>(before + at)), unit);
    storeF<F>(dLeak + at, add<F>(loadF<F>(dLeak + at), mul<F>(dU, u)));
  }
}
