// A sum over the passes of a decision, for the read-out:
//
//   U[t] = U[t-1] + I[t]
//
// No parameters. State: U (n) q16, which begins each decision at 0.

import { clampI, MEMBRANE_LIMIT } from "../fixed-point";
import { absI, add, addI, greaterI, laneCount, loadF, loadI, maskF, splatI, storeF, storeI } from "../lanes";

export const SUM_STATE: i32 = 1;

/** No overflow: |U| <= 2^30 and |I| < 2^29 + 2^28 (fixed-point.ts); the sum saturates at +-2^30. */
export function sumForward(sum: usize, before: usize, current: usize, n: i32): void {
  if (ASC_FEATURE_SIMD) forwardLanes<v128>(sum, before, current, n);
  else forwardLanes<i32>(sum, before, current, n);
}

function forwardLanes<I>(sum: usize, before: usize, current: usize, n: i32): void {
  const group: usize = (<usize>laneCount<I>()) << 2;
  for (let at: usize = 0; at < (<usize>n) << 2; at += group) {
    storeI<I>(sum + at, clampI<I>(addI<I>(loadI<I>(before + at), loadI<I>(current + at)), MEMBRANE_LIMIT));
  }
}

/** d (n): dL/dU[t] without what comes from behind, on return with it: dL/dI. 0 where U[t] saturated. */
export function sumBackward(d: usize, dNext: usize, after: usize, n: i32): void {
  if (ASC_FEATURE_SIMD) backwardLanes<v128, v128>(d, dNext, after, n);
  else backwardLanes<f32, i32>(d, dNext, after, n);
}

function backwardLanes<F, I>(d: usize, dNext: usize, after: usize, n: i32): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let at: usize = 0; at < (<usize>n) << 2; at += group) {
    let dU = loadF<F>(d + at);
    if (dNext) dU = add<F>(dU, loadF<F>(dNext + at));
    const holds = greaterI<I>(splatI<I>(MEMBRANE_LIMIT), absI<I>(loadI<I>(after + at)));
    storeF<F>(d + at, maskF<F, I>(holds, dU));
  }
}
