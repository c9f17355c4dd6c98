// The spiking policy and its backpropagation through time in plain TypeScript: floats instead of fixed point, else the
// same algorithm (assembly/network), silent neurons skipped.

import { OBSERVATION_WORDS as INPUTS, ACTION_WORDS as OUTPUTS } from "@spikewing/core";
import {
  addColumnSums,
  addProduct,
  addRows,
  addTransposedProduct,
  productWithTransposed,
} from "./product.js";

export interface SpikingTwin {
  readonly h1: number;
  readonly h2: number;
  /** All parameters, in the order of the core's master, and views of its tensors. */
  readonly parameters: Float32Array;
  readonly tensors: Tensors;
  readonly inputGain: Float32Array;
}

function tensorsOf(flat: Float32Array, h1: number, h2: number) {
  let at = 0;
  const take = (n: number) => {
    at += n;
    return flat.subarray(at - n, at);
  };
  return {
    w1: take(INPUTS * h1),
    b1: take(h1),
    leak1: take(h1),
    threshold1: take(h1),
    w2: take(h1 * h2),
    b2: take(h2),
    leak2: take(h2),
    threshold2: take(h2),
    w3: take(h2 * OUTPUTS),
    b3: take(OUTPUTS),
  };
}
type Tensors = ReturnType<typeof tensorsOf>;

export function createSpikingTwin(
  parameters: Float32Array,
  h1: number,
  h2: number,
  inputGain: Float32Array,
): SpikingTwin {
  return { h1, h2, parameters, tensors: tensorsOf(parameters, h1, h2), inputGain };
}

/** The record of a sequence. */
export function createTape(h1: number, h2: number, steps: number) {
  return {
    input: new Float32Array(steps * INPUTS),
    action: new Float32Array(steps * OUTPUTS),
    membrane1: new Float32Array((steps + 1) * h1),
    membrane2: new Float32Array((steps + 1) * h2),
    active1: new Uint16Array(steps * h1),
    active2: new Uint16Array(steps * h2),
    count1: new Uint16Array(steps),
    count2: new Uint16Array(steps),
    current: new Float32Array(Math.max(h1, h2)),
  };
}
export type Tape = ReturnType<typeof createTape>;

/** One layer of LIF neurons from row t to row t + 1 of its membranes; lists who spikes and returns how many. */
function lif(
  membrane: Float32Array,
  t: number,
  current: Float32Array,
  leak: Float32Array,
  threshold: Float32Array,
  n: number,
  active: Uint16Array,
): number {
  const before = t * n;
  const after = before + n;
  let count = 0;
  for (let j = 0; j < n; j++) {
    const u = membrane[before + j]!;
    const theta = threshold[j]!;
    const v = leak[j]! * u + current[j]! - (u > theta ? theta : 0);
    membrane[after + j] = v;
    if (v > theta) active[t * n + count++] = j;
  }
  return count;
}

/** Step t of a sequence; observation (18) starts at `at`. */
export function stepTwin(
  net: SpikingTwin,
  tape: Tape,
  t: number,
  observations: Float32Array,
  at: number,
): void {
  const { h1, h2, inputGain } = net;
  const { w1, b1, leak1, threshold1, w2, b2, leak2, threshold2, w3, b3 } = net.tensors;
  const { current, input, active1, active2 } = tape;
  current.set(b1);
  const x = input.subarray(t * INPUTS, (t + 1) * INPUTS);
  for (let k = 0; k < INPUTS; k++) x[k] = observations[at + k]! * inputGain[k]!;
  addProduct(current, x, w1, 0, 1, h1, INPUTS);
  const count1 = lif(tape.membrane1, t, current, leak1, threshold1, h1, active1);
  tape.count1[t] = count1;

  current.set(b2);
  addRows(current, w2, h2, active1, t * h1, count1);
  const count2 = lif(tape.membrane2, t, current, leak2, threshold2, h2, active2);
  tape.count2[t] = count2;

  for (let i = 0; i < OUTPUTS; i++) {
    let sum = b3[i]!;
    for (let a = 0; a < count2; a++) sum += w3[active2[t * h2 + a]! * OUTPUTS + i]!;
    tape.action[t * OUTPUTS + i] = Math.tanh(sum);
  }
}

export function forwardTwin(
  net: SpikingTwin,
  tape: Tape,
  observations: Float32Array,
  at: number,
  steps: number,
): void {
  tape.membrane1.fill(0, 0, net.h1);
  tape.membrane2.fill(0, 0, net.h2);
  for (let t = 0; t < steps; t++) stepTwin(net, tape, t, observations, at + t * INPUTS);
}

export function createBackwardScratch(h1: number, h2: number, steps: number) {
  return {
    d1: new Float32Array(steps * h1),
    d2: new Float32Array(steps * h2),
    dOut: new Float32Array(steps * OUTPUTS),
  };
}
export type BackwardScratch = ReturnType<typeof createBackwardScratch>;

/** d (steps, n) holds dL/dS on entry and dL/dI on return. */
function lifBackward(
  d: Float32Array,
  membrane: Float32Array,
  leak: Float32Array,
  threshold: Float32Array,
  steps: number,
  n: number,
  slope: number,
  dLeak: Float32Array,
  dThreshold: Float32Array,
): void {
  for (let t = steps - 1; t >= 0; t--) {
    for (let j = 0, at = t * n; j < n; j++, at++) {
      const theta = threshold[j]!;
      const before = membrane[at]!;
      const root = 1 + slope * Math.abs(membrane[at + n]! - theta);
      const through = d[at]! / (root * root);
      const dU = t < steps - 1 ? through + leak[j]! * d[at + n]! : through;
      d[at] = dU;
      dLeak[j]! += dU * before;
      dThreshold[j]! -= through + (before > theta ? dU : 0);
    }
  }
}

/** Adds the rows of d (steps, n) to dBias (n), and to the row of dWeights of every neuron that fired. */
function synapsesBackward(
  d: Float32Array,
  n: number,
  steps: number,
  active: Uint16Array,
  count: Uint16Array,
  nIn: number,
  dWeights: Float32Array,
  dBias: Float32Array,
): void {
  for (let t = 0; t < steps; t++) {
    const row = t * n;
    for (let j = 0; j < n; j++) dBias[j]! += d[row + j]!;
    for (let a = 0; a < count[t]!; a++) {
      for (let j = 0, w = active[t * nIn + a]! * n; j < n; j++, w++) dWeights[w]! += d[row + j]!;
    }
  }
}

/** Adds the gradient of one recorded sequence to gradient; dAction (steps, 4). */
export function backwardTwin(
  net: SpikingTwin,
  tape: Tape,
  dAction: Float32Array,
  steps: number,
  slope: number,
  gradient: Tensors,
  scratch: BackwardScratch,
): void {
  const { h1, h2 } = net;
  const { w2, w3, leak1, threshold1, leak2, threshold2 } = net.tensors;
  const { d1, d2, dOut } = scratch;
  for (let i = 0; i < steps * OUTPUTS; i++) dOut[i] = dAction[i]! * (1 - tape.action[i]! ** 2);
  synapsesBackward(dOut, OUTPUTS, steps, tape.active2, tape.count2, h2, gradient.w3, gradient.b3);
  productWithTransposed(d2, dOut, w3, 0, steps, OUTPUTS, h2);
  lifBackward(d2, tape.membrane2, leak2, threshold2, steps, h2, slope, gradient.leak2, gradient.threshold2);
  synapsesBackward(d2, h2, steps, tape.active1, tape.count1, h1, gradient.w2, gradient.b2);
  productWithTransposed(d1, d2, w2, 0, steps, h2, h1);
  lifBackward(d1, tape.membrane1, leak1, threshold1, steps, h1, slope, gradient.leak1, gradient.threshold1);
  addColumnSums(gradient.b1, 0, d1, steps, h1);
  addTransposedProduct(gradient.w1, 0, tape.input, d1, steps, h1, INPUTS);
}

export const gradientTensors = tensorsOf;
