// Narrow weights: i8 with a scale per postsynaptic neuron, for half the flash. Symmetric, after training; layer 1, which
// takes real values, keeps its i16.

import { addI, laneCount, loadI, loadI8, mulI, quarterI8, splatI, storeI } from "../lanes";
import {
  imageBias3,
  imageNeurons2,
  imageWeights1,
  imageWeights2,
  imageWeights3,
  narrowImageInit,
  narrowScales,
  OUTPUTS,
  PolicyImage,
} from "./network";

const NARROW_LIMIT: i32 = 127;

/**
 * current (n) q16 = bias + scale times the sum of the rows of weights (_, n) i8 named in active (count) u16. scale, bias
 * (n) q16, n a multiple of 4. No overflow: up to 2^10 rows of 127 are below 2^17, and a scale is at most 4129 (the widest
 * i16 weight, 8, over 127), so the product is below 2^29 + 2^17 and the current below 2^29 + 2^28.
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

/** Writes the narrow form (narrowImageBytes) of an i16 image. */
export function narrowPolicy(image: usize, narrowed: usize): void {
  const p = changetype<PolicyImage>(image),
    q = changetype<PolicyImage>(narrowed);
  narrowImageInit(narrowed, p.hidden1, p.hidden2, p.productBits, p.weightBits2, p.weightBits3);
  memory.copy(imageWeights1(q), imageWeights1(p), imageWeights2(p) - imageWeights1(p));
  narrowRows(imageWeights2(p), imageWeights2(q), p.hidden1, p.hidden2, p.weightBits2);
  memory.copy(imageNeurons2(q), imageNeurons2(p), imageWeights3(p) - imageNeurons2(p));
  narrowRows(imageWeights3(p), imageWeights3(q), p.hidden2, OUTPUTS, p.weightBits3);
  memory.copy(imageBias3(q), imageBias3(p), 4 * OUTPUTS);
}

/** The scale of a neuron makes its largest weight 127; the others to nearest, ties away from zero. */
function narrowRows(wide: usize, narrow: usize, nIn: i32, nOut: i32, weightBits: i32): void {
  const scales = narrowScales(narrow, nIn, nOut);
  for (let j = 0; j < nOut; j++) {
    let largest = 1;
    for (let i = 0; i < nIn; i++) {
      const w = weightQ16(wide, i * nOut + j, weightBits);
      largest = max(largest, w < 0 ? -w : w);
    }
    const scale = (largest + NARROW_LIMIT - 1) / NARROW_LIMIT;
    store<i32>(scales + ((<usize>j) << 2), scale);
    for (let i = 0; i < nIn; i++) {
      const w = weightQ16(wide, i * nOut + j, weightBits);
      store<i8>(narrow + <usize>(i * nOut + j), <i8>((w + (w < 0 ? -(scale >> 1) : scale >> 1)) / scale));
    }
  }
}

// @ts-ignore: decorator
@inline
function weightQ16(weights: usize, index: i32, weightBits: i32): i32 {
  return (<i32>load<i16>(weights + ((<usize>index) << 1))) << (16 - weightBits);
}
