// Synaptic currents: weights times inputs, in q16. Layer 1 takes the real-valued observation, the others take spikes
// and touch only the rows of the neurons that fired.

import {
  add,
  addI,
  dotPairs,
  highI16,
  laneCount,
  loadF,
  loadI,
  loadI16,
  lowI16,
  shiftLeft,
  shiftRight,
  splatI,
  storeF,
  storeI,
} from "../lanes";
import { INPUT_PAIRS } from "./network";

/** Bits dropped from each pair of products before they are summed. */
const PAIR_SHIFT: i32 = 4;

/**
 * current (n) q16 = bias + observation (18) i16 times weights (9, n, 2) i16; a product has productBits fraction bits.
 * No overflow: a pair of products is below 2^31 in magnitude (weights stay off -32768), nine of them shifted right by 4
 * are below 2^31; after the second shift the current is below 2^31 / 2^(productBits - 20), and the bias below 2^27.
 * With productBits >= 23 the sum is below 2^29. Rounding: floor at 2^-(productBits - 4), then to nearest at 2^-16.
 */
export function denseCurrent(
  current: usize,
  observation: usize,
  weights: usize,
  bias: usize,
  n: i32,
  productBits: i32,
): void {
  if (ASC_FEATURE_SIMD) denseCurrentLanes<v128>(current, observation, weights, bias, n, productBits);
  else denseCurrentLanes<i32>(current, observation, weights, bias, n, productBits);
}

function denseCurrentLanes<I>(
  current: usize,
  observation: usize,
  weights: usize,
  bias: usize,
  n: i32,
  productBits: i32,
): void {
  const group: usize = (<usize>laneCount<I>()) << 2;
  const row = (<usize>n) << 2;
  const shift = productBits - PAIR_SHIFT - 16;
  const half = splatI<I>((1 << shift) >> 1);
  let at: usize = 0;
  for (; at + 4 * group <= row; at += 4 * group) {
    let s0 = half,
      s1 = half,
      s2 = half,
      s3 = half;
    let w = weights + at;
    for (let pair = 0; pair < INPUT_PAIRS; pair++, w += row) {
      const x = splatI<I>(load<i32>(observation + ((<usize>pair) << 2)));
      s0 = addI<I>(s0, shiftRight<I>(dotPairs<I>(loadI<I>(w), x), PAIR_SHIFT));
      s1 = addI<I>(s1, shiftRight<I>(dotPairs<I>(loadI<I>(w + group), x), PAIR_SHIFT));
      s2 = addI<I>(s2, shiftRight<I>(dotPairs<I>(loadI<I>(w + 2 * group), x), PAIR_SHIFT));
      s3 = addI<I>(s3, shiftRight<I>(dotPairs<I>(loadI<I>(w + 3 * group), x), PAIR_SHIFT));
    }
    const c = current + at,
      b = bias + at;
    storeI<I>(c, addI<I>(shiftRight<I>(s0, shift), loadI<I>(b)));
    storeI<I>(c + group, addI<I>(shiftRight<I>(s1, shift), loadI<I>(b + group)));
    storeI<I>(c + 2 * group, addI<I>(shiftRight<I>(s2, shift), loadI<I>(b + 2 * group)));
    storeI<I>(c + 3 * group, addI<I>(shiftRight<I>(s3, shift), loadI<I>(b + 3 * group)));
  }
  for (; at < row; at += group) {
    let sum = half;
    let w = weights + at;
    for (let pair = 0; pair < INPUT_PAIRS; pair++, w += row) {
      const x = splatI<I>(load<i32>(observation + ((<usize>pair) << 2)));
      sum = addI<I>(sum, shiftRight<I>(dotPairs<I>(loadI<I>(w), x), PAIR_SHIFT));
    }
    storeI<I>(current + at, addI<I>(shiftRight<I>(sum, shift), loadI<I>(bias + at)));
  }
}

/**
 * current (n) q16 = bias + the sum of the rows of weights (_, n) i16 named in active (count) u16; weights have
 * weightBits (12 .. 16) fraction bits. No overflow: up to 2^10 rows of less than 2^15 are below 2^25, the shift by
 * 16 - weightBits is at most 4, so their sum is below 2^29, and with a bias of up to 2^27 the current below 2^30.
 */
export function sparseCurrent(
  current: usize,
  active: usize,
  count: i32,
  weights: usize,
  bias: usize,
  n: i32,
  weightBits: i32,
): void {
  if (ASC_FEATURE_SIMD) sparseCurrentLanes<v128>(current, active, count, weights, bias, n, weightBits);
  else sparseCurrentLanes<i32>(current, active, count, weights, bias, n, weightBits);
}

function sparseCurrentLanes<I>(
  current: usize,
  active: usize,
  count: i32,
  weights: usize,
  bias: usize,
  n: i32,
  weightBits: i32,
): void {
  const lanes = laneCount<I>();
  const group: usize = (<usize>lanes) << 2;
  const end = active + ((<usize>count) << 1);
  const rowBytes = (<usize>n) << 1;
  const shift = 16 - weightBits;
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
    const columns = weights + ((<usize>j) << 1);
    for (let a = active; a < end; a += 2) {
      const w = columns + <usize>load<u16>(a) * rowBytes;
      const w01 = loadI<I>(w),
        w23 = loadI<I>(w + group),
        w45 = loadI<I>(w + 2 * group),
        w67 = loadI<I>(w + 3 * group);
      s0 = addI<I>(s0, lowI16<I>(w01));
      s1 = addI<I>(s1, highI16<I>(w01));
      s2 = addI<I>(s2, lowI16<I>(w23));
      s3 = addI<I>(s3, highI16<I>(w23));
      s4 = addI<I>(s4, lowI16<I>(w45));
      s5 = addI<I>(s5, highI16<I>(w45));
      s6 = addI<I>(s6, lowI16<I>(w67));
      s7 = addI<I>(s7, highI16<I>(w67));
    }
    const c = current + ((<usize>j) << 2),
      b = bias + ((<usize>j) << 2);
    storeI<I>(c, addI<I>(shiftLeft<I>(s0, shift), loadI<I>(b)));
    storeI<I>(c + group, addI<I>(shiftLeft<I>(s1, shift), loadI<I>(b + group)));
    storeI<I>(c + 2 * group, addI<I>(shiftLeft<I>(s2, shift), loadI<I>(b + 2 * group)));
    storeI<I>(c + 3 * group, addI<I>(shiftLeft<I>(s3, shift), loadI<I>(b + 3 * group)));
    storeI<I>(c + 4 * group, addI<I>(shiftLeft<I>(s4, shift), loadI<I>(b + 4 * group)));
    storeI<I>(c + 5 * group, addI<I>(shiftLeft<I>(s5, shift), loadI<I>(b + 5 * group)));
    storeI<I>(c + 6 * group, addI<I>(shiftLeft<I>(s6, shift), loadI<I>(b + 6 * group)));
    storeI<I>(c + 7 * group, addI<I>(shiftLeft<I>(s7, shift), loadI<I>(b + 7 * group)));
  }
  for (; j < n; j += lanes) {
    let s = splatI<I>(0);
    for (let a = active; a < end; a += 2)
      s = addI<I>(s, loadI16<I>(weights + <usize>load<u16>(a) * rowBytes + ((<usize>j) << 1)));
    storeI<I>(
      current + ((<usize>j) << 2),
      addI<I>(shiftLeft<I>(s, shift), loadI<I>(bias + ((<usize>j) << 2))),
    );
  }
}

/**
 * dWeights (n) f32 of one presynaptic neuron += the rows of dCurrent (steps, n) at the steps when it fired, in rising
 * order: times (count) u16.
 */
export function sparseWeightBackward(
  dWeights: usize,
  dCurrent: usize,
  times: usize,
  count: i32,
  n: i32,
): void {
  if (ASC_FEATURE_SIMD) sparseWeightBackwardLanes<v128>(dWeights, dCurrent, times, count, n);
  else sparseWeightBackwardLanes<f32>(dWeights, dCurrent, times, count, n);
}

function sparseWeightBackwardLanes<F>(
  dWeights: usize,
  dCurrent: usize,
  times: usize,
  count: i32,
  n: i32,
): void {
  const lanes = laneCount<F>();
  const group: usize = (<usize>lanes) << 2;
  const end = times + ((<usize>count) << 1);
  const rowBytes = (<usize>n) << 2;
  let j = 0;
  for (; j + 8 * lanes <= n; j += 8 * lanes) {
    const w = dWeights + ((<usize>j) << 2),
      columns = dCurrent + ((<usize>j) << 2);
    let s0 = loadF<F>(w),
      s1 = loadF<F>(w + group),
      s2 = loadF<F>(w + 2 * group),
      s3 = loadF<F>(w + 3 * group);
    let s4 = loadF<F>(w + 4 * group),
      s5 = loadF<F>(w + 5 * group),
      s6 = loadF<F>(w + 6 * group),
      s7 = loadF<F>(w + 7 * group);
    for (let t = times; t < end; t += 2) {
      const d = columns + <usize>load<u16>(t) * rowBytes;
      s0 = add<F>(s0, loadF<F>(d));
      s1 = add<F>(s1, loadF<F>(d + group));
      s2 = add<F>(s2, loadF<F>(d + 2 * group));
      s3 = add<F>(s3, loadF<F>(d + 3 * group));
      s4 = add<F>(s4, loadF<F>(d + 4 * group));
      s5 = add<F>(s5, loadF<F>(d + 5 * group));
      s6 = add<F>(s6, loadF<F>(d + 6 * group));
      s7 = add<F>(s7, loadF<F>(d + 7 * group));
    }
    storeF<F>(w, s0);
    storeF<F>(w + group, s1);
    storeF<F>(w + 2 * group, s2);
    storeF<F>(w + 3 * group, s3);
    storeF<F>(w + 4 * group, s4);
    storeF<F>(w + 5 * group, s5);
    storeF<F>(w + 6 * group, s6);
    storeF<F>(w + 7 * group, s7);
  }
  for (; j < n; j += lanes) {
    let s = loadF<F>(dWeights + ((<usize>j) << 2));
    for (let t = times; t < end; t += 2)
      s = add<F>(s, loadF<F>(dCurrent + <usize>load<u16>(t) * rowBytes + ((<usize>j) << 2)));
    storeF<F>(dWeights + ((<usize>j) << 2), s);
  }
}
