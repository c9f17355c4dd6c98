// Leaky integrate-and-fire layer: one step forward, and the whole sequence back. Reset by subtraction one step late,
// not scaled by the leak: snnTorch's `Leaky` with reset_mechanism="subtract" and its default reset_delay.
//
//   U[t] = leak U[t-1] + I[t] - S[t-1] threshold        S[t] = 1 if U[t] > threshold else 0
//
// S[t-1] is read off U[t-1], so the membranes are the whole state. One step is one control period.
//
// Parameters: leak (n), 0 .. 65536, then threshold (n) q16. State: U (n) q16.

import { clampI, MEMBRANE_LIMIT, mulLeak, Q16_UNIT } from "../fixed-point";
import {
  absI,
  add,
  addI,
  and,
  greaterI,
  laneCount,
  loadF,
  loadI,
  maskBits,
  maskF,
  mul,
  splat,
  splatI,
  storeF,
  storeI,
  sub,
  subI,
  toF32,
} from "../lanes";
import { surrogateGradientLanes } from "../surrogates/surrogate";

export const LIF_PARAMETERS: i32 = 2;
export const LIF_STATE: i32 = 1;

/** Leaks and thresholds begin U(0, 1). */
export function lifInitial(side: i32): f32 {
  return <f32>side;
}

// @ts-ignore: decorator
@inline
export function lifFires(membrane: usize, parameters: usize, row: usize, at: usize): bool {
  return load<i32>(membrane + at) > load<i32>(parameters + row + at);
}

/**
 * membrane (n) of step t from membranePrev (n) of step t-1 (may be the same place) and current (n), all q16. leak (n)
 * is 0 .. 65536, threshold (n) q16. Lists the spiking neurons in active (n) u16 and returns how many.
 *
 * No overflow: |leak U| <= 2^30, |I| < 2^29 + 2^28 (fixed-point.ts), |threshold| <= 2^27; the sum saturates at +-2^30.
 */
export function lifForward(
  membrane: usize,
  membranePrev: usize,
  current: usize,
  leak: usize,
  threshold: usize,
  n: i32,
  active: usize,
): i32 {
  if (ASC_FEATURE_SIMD)
    return lifForwardLanes<v128>(membrane, membranePrev, current, leak, threshold, n, active);
  else return lifForwardLanes<i32>(membrane, membranePrev, current, leak, threshold, n, active);
}

function lifForwardLanes<I>(
  membrane: usize,
  membranePrev: usize,
  current: usize,
  leak: usize,
  threshold: usize,
  n: i32,
  active: usize,
): i32 {
  const group: usize = (<usize>laneCount<I>()) << 2;
  let next = active;
  for (let at: usize = 0; at < (<usize>n) << 2; at += group) {
    const theta = loadI<I>(threshold + at);
    const before = loadI<I>(membranePrev + at);
    const reset = and<I>(greaterI<I>(before, theta), theta);
    const after = clampI<I>(
      subI<I>(addI<I>(mulLeak<I>(loadI<I>(leak + at), before), loadI<I>(current + at)), reset),
      MEMBRANE_LIMIT,
    );
    storeI<I>(membrane + at, after);
    for (let bits = maskBits<I>(greaterI<I>(after, theta)); bits; bits &= bits - 1) {
      store<u16>(next, <u16>((at >> 2) + ctz(bits)));
      next += 2;
    }
  }
  return <i32>(next - active) >> 1;
}

/**
 * Adjoint of one step. The reset's spike is detached, its threshold is not.
 *
 *   dU[t] = dS[t] g(U[t] - threshold) + leak dU[t+1]        0 where U[t] saturated; g: surrogate
 *   dI[t] = dU[t]    dleak += dU[t] U[t-1]    dthreshold -= dS[t] g + S[t-1] dU[t]
 *
 * d (n) f32 holds dL/dS[t] on entry and dL/dI[t] on return; dNext (n) is dL/dI[t+1], 0 where there
 * is none. before, after (n) q16 are the membranes of t-1 and t. dLeak, dThreshold (n) f32 accumulate.
 */
export function lifStepBackward(
  d: usize,
  dNext: usize,
  before: usize,
  after: usize,
  leak: usize,
  threshold: usize,
  n: i32,
  surrogate: i32,
  slope: f32,
  dLeak: usize,
  dThreshold: usize,
): void {
  if (ASC_FEATURE_SIMD)
    backwardLanes<v128, v128>(
      d,
      dNext,
      before,
      after,
      leak,
      threshold,
      n,
      surrogate,
      slope,
      dLeak,
      dThreshold,
    );
  else
    backwardLanes<f32, i32>(d, dNext, before, after, leak, threshold, n, surrogate, slope, dLeak, dThreshold);
}

function backwardLanes<F, I>(
  d: usize,
  dNext: usize,
  before: usize,
  after: usize,
  leak: usize,
  threshold: usize,
  n: i32,
  surrogate: i32,
  slope: f32,
  dLeak: usize,
  dThreshold: usize,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const unit = splat<F>(Q16_UNIT);
  for (let at: usize = 0; at < (<usize>n) << 2; at += group) {
    const theta = loadI<I>(threshold + at);
    const u = loadI<I>(after + at),
      uPrev = loadI<I>(before + at);
    const x = mul<F>(toF32<F, I>(subI<I>(u, theta)), unit);
    const through = mul<F>(loadF<F>(d + at), surrogateGradientLanes<F, I>(surrogate, x, slope));
    let dU = through;
    if (dNext) dU = add<F>(dU, mul<F>(mul<F>(toF32<F, I>(loadI<I>(leak + at)), unit), loadF<F>(dNext + at)));
    dU = maskF<F, I>(greaterI<I>(splatI<I>(MEMBRANE_LIMIT), absI<I>(u)), dU);
    storeF<F>(d + at, dU);
    storeF<F>(dLeak + at, add<F>(loadF<F>(dLeak + at), mul<F>(dU, mul<F>(toF32<F, I>(uPrev), unit))));
    const reset = maskF<F, I>(greaterI<I>(uPrev, theta), dU);
    storeF<F>(dThreshold + at, sub<F>(loadF<F>(dThreshold + at), add<F>(through, reset)));
  }
}
