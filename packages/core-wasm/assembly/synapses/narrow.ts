// Narrow weights: i8 with a scale per postsynaptic neuron, for half the flash, or 4 bits into the motors. Symmetric: the
// scale makes the largest weight of a neuron 127, or 7. Made after training, or trained as they are: the same rounding of
// the same master. Layer 1, which takes real values, keeps its i16.

import { powerOfTwo, quantise } from "../fixed-point";
import { addI, laneCount, loadI, loadI8, mulI, quarterI8, splatI, storeI } from "../lanes";
import { narrowLimit, narrowScales, scaledWeight, storeNarrowWeight, WeightFormat } from "./weight-format";

const WIDE_LIMIT: i32 = 32767;

/**
 * current (n) q16 = bias + scale times the sum of the rows of weights (_, n) i8 named in active (count) u16. scale, bias
 * (n) q16, n a multiple of 4. No overflow: a weight is below 2^19 + 2^7 (8 in q16, the widest i16 weight, over 127, rounded up,
 * times 127), so that of MAX_FAN_IN rows the current is within the bound of fixed-point.ts. bias may be the current itself.
 */
export function narrowCurrent(
  current: usize,
  active: usize,
  count: i32,
  weights: usize,
  scale: usize,
  bias: usize,
  n: i32,
): void {
  if (ASC_FEATURE_SIMD) narrowCurrentLanes<v128>(current, active, count, weights, scale, bias, n);
  else narrowCurrentLanes<i32>(current, active, count, weights, scale, bias, n);
}

function narrowCurrentLanes<I>(
  current: usize,
  active: usize,
  count: i32,
  weights: usize,
  scale: usize,
  bias: usize,
  n: i32,
): void {
  const lanes = laneCount<I>();
  const group: usize = (<usize>lanes) << 2; // bytes of a lane group: as many i8, or a quarter as many i32
  const end = active + ((<usize>count) << 1);
  let j = 0;
  for (; j + 8 * lanes <= n; j += 8 * lanes) {
    let s0 = splatI<I>(0),
      s1 = splatI<I>(0),
      s2 = splatI<I>(0),
      s3 = splatI<I>(0);
    let s4 = splatI<I>(0),
      s5 = splatI<I>(0),
      s6 = splatI<I>(0),
      s7 = splatI<I>(0);
    const columns = weights + j;
    for (let a = active; a < end; a += 2) {
      const w = columns + <usize>load<u16>(a) * n;
      const w0123 = loadI<I>(w),
        w4567 = loadI<I>(w + group);
      s0 = addI<I>(s0, quarterI8<I>(w0123, 0));
      s1 = addI<I>(s1, quarterI8<I>(w0123, 1));
      s2 = addI<I>(s2, quarterI8<I>(w0123, 2));
      s3 = addI<I>(s3, quarterI8<I>(w0123, 3));
      s4 = addI<I>(s4, quarterI8<I>(w4567, 0));
      s5 = addI<I>(s5, quarterI8<I>(w4567, 1));
      s6 = addI<I>(s6, quarterI8<I>(w4567, 2));
      s7 = addI<I>(s7, quarterI8<I>(w4567, 3));
    }
    const at = (<usize>j) << 2;
    storeScaled<I>(current, s0, scale, bias, at);
    storeScaled<I>(current, s1, scale, bias, at + group);
    storeScaled<I>(current, s2, scale, bias, at + 2 * group);
    storeScaled<I>(current, s3, scale, bias, at + 3 * group);
    storeScaled<I>(current, s4, scale, bias, at + 4 * group);
    storeScaled<I>(current, s5, scale, bias, at + 5 * group);
    storeScaled<I>(current, s6, scale, bias, at + 6 * group);
    storeScaled<I>(current, s7, scale, bias, at + 7 * group);
  }
  for (; j < n; j += lanes) {
    let s = splatI<I>(0);
    for (let a = active; a < end; a += 2) s = addI<I>(s, loadI8<I>(weights + <usize>load<u16>(a) * n + j));
    storeScaled<I>(current, s, scale, bias, (<usize>j) << 2);
  }
}

/** A current: the sum of narrow weights times their scale, and the bias. */
// @ts-ignore: decorator
@inline
export function storeScaled<I>(current: usize, sum: I, scale: usize, bias: usize, at: usize): void {
  storeI<I>(current + at, addI<I>(mulI<I>(sum, loadI<I>(scale + at)), loadI<I>(bias + at)));
}

/** What weights are made narrow of, beside a WeightFormat: the f32 master. */
export const MASTER: i32 = -1;

/** Weight i, of neuron j, of (nIn, n) in any form with `bits` fraction bits, as q16; a master is rounded to i16 first. */
// @ts-ignore: decorator
@inline
function weightQ16(weights: usize, form: i32, i: i32, j: i32, nIn: i32, n: i32, bits: i32): i32 {
  const at = <usize>i;
  if (form == MASTER)
    return quantise(load<f32>(weights + (at << 2)), powerOfTwo(bits), WIDE_LIMIT) << (16 - bits);
  if (form == WeightFormat.I16) return (<i32>load<i16>(weights + (at << 1))) << (16 - bits);
  return scaledWeight(weights, i, j, nIn, n, form);
}

/**
 * narrow (nIn, n) in a format, with scales, of weights (nIn, n) in any form: to nearest, ties away from zero. The scale of a
 * neuron is the least that keeps its largest weight within the format.
 */
export function narrowRows(
  weights: usize,
  form: i32,
  narrow: usize,
  format: i32,
  nIn: i32,
  n: i32,
  bits: i32,
): void {
  const scales = narrowScales(narrow, nIn, n, format),
    limit = narrowLimit(format);
  for (let j = 0; j < n; j++) {
    let largest = 1;
    for (let i = 0; i < nIn; i++) {
      const w = weightQ16(weights, form, i * n + j, j, nIn, n, bits);
      largest = max(largest, w < 0 ? -w : w);
    }
    const scale = (largest + limit - 1) / limit;
    store<i32>(scales + ((<usize>j) << 2), scale);
    for (let i = 0; i < nIn; i++) {
      const w = weightQ16(weights, form, i * n + j, j, nIn, n, bits);
      storeNarrowWeight(narrow, i * n + j, format, (w + (w < 0 ? -(scale >> 1) : scale >> 1)) / scale);
    }
  }
}
