// Synaptic currents of the first layer, which hears the real-valued observation, and past actions where a network sees them:
// weights times inputs, in q16.

import { addI, dotPairs, laneCount, loadI, shiftRight, splatI, storeI } from "../lanes";
import { INPUTS } from "../network/image";

/** Bits dropped from each pair of products before they are summed. */
const PAIR_SHIFT: i32 = 4;

/**
 * current (n) q16 of any number of inputs, INPUTS at a time; observation (inputRows) i16 is 0 behind the last of them. With
 * 146 inputs 73 pairs count, and with productBits >= 25 their sum is below 73 2^22 < 2^29, as that of MAX_FAN_IN spikes.
 */
// @ts-ignore: decorator
@inline
export function inputCurrent(
  current: usize,
  observation: usize,
  weights: usize,
  bias: usize,
  n: i32,
  productBits: i32,
  inputs: i32,
): void {
  denseCurrent(current, observation, weights, bias, n, productBits);
  for (let k = INPUTS; k < inputs; k += INPUTS)
    denseCurrent(
      current,
      observation + ((<usize>k) << 1),
      weights + ((<usize>(k * n)) << 1),
      current,
      n,
      productBits,
    );
}

/**
 * current (n) q16 = bias + observation (18) i16 times weights (9, n, 2) i16; a product has productBits fraction bits.
 * No overflow: a pair of products is below 2^31 in magnitude (weights stay off -32768), nine of them shifted right by 4
 * are below 2^31; with productBits >= 23 their sum is below 2^28 after the second shift, as that of MAX_FAN_IN / 2 spikes,
 * and the current within the bound of fixed-point.ts. Rounding: floor at 2^-(productBits - 4), then to nearest at 2^-16.
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
    for (let pair = 0; pair < INPUTS / 2; pair++, w += row) {
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
    for (let pair = 0; pair < INPUTS / 2; pair++, w += row) {
      const x = splatI<I>(load<i32>(observation + ((<usize>pair) << 2)));
      sum = addI<I>(sum, shiftRight<I>(dotPairs<I>(loadI<I>(w), x), PAIR_SHIFT));
    }
    storeI<I>(current + at, addI<I>(shiftRight<I>(sum, shift), loadI<I>(bias + at)));
  }
}
