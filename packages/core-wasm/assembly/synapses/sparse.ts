// Synaptic currents of the layers that hear spikes: the sum of the rows of the neurons that fired, in q16.

import {
  add,
  addI,
  highI16,
  laneCount,
  loadF,
  loadI,
  loadI16,
  lowI16,
  shiftLeft,
  splatI,
  storeF,
  storeI,
} from "../lanes";

/**
 * current (n) q16 = bias + the sum of the rows of weights (_, n) i16 named in active (count) u16; weights have
 * weightBits fraction bits, 12 at least. No overflow: a row is below 2^19 in q16, so that of MAX_FAN_IN rows the current is
 * within the bound of fixed-point.ts. bias may be the current itself, to add to it.
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
