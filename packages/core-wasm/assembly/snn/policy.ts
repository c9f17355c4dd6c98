// The spiking policy: one control period from observation to motor command, all in integers. The firmware, the page,
// the evaluation and the training forward pass run this code.

import { ACTION_BITS, observationBits, powerOfTwo, quantise } from "../fixed-point";
import { lifForward } from "./lif";
import { denseCurrent, sparseCurrent } from "./linear";
import { narrowCurrent } from "./narrow";
import {
  INPUTS,
  imageBias3,
  imageNeurons1,
  imageNeurons2,
  imageThresholds1,
  imageThresholds2,
  imageWeights1,
  imageWeights2,
  imageWeights3,
  narrowScales,
  OUTPUTS,
  PolicyImage,
} from "./network";
import { tanhQ16 } from "./tanh";

/** observation (18) i16 of (18) f32, saturating. */
export function quantiseObservation(observation: usize, quantised: usize): void {
  for (let k = 0; k < INPUTS; k++) {
    const q = quantise(load<f32>(observation + ((<usize>k) << 2)), powerOfTwo(observationBits(k)), 32767);
    store<i16>(quantised + ((<usize>k) << 1), <i16>q);
  }
}

/**
 * One step. observation (18) i16 in, action (4) i16 out. Reads membrane1, membrane2 of the step before and writes those
 * of this step (q16; the two may be the same place). Returns the number of spikes of layer 1 in the low, of layer 2 in
 * the high 16 bits. active1 (h1), active2 (h2) u16 list the spiking neurons; current has room for the larger layer.
 */
export function policyStep(
  image: usize,
  observation: usize,
  action: usize,
  membrane1: usize,
  membrane1Prev: usize,
  membrane2: usize,
  membrane2Prev: usize,
  current: usize,
  active1: usize,
  active2: usize,
): i32 {
  const p = changetype<PolicyImage>(image);
  const h1 = p.hidden1,
    h2 = p.hidden2;
  const neurons1 = imageNeurons1(p),
    neurons2 = imageNeurons2(p);
  const row1 = (<usize>h1) << 2,
    row2 = (<usize>h2) << 2;

  denseCurrent(current, observation, imageWeights1(p), neurons1, h1, p.productBits);
  const count1 = lifForward(
    membrane1,
    membrane1Prev,
    current,
    neurons1 + row1,
    neurons1 + 2 * row1,
    h1,
    active1,
  );

  spikeCurrent(p, current, active1, count1, imageWeights2(p), neurons2, h1, h2, p.weightBits2);
  const count2 = lifForward(
    membrane2,
    membrane2Prev,
    current,
    neurons2 + row2,
    neurons2 + 2 * row2,
    h2,
    active2,
  );

  spikeCurrent(p, current, active2, count2, imageWeights3(p), imageBias3(p), h2, OUTPUTS, p.weightBits3);
  for (let i = 0; i < OUTPUTS; i++) {
    store<i16>(action + ((<usize>i) << 1), <i16>tanhQ16(load<i32>(current + ((<usize>i) << 2))));
  }
  return count1 | (count2 << 16);
}

/** current (nOut) of the spikes of nIn neurons, by the weights as this image has them. */
// @ts-ignore: decorator
@inline
function spikeCurrent(
  p: PolicyImage,
  current: usize,
  active: usize,
  count: i32,
  weights: usize,
  bias: usize,
  nIn: i32,
  nOut: i32,
  weightBits: i32,
): void {
  if (p.narrow) narrowCurrent(current, active, count, weights, narrowScales(weights, nIn, nOut), bias, nOut);
  else sparseCurrent(current, active, count, weights, bias, nOut, weightBits);
}

/** One step in place: state is membrane1 (h1), membrane2 (h2); scratch is policyScratchBytes(h1, h2). */
export function policyStepInPlace(
  image: usize,
  state: usize,
  observation: usize,
  action: usize,
  scratch: usize,
): i32 {
  const p = changetype<PolicyImage>(image);
  const membrane2 = state + ((<usize>p.hidden1) << 2);
  const current = scratch;
  const larger = p.hidden1 > p.hidden2 ? p.hidden1 : p.hidden2;
  const active1 = current + ((<usize>larger) << 2);
  const active2 = active1 + ((<usize>p.hidden1) << 1);
  return policyStep(
    image,
    observation,
    action,
    state,
    state,
    membrane2,
    membrane2,
    current,
    active1,
    active2,
  );
}

/** action (4) f32 of (4) i16. Exact. */
export function dequantiseAction(quantised: usize, action: usize): void {
  for (let i = 0; i < OUTPUTS; i++) {
    store<f32>(
      action + ((<usize>i) << 2),
      <f32>load<i16>(quantised + ((<usize>i) << 1)) * powerOfTwo(-ACTION_BITS),
    );
  }
}

/** spikes (h1 + h2) u8 of the step that left this state: 1 where a membrane stands above its threshold. */
export function policySpikes(image: usize, state: usize, spikes: usize): void {
  const p = changetype<PolicyImage>(image);
  const h1 = p.hidden1,
    h2 = p.hidden2;
  markAbove(state, imageThresholds1(image), h1, spikes);
  markAbove(state + ((<usize>h1) << 2), imageThresholds2(image), h2, spikes + h1);
}

function markAbove(membrane: usize, threshold: usize, n: i32, spikes: usize): void {
  for (let j = 0; j < n; j++) {
    const at = (<usize>j) << 2;
    store<u8>(spikes + j, u8(load<i32>(membrane + at) > load<i32>(threshold + at)));
  }
}
