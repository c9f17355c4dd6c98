// Narrow weights: i8 with a scale per postsynaptic neuron, for half the flash. Symmetric: the scale makes the largest
// weight of a neuron 127. Made after training, or trained as they are: the same rounding of the same master. Layer 1,
// which takes real values, keeps its i16.

import { powerOfTwo, quantise } from "../fixed-point";
import { addI, laneCount, loadI, loadI8, mulI, quarterI8, splatI, storeI } from "../lanes";

const NARROW_LIMIT: i32 = 127;
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

// @ts-ignore: decorator
@inline
function storeScaled<I>(current: usize, sum: I, scale: usize, bias: usize, at: usize): void {
  storeI<I>(current + at, addI<I>(mulI<I>(sum, loadI<I>(scale + at)), loadI<I>(bias + at)));
}

/** Weights that a neuron's scale is made for: q16 of i16 with `bits` fraction bits, or of an f32 master rounded to such. */
// @ts-ignore: decorator
@inline
function weightQ16(weights: usize, isMaster: bool, index: i32, bits: i32): i32 {
  const at = <usize>index;
  const q = isMaster
    ? quantise(load<f32>(weights + (at << 2)), powerOfTwo(bits), WIDE_LIMIT)
    : <i32>load<i16>(weights + (at << 1));
  return q << (16 - bits);
}

/** narrow (nIn, n) i8 and its scales (n) i32 of weights (nIn, n); to nearest, ties away from zero. */
export function narrowRows(
  weights: usize,
  isMaster: bool,
  narrow: usize,
  scales: usize,
  nIn: i32,
  n: i32,
  bits: i32,
): void {
  for (let j = 0; j < n; j++) {
    let largest = 1;
    for (let i = 0; i < nIn; i++) {
      const w = weightQ16(weights, isMaster, i * n + j, bits);
      largest = max(largest, w < 0 ? -w : w);
    }
    const scale = (largest + NARROW_LIMIT - 1) / NARROW_LIMIT;
    store<i32>(scales + ((<usize>j) << 2), scale);
    for (let i = 0; i < nIn; i++) {
      const w = weightQ16(weights, isMaster, i * n + j, bits);
      store<i8>(narrow + <usize>(i * n + j), <i8>((w + (w < 0 ? -(scale >> 1) : scale >> 1)) / scale));
    }
  }
}
