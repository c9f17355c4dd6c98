// Backpropagation through time: the recorded integer forward pass of one sequence, then f32 gradients of all
// parameters. There is no path from layer 2 back into layer 1 but through the spikes, so the adjoint runs layer by
// layer, each over all steps at once, and its large products are matrix products.

import { addColumnSums, gemm, gemmScratchBytes } from "../dense/gemm";
import { ACTION_BITS, observationBits, powerOfTwo } from "../fixed-point";
import { lifBackward } from "./lif";
import { sparseWeightBackward } from "./linear";
import {
  INPUTS,
  imageNeurons1,
  imageNeurons2,
  masterBias3,
  masterNeurons1,
  masterNeurons2,
  masterWeights2,
  masterWeights3,
  OUTPUTS,
  PolicyImage,
} from "./network";
import { policyStep, quantiseObservation } from "./policy";

/** The record of one sequence of up to `steps` steps. Offsets in bytes from the record. */
@unmanaged
export abstract class Tape {
  steps: i32; // capacity
  hidden1: i32;
  hidden2: i32;
  spikes: i32; // of both layers, over the recorded steps
  input: usize; // (steps, 18) f32: the quantised observation times its gain
  quantised: usize; // (18) i16
  action: usize; // (steps, 4) i16
  membrane1: usize; // (steps + 1, h1) q16, row 0 before the first step
  membrane2: usize; // (steps + 1, h2) q16
  times1: usize; // (h1, steps) u16: when each neuron fired
  times2: usize; // (h2, steps) u16
  count1: usize; // (h1) u32: how often
  count2: usize; // (h2) u32
  current: usize; // scratch of the step
  active1: usize;
  active2: usize;
}

// @ts-ignore: decorator
@inline
function aligned(bytes: i32): i32 {
  return (bytes + 15) & ~15;
}

export function tapeBytes(steps: i32, h1: i32, h2: i32): i32 {
  const larger = h1 > h2 ? h1 : h2;
  return (
    <i32>offsetof<Tape>() +
    aligned(4 * INPUTS * steps) +
    aligned(2 * INPUTS) +
    aligned(2 * OUTPUTS * steps) +
    4 * (steps + 1) * (h1 + h2) +
    aligned(2 * steps * h1) +
    aligned(2 * steps * h2) +
    4 * (h1 + h2) +
    4 * larger +
    aligned(2 * h1) +
    aligned(2 * h2)
  );
}

/** Lays out a tape at `at` (16-byte aligned). */
export function tapeInit(at: usize, steps: i32, h1: i32, h2: i32): void {
  const t = changetype<Tape>(at);
  t.steps = steps;
  t.hidden1 = h1;
  t.hidden2 = h2;
  t.spikes = 0;
  t.input = at + offsetof<Tape>();
  t.quantised = t.input + aligned(4 * INPUTS * steps);
  t.action = t.quantised + aligned(2 * INPUTS);
  t.membrane1 = t.action + aligned(2 * OUTPUTS * steps);
  t.membrane2 = t.membrane1 + 4 * (steps + 1) * h1;
  t.times1 = t.membrane2 + 4 * (steps + 1) * h2;
  t.times2 = t.times1 + aligned(2 * steps * h1);
  t.count1 = t.times2 + aligned(2 * steps * h2);
  t.count2 = t.count1 + 4 * h1;
  t.current = t.count2 + 4 * h2;
  t.active1 = t.current + 4 * (h1 > h2 ? h1 : h2);
  t.active2 = t.active1 + aligned(2 * h1);
}

/**
 * Runs the policy from zero membranes over `steps` observations, (18) f32 each, pitch bytes apart, and records it.
 * inputGain (18) f32. The actions are in the tape.
 */
export function bpttForward(
  tape: usize,
  image: usize,
  inputGain: usize,
  observations: usize,
  pitch: usize,
  steps: i32,
): void {
  const t = changetype<Tape>(tape);
  const row1 = (<usize>t.hidden1) << 2,
    row2 = (<usize>t.hidden2) << 2;
  memory.fill(t.membrane1, 0, row1);
  memory.fill(t.membrane2, 0, row2);
  memory.fill(t.count1, 0, row1 + row2);
  t.spikes = 0;
  for (let i = 0; i < steps; i++) {
    recordInput(
      t.quantised,
      t.input + <usize>((i * INPUTS) << 2),
      observations + <usize>i * pitch,
      inputGain,
    );
    const m1 = t.membrane1 + <usize>i * row1,
      m2 = t.membrane2 + <usize>i * row2;
    const counts = policyStep(
      image,
      t.quantised,
      t.action + <usize>((i * OUTPUTS) << 1),
      m1 + row1,
      m1,
      m2 + row2,
      m2,
      t.current,
      t.active1,
      t.active2,
    );
    recordTimes(t.active1, counts & 0xffff, t.times1, t.count1, t.steps, i);
    recordTimes(t.active2, counts >>> 16, t.times2, t.count2, t.steps, i);
    t.spikes += (counts & 0xffff) + (counts >>> 16);
  }
}

/** observation (18) f32 quantised, and input (18) f32: what the network took it for, times its gain. */
export function recordInput(quantised: usize, input: usize, observation: usize, inputGain: usize): void {
  quantiseObservation(observation, quantised);
  for (let k = 0; k < INPUTS; k++) {
    const at = (<usize>k) << 2;
    const x = <f32>load<i16>(quantised + (at >> 1)) * powerOfTwo(-observationBits(k));
    store<f32>(input + at, x * load<f32>(inputGain + at));
  }
}

/** Appends `step` to the firing times (_, pitch) u16 of the `count` neurons in active. */
export function recordTimes(
  active: usize,
  count: i32,
  times: usize,
  counts: usize,
  pitch: i32,
  step: i32,
): void {
  for (let a = active; a < active + ((<usize>count) << 1); a += 2) {
    const neuron = <usize>load<u16>(a);
    const n = load<u32>(counts + (neuron << 2));
    store<u16>(times + ((neuron * pitch + n) << 1), <u16>step);
    store<u32>(counts + (neuron << 2), n + 1);
  }
}

/** Bytes of scratch of the backward pass: dL/dcurrent of both layers and of the read-out, and a packed panel. */
export function bpttScratchBytes(steps: i32, h1: i32, h2: i32): i32 {
  return 4 * steps * (h1 + h2 + OUTPUTS) + gemmScratchBytes(h2 > steps ? h2 : steps);
}

/**
 * Adds the gradient of one recorded sequence to gradient (a master's layout). dAction (steps, 4) f32 is dL/daction, 0
 * where a step carries no loss. copies: copyForBackward. Straight-through for every rounding.
 */
export function bpttBackward(
  tape: usize,
  image: usize,
  copies: usize,
  dAction: usize,
  steps: i32,
  slope: f32,
  gradient: usize,
  scratch: usize,
): void {
  const t = changetype<Tape>(tape);
  const p = changetype<PolicyImage>(image);
  const h1 = t.hidden1,
    h2 = t.hidden2;
  const row1 = (<usize>h1) << 2,
    row2 = (<usize>h2) << 2,
    rowOut: usize = OUTPUTS << 2;
  const d1 = scratch,
    d2 = d1 + row1 * steps,
    dOut = d2 + row2 * steps,
    packed = dOut + rowOut * steps;

  // Read-out: action = tanh(w3 S2 + b3).
  for (let i = 0; i < steps * OUTPUTS; i++) {
    const a = <f32>load<i16>(t.action + ((<usize>i) << 1)) * powerOfTwo(-ACTION_BITS);
    store<f32>(dOut + ((<usize>i) << 2), load<f32>(dAction + ((<usize>i) << 2)) * (<f32>1.0 - a * a));
  }
  const weights3 = gradient + ((<usize>masterWeights3(h1, h2)) << 2);
  for (let j = 0; j < h2; j++) {
    sparseWeightBackward(
      weights3 + <usize>j * rowOut,
      dOut,
      t.times2 + ((<usize>(j * t.steps)) << 1),
      load<u32>(t.count2 + ((<usize>j) << 2)),
      OUTPUTS,
    );
  }
  addColumnSums(gradient + ((<usize>masterBias3(h1, h2)) << 2), dOut, rowOut, steps, OUTPUTS);
  gemm(d2, row2, dOut, rowOut, 4, copies + row1 * h2, row2, steps, h2, OUTPUTS, false, packed);

  // Layer 2.
  const neurons2 = gradient + ((<usize>masterNeurons2(h1, h2)) << 2);
  const q2 = imageNeurons2(p);
  lifBackward(
    d2,
    t.membrane2,
    q2 + row2,
    q2 + 2 * row2,
    steps,
    h2,
    slope,
    neurons2 + row2,
    neurons2 + 2 * row2,
  );
  const weights2 = gradient + ((<usize>masterWeights2(h1)) << 2);
  for (let j = 0; j < h1; j++) {
    sparseWeightBackward(
      weights2 + <usize>j * row2,
      d2,
      t.times1 + ((<usize>(j * t.steps)) << 1),
      load<u32>(t.count1 + ((<usize>j) << 2)),
      h2,
    );
  }
  addColumnSums(neurons2, d2, row2, steps, h2);
  gemm(d1, row1, d2, row2, 4, copies, row1, steps, h1, h2, false, packed);

  // Layer 1.
  const neurons1 = gradient + ((<usize>masterNeurons1(h1)) << 2);
  const q1 = imageNeurons1(p);
  lifBackward(
    d1,
    t.membrane1,
    q1 + row1,
    q1 + 2 * row1,
    steps,
    h1,
    slope,
    neurons1 + row1,
    neurons1 + 2 * row1,
  );
  gemm(gradient, row1, t.input, 4, INPUTS << 2, d1, row1, INPUTS, h1, steps, true, packed);
  addColumnSums(neurons1, d1, row1, steps, h1);
}
