// Leaky integrate-and-fire with a threshold that adapts (ALIF: Bellec et al. 2018, arXiv 1803.09574, and 2020, Nature
// Communications 11, 3625; here the strength stands in the trace, so that a trace is a threshold):
//
//   U[t] = leak U[t-1] + I[t] - S[t-1] threshold         the reset as in lif.ts: one step late, its spike detached
//   B[t] = adaptationLeak B[t-1] + adaptation S[t-1]
//   S[t] = 1 if U[t] > threshold + B[t] else 0
//
// Parameters, (n) each: leak, threshold, adaptationLeak, adaptation. State: U (n), B (n), q16.

import { clampI, MEMBRANE_LIMIT, mulLeak, PARAMETER_LIMIT, Q16_UNIT } from "../fixed-point";
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

export const ALIF_PARAMETERS: i32 = 4;
export const ALIF_STATE: i32 = 2;

/** leak and threshold begin U(0, 1) as those of lif.ts, the adaptation slow and weak: U(0.9, 1) and U(0, 0.5). */
export function alifInitial(row: i32, side: i32): f32 {
  if (row < 2) return <f32>side;
  if (row == 2) return side ? 1.0 : 0.9;
  return side ? 0.5 : 0.0;
}

// @ts-ignore: decorator
@inline
export function alifFires(state: usize, parameters: usize, row: usize, at: usize): bool {
  return load<i32>(state + at) > load<i32>(parameters + row + at) + load<i32>(state + row + at);
}

/**
 * No overflow: of U as in lif.ts; |adaptationLeak B| and |adaptation| <= 2^27, and B saturates at +-2^27; the sum with a
 * threshold is below 2^29.
 */
export function alifForward(
  state: usize,
  before: usize,
  current: usize,
  parameters: usize,
  n: i32,
  active: usize,
): i32 {
  if (ASC_FEATURE_SIMD) return forwardLanes<v128>(state, before, current, parameters, n, active);
  else return forwardLanes<i32>(state, before, current, parameters, n, active);
}

function forwardLanes<I>(
  state: usize,
  before: usize,
  current: usize,
  parameters: usize,
  n: i32,
  active: usize,
): i32 {
  const group: usize = (<usize>laneCount<I>()) << 2;
  const row = (<usize>n) << 2;
  let next = active;
  for (let at: usize = 0; at < row; at += group) {
    const p = parameters + at;
    const theta = loadI<I>(p + row);
    const u = loadI<I>(before + at),
      b = loadI<I>(before + row + at);
    const fired = greaterI<I>(u, addI<I>(theta, b));
    const kept = addI<I>(mulLeak<I>(loadI<I>(p), u), loadI<I>(current + at));
    const after = clampI<I>(subI<I>(kept, and<I>(fired, theta)), MEMBRANE_LIMIT);
    const trace = clampI<I>(
      addI<I>(mulLeak<I>(loadI<I>(p + 2 * row), b), and<I>(fired, loadI<I>(p + 3 * row))),
      PARAMETER_LIMIT,
    );
    storeI<I>(state + at, after);
    storeI<I>(state + row + at, trace);
    for (let bits = maskBits<I>(greaterI<I>(after, addI<I>(theta, trace))); bits; bits &= bits - 1) {
      store<u16>(next, <u16>((at >> 2) + ctz(bits)));
      next += 2;
    }
  }
  return <i32>(next - active) >> 1;
}

/**
 * Adjoint of one step; the way through the trace is kept, for it is what reaches far back.
 *
 *   x = U[t] - threshold - B[t]    ds = dS[t] + adaptation dB[t+1]    g: surrogate
 *   dU[t] = ds g(x) + leak dU[t+1]                    0 where U[t] saturated; dI[t] = dU[t]
 *   dB[t] = adaptationLeak dB[t+1] - ds g(x)          0 where B[t] saturated
 *   dleak += dU[t] U[t-1]    dthreshold -= ds g(x) + S[t-1] dU[t]
 *   dadaptationLeak += dB[t] B[t-1]    dadaptation += dB[t] S[t-1]
 *
 * carry (n) f32: dB of the step behind.
 */
export function alifBackward(
  d: usize,
  dNext: usize,
  carry: usize,
  before: usize,
  after: usize,
  parameters: usize,
  n: i32,
  surrogate: i32,
  slope: f32,
  dParameters: usize,
): void {
  if (ASC_FEATURE_SIMD)
    backwardLanes<v128, v128>(d, dNext, carry, before, after, parameters, n, surrogate, slope, dParameters);
  else backwardLanes<f32, i32>(d, dNext, carry, before, after, parameters, n, surrogate, slope, dParameters);
}

function backwardLanes<F, I>(
  d: usize,
  dNext: usize,
  carry: usize,
  before: usize,
  after: usize,
  parameters: usize,
  n: i32,
  surrogate: i32,
  slope: f32,
  dParameters: usize,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const row = (<usize>n) << 2;
  const unit = splat<F>(Q16_UNIT);
  for (let at: usize = 0; at < row; at += group) {
    const p = parameters + at,
      g = dParameters + at;
    const theta = loadI<I>(p + row);
    const u = loadI<I>(after + at),
      b = loadI<I>(after + row + at);
    const uBefore = loadI<I>(before + at),
      bBefore = loadI<I>(before + row + at);
    const fired = greaterI<I>(uBefore, addI<I>(theta, bBefore));
    const x = mul<F>(toF32<F, I>(subI<I>(subI<I>(u, theta), b)), unit);
    let ds = loadF<F>(d + at);
    if (dNext) {
      const adaptation = mul<F>(toF32<F, I>(loadI<I>(p + 3 * row)), unit);
      ds = add<F>(ds, mul<F>(adaptation, loadF<F>(carry + at)));
    }
    const through = mul<F>(ds, surrogateGradientLanes<F, I>(surrogate, x, slope));
    let dU = through,
      dB = sub<F>(splat<F>(0.0), through);
    if (dNext) {
      dU = add<F>(dU, mul<F>(mul<F>(toF32<F, I>(loadI<I>(p)), unit), loadF<F>(dNext + at)));
      dB = add<F>(dB, mul<F>(mul<F>(toF32<F, I>(loadI<I>(p + 2 * row)), unit), loadF<F>(carry + at)));
    }
    dU = maskF<F, I>(greaterI<I>(splatI<I>(MEMBRANE_LIMIT), absI<I>(u)), dU);
    dB = maskF<F, I>(greaterI<I>(splatI<I>(PARAMETER_LIMIT), absI<I>(b)), dB);
    storeF<F>(d + at, dU);
    storeF<F>(carry + at, dB);
    storeF<F>(g, add<F>(loadF<F>(g), mul<F>(dU, mul<F>(toF32<F, I>(uBefore), unit))));
    const reset = maskF<F, I>(fired, dU);
    storeF<F>(g + row, sub<F>(loadF<F>(g + row), add<F>(through, reset)));
    storeF<F>(g + 2 * row, add<F>(loadF<F>(g + 2 * row), mul<F>(dB, mul<F>(toF32<F, I>(bBefore), unit))));
    storeF<F>(g + 3 * row, add<F>(loadF<F>(g + 3 * row), maskF<F, I>(fired, dB)));
  }
}
