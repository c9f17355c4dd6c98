// A stretch of flight of n drones under the spiking policy, recorded step by step and gone through backwards step by
// step, because here the physics stands between two steps of the network: dL/daction[t] is known only when
// dL/dobservation[t+1] is. What need not be known step by step, the gradient of the weights, is added at the end as
// sparse sums and one matrix product over all rows; row (t, i) is t n + i. The neuron's adjoint is snn/lif.ts, and
// snn/bptt.ts has the same sums for sequences of which all actions' gradients are known at once.

import { Actor } from "../actor/actor";
import { take } from "../cursor";
import { addColumnSums, gemm, gemmScratchBytes } from "../dense/gemm";
import { ACTION_BITS, observationBits, powerOfTwo } from "../fixed-point";
import { recordInput, recordTimes } from "../snn/bptt";
import { lifStepBackward } from "../snn/lif";
import { sparseWeightBackward } from "../snn/linear";
import {
  INPUTS,
  imageNeurons1,
  imageNeurons2,
  imageWeights1,
  masterBias3,
  masterNeurons1,
  masterNeurons2,
  masterWeights2,
  masterWeights3,
  OUTPUTS,
  PolicyImage,
} from "../snn/network";
import { policyStep } from "../snn/policy";

/** Row of dL/dobservation: 18 words and two of padding. */
export const INPUT_GRADIENT_PITCH: usize = 80;

@unmanaged
export abstract class SpikingWindow {
  rows: i32; // capacity: drones times steps, below 2^16
  drones: i32;
  spikes: i64; // of both layers since the window began
  input: usize; // (rows, 18) f32: the quantised observation times its gain
  quantised: usize; // (18) i16
  action: usize; // (rows, 4) i16
  membrane1: usize; // (rows + drones, h1) q16, the first `drones` before the first step
  membrane2: usize; // (rows + drones, h2) q16
  times1: usize; // (h1, rows) u16: the rows in which each neuron fired
  times2: usize; // (h2, rows) u16
  count1: usize; // (h1) u32, then count2 (h2): how often
  count2: usize;
  current: usize; // scratch of the step
  active1: usize;
  active2: usize;
  d1: usize; // (rows, h1) f32: dL/dcurrent
  d2: usize; // (rows, h2) f32
  dOut: usize; // (rows, 4) f32
  weights1: usize; // (h1, 20) f32: layer 1 as the image has it, a row a neuron
  packed: usize; // of gemm
}

/** Lays out a window of `drones` and `steps` behind its header; see cursor.ts. */
export function spikingWindowLayout(w: SpikingWindow, image: PolicyImage, drones: i32, steps: i32): void {
  const h1 = <usize>image.hidden1,
    h2 = <usize>image.hidden2,
    larger = h1 > h2 ? h1 : h2;
  const rows = <usize>(drones * steps);
  w.drones = drones;
  w.rows = <i32>rows;
  w.input = take(4 * INPUTS * rows);
  w.quantised = take(2 * INPUTS);
  w.action = take(2 * OUTPUTS * rows);
  w.membrane1 = take(4 * (rows + drones) * h1);
  w.membrane2 = take(4 * (rows + drones) * h2);
  w.times1 = take(2 * rows * h1);
  w.times2 = take(2 * rows * h2);
  w.count1 = take(4 * (h1 + h2));
  w.count2 = w.count1 + 4 * h1;
  w.current = take(4 * larger);
  w.active1 = take(2 * h1);
  w.active2 = take(2 * h2);
  w.d1 = take(4 * rows * h1);
  w.d2 = take(4 * rows * h2);
  w.dOut = take(4 * OUTPUTS * rows);
  w.weights1 = take(INPUT_GRADIENT_PITCH * h1);
  w.packed = take(gemmScratchBytes(<i32>(larger > rows ? larger : rows)));
}

/** The record begins anew, from the states (drones) of the policy: membrane1 (h1), membrane2 (h2). */
export function spikingWindowBegin(w: SpikingWindow, image: PolicyImage, states: usize): void {
  const row1 = (<usize>image.hidden1) << 2,
    row2 = (<usize>image.hidden2) << 2;
  for (let i = 0; i < w.drones; i++) {
    const state = states + <usize>i * (row1 + row2);
    memory.copy(w.membrane1 + <usize>i * row1, state, row1);
    memory.copy(w.membrane2 + <usize>i * row2, state + row1, row2);
  }
  memory.fill(w.count1, 0, row1 + row2);
  w.spikes = 0;
  dequantiseWeights1(w, image);
}

function dequantiseWeights1(w: SpikingWindow, image: PolicyImage): void {
  const h1 = image.hidden1;
  for (let j = 0; j < h1; j++) {
    const row = w.weights1 + <usize>j * INPUT_GRADIENT_PITCH;
    memory.fill(row, 0, INPUT_GRADIENT_PITCH);
    for (let k = 0; k < INPUTS; k++) {
      const q = load<i16>(imageWeights1(image) + ((<usize>(((k >> 1) * h1 + j) * 2 + (k & 1))) << 1));
      store<f32>(row + ((<usize>k) << 2), <f32>q * powerOfTwo(observationBits(k) - image.productBits));
    }
  }
}

/** Copies what the membranes are after `steps` steps into states (drones). */
export function spikingWindowEnd(w: SpikingWindow, image: PolicyImage, steps: i32, states: usize): void {
  const row1 = (<usize>image.hidden1) << 2,
    row2 = (<usize>image.hidden2) << 2;
  const first = <usize>(steps * w.drones);
  for (let i: usize = 0; i < <usize>w.drones; i++) {
    const state = states + i * (row1 + row2);
    memory.copy(state, w.membrane1 + (first + i) * row1, row1);
    memory.copy(state + row1, w.membrane2 + (first + i) * row2, row2);
  }
}

/** Step t of all drones: actions (drones, 4) f32 of the observations (drones, 18) f32, rows `pitch` bytes apart. */
export function spikingWindowForward(
  w: SpikingWindow,
  a: Actor,
  t: i32,
  observations: usize,
  pitch: usize,
  actions: usize,
): void {
  const image = changetype<PolicyImage>(a.image);
  const row1 = (<usize>image.hidden1) << 2,
    row2 = (<usize>image.hidden2) << 2;
  for (let i = 0; i < w.drones; i++) {
    const row = <usize>(t * w.drones + i);
    const next = row + w.drones;
    const action = w.action + row * (OUTPUTS << 1);
    recordInput(w.quantised, w.input + row * (INPUTS << 2), observations + <usize>i * pitch, a.inputGain);
    const counts = policyStep(
      a.image,
      w.quantised,
      action,
      w.membrane1 + next * row1,
      w.membrane1 + row * row1,
      w.membrane2 + next * row2,
      w.membrane2 + row * row2,
      w.current,
      w.active1,
      w.active2,
    );
    recordTimes(w.active1, counts & 0xffff, w.times1, w.count1, w.rows, <i32>row);
    recordTimes(w.active2, counts >>> 16, w.times2, w.count2, w.rows, <i32>row);
    w.spikes += (counts & 0xffff) + (counts >>> 16);
    for (let k: usize = 0; k < <usize>OUTPUTS; k++) {
      store<f32>(
        actions + ((<usize>i) << 4) + (k << 2),
        <f32>load<i16>(action + (k << 1)) * powerOfTwo(-ACTION_BITS),
      );
    }
  }
}

/**
 * Step t of all drones backwards, t falling from `last`: dObservations (drones, 20) f32 = dL/dobservation, given dActions
 * (drones, 4) = dL/daction. Leaks and thresholds add to gradient (a master's layout). Straight-through for rounding.
 */
export function spikingWindowBackward(
  w: SpikingWindow,
  a: Actor,
  t: i32,
  last: i32,
  slope: f32,
  dActions: usize,
  dObservations: usize,
  gradient: usize,
): void {
  const image = changetype<PolicyImage>(a.image);
  const h1 = image.hidden1,
    h2 = image.hidden2,
    n = w.drones;
  const row1 = (<usize>h1) << 2,
    row2 = (<usize>h2) << 2,
    rowOut: usize = OUTPUTS << 2;
  const first = <usize>(t * n);
  const d1 = w.d1 + first * row1,
    d2 = w.d2 + first * row2,
    dOut = w.dOut + first * rowOut;
  for (let k: usize = 0; k < <usize>(n * OUTPUTS); k++) {
    const action = <f32>load<i16>(w.action + ((first * OUTPUTS + k) << 1)) * powerOfTwo(-ACTION_BITS);
    store<f32>(dOut + (k << 2), load<f32>(dActions + (k << 2)) * (<f32>1.0 - action * action));
  }
  gemm(d2, row2, dOut, rowOut, 4, a.copies + row1 * h2, row2, n, h2, OUTPUTS, false, w.packed);
  const neurons2 = gradient + ((<usize>masterNeurons2(h1, h2)) << 2);
  layerBackward(d2, w.membrane2 + first * row2, imageNeurons2(image), n, h2, t < last, slope, neurons2);

  gemm(d1, row1, d2, row2, 4, a.copies, row1, n, h1, h2, false, w.packed);
  const neurons1 = gradient + ((<usize>masterNeurons1(h1)) << 2);
  layerBackward(d1, w.membrane1 + first * row1, imageNeurons1(image), n, h1, t < last, slope, neurons1);

  const columns = <i32>(INPUT_GRADIENT_PITCH >> 2);
  gemm(
    dObservations,
    INPUT_GRADIENT_PITCH,
    d1,
    row1,
    4,
    w.weights1,
    INPUT_GRADIENT_PITCH,
    n,
    columns,
    h1,
    false,
    w.packed,
  );
}

/** One step of one layer: d (drones, h) from dL/dspikes to dL/dcurrent; the drones of the next step lie behind. */
function layerBackward(
  d: usize,
  membranes: usize,
  neurons: usize,
  drones: i32,
  h: i32,
  hasNext: bool,
  slope: f32,
  dNeurons: usize,
): void {
  const row = (<usize>h) << 2,
    step = row * drones;
  for (let at: usize = 0; at < step; at += row) {
    lifStepBackward(
      d + at,
      hasNext ? d + at + step : 0,
      membranes + at,
      membranes + at + step,
      neurons + row,
      neurons + 2 * row,
      h,
      slope,
      dNeurons + row,
      dNeurons + 2 * row,
    );
  }
}

/** After the last step backwards: adds the gradient of weights and biases over `steps` steps. */
export function spikingWindowGradient(w: SpikingWindow, a: Actor, steps: i32, gradient: usize): void {
  const image = changetype<PolicyImage>(a.image);
  const h1 = image.hidden1,
    h2 = image.hidden2,
    rows = steps * w.drones;
  const row1 = (<usize>h1) << 2,
    row2 = (<usize>h2) << 2,
    rowOut: usize = OUTPUTS << 2;
  const weights3 = gradient + ((<usize>masterWeights3(h1, h2)) << 2);
  spikeWeights(weights3, w.dOut, w.times2, w.count2, w.rows, h2, OUTPUTS);
  addColumnSums(gradient + ((<usize>masterBias3(h1, h2)) << 2), w.dOut, rowOut, rows, OUTPUTS);
  const weights2 = gradient + ((<usize>masterWeights2(h1)) << 2);
  spikeWeights(weights2, w.d2, w.times1, w.count1, w.rows, h1, h2);
  addColumnSums(gradient + ((<usize>masterNeurons2(h1, h2)) << 2), w.d2, row2, rows, h2);
  gemm(gradient, row1, w.input, 4, INPUTS << 2, w.d1, row1, INPUTS, h1, rows, true, w.packed);
  addColumnSums(gradient + ((<usize>masterNeurons1(h1)) << 2), w.d1, row1, rows, h1);
}

/** dWeights (nIn, n) += the rows of d at which each of the nIn neurons fired. */
function spikeWeights(
  dWeights: usize,
  d: usize,
  times: usize,
  counts: usize,
  capacity: i32,
  nIn: i32,
  n: i32,
): void {
  for (let j: usize = 0; j < <usize>nIn; j++) {
    sparseWeightBackward(
      dWeights + ((j * n) << 2),
      d,
      times + ((j * capacity) << 1),
      load<u32>(counts + (j << 2)),
      n,
    );
  }
}
