// The shape of the spiking policy 18 -> h1 -> h2 -> 4, and where its tensors lie in each of its two forms.
//
// Master: f32, what the optimiser moves. w1 (18, h1), b1, leak1, threshold1 (h1), w2 (h1, h2), b2, leak2, threshold2
// (h2), w3 (h2, 4), b3 (4), in this order, inputs first.
// Image: integers, what flies and what the firmware keeps in flash. A header of 8 words, then the same tensors: w1 as
// (9, h1, 2) i16, so that two inputs of one neuron meet in one multiply-add; biases, leaks and thresholds i32. A narrow
// image has w2 and w3 as i8, each followed by a q16 scale (h2), (4) i32 per neuron: a weight is its i8 times the scale.

import { OBSERVATION_WORDS } from "../task/observation";

export const INPUTS: i32 = OBSERVATION_WORDS;
export const INPUT_PAIRS: i32 = INPUTS / 2;
export const OUTPUTS: i32 = 4;

/** Header of an image: the shape and the fraction bits of its weights. */
@unmanaged
export abstract class PolicyImage {
  hidden1: i32; // multiples of 8
  hidden2: i32;
  productBits: i32; // fraction bits of observation * w1, the same for every input: 23 .. 27
  weightBits2: i32; // fraction bits of w2 and of w3: 12 .. 16
  weightBits3: i32;
  narrow: i32; // 1: w2 and w3 are i8 with scales, made from i16 of weightBits; 0: i16
  reserved1: i32;
  reserved2: i32;
}

export const IMAGE_HEADER_BYTES: usize = 32;

// Offsets in an image, bytes; the neuron parameters of a layer are bias, leak, threshold, (h) i32 each.
// @ts-ignore: decorator
@inline
export function imageWeights1(p: PolicyImage): usize {
  return changetype<usize>(p) + IMAGE_HEADER_BYTES;
}
// @ts-ignore: decorator
@inline
export function imageNeurons1(p: PolicyImage): usize {
  return imageWeights1(p) + <usize>(2 * INPUTS * p.hidden1);
}
// @ts-ignore: decorator
@inline
export function imageWeights2(p: PolicyImage): usize {
  return imageNeurons1(p) + <usize>(12 * p.hidden1);
}
// @ts-ignore: decorator
@inline
export function imageNeurons2(p: PolicyImage): usize {
  return imageWeights2(p) + <usize>weightBytes(p, p.hidden1, p.hidden2);
}
// @ts-ignore: decorator
@inline
export function imageWeights3(p: PolicyImage): usize {
  return imageNeurons2(p) + <usize>(12 * p.hidden2);
}
// @ts-ignore: decorator
@inline
export function imageBias3(p: PolicyImage): usize {
  return imageWeights3(p) + <usize>weightBytes(p, p.hidden2, OUTPUTS);
}
/** The scales (nOut) i32 behind the weights (nIn, nOut) i8 of a narrow image. */
// @ts-ignore: decorator
@inline
export function narrowScales(weights: usize, nIn: i32, nOut: i32): usize {
  return weights + <usize>(nIn * nOut);
}

/** Address of the thresholds (h1), (h2) i32, q16. */
export function imageThresholds1(image: usize): usize {
  const p = changetype<PolicyImage>(image);
  return imageNeurons1(p) + ((<usize>p.hidden1) << 3);
}
export function imageThresholds2(image: usize): usize {
  const p = changetype<PolicyImage>(image);
  return imageNeurons2(p) + ((<usize>p.hidden2) << 3);
}

function weightBytes(p: PolicyImage, nIn: i32, nOut: i32): i32 {
  return p.narrow ? (nIn + 4) * nOut : 2 * nIn * nOut;
}

export function imageBytes(hidden1: i32, hidden2: i32): i32 {
  return (
    <i32>IMAGE_HEADER_BYTES +
    (2 * INPUTS + 12) * hidden1 +
    2 * hidden1 * hidden2 +
    (12 + 2 * OUTPUTS) * hidden2 +
    4 * OUTPUTS
  );
}

/** Fills the header of a narrow image. */
export function narrowImageInit(
  at: usize,
  hidden1: i32,
  hidden2: i32,
  productBits: i32,
  weightBits2: i32,
  weightBits3: i32,
): void {
  imageInit(at, hidden1, hidden2, productBits, weightBits2, weightBits3);
  changetype<PolicyImage>(at).narrow = 1;
}

/** Bytes of a narrow image. */
export function narrowImageBytes(hidden1: i32, hidden2: i32): i32 {
  return imageBytes(hidden1, hidden2) - (hidden1 - 4) * hidden2 - (hidden2 - 4) * OUTPUTS;
}

// Word offsets in a master.
// @ts-ignore: decorator
@inline
export function masterNeurons1(h1: i32): i32 {
  return INPUTS * h1;
}
// @ts-ignore: decorator
@inline
export function masterWeights2(h1: i32): i32 {
  return (INPUTS + 3) * h1;
}
// @ts-ignore: decorator
@inline
export function masterNeurons2(h1: i32, h2: i32): i32 {
  return masterWeights2(h1) + h1 * h2;
}
// @ts-ignore: decorator
@inline
export function masterWeights3(h1: i32, h2: i32): i32 {
  return masterNeurons2(h1, h2) + 3 * h2;
}
// @ts-ignore: decorator
@inline
export function masterBias3(h1: i32, h2: i32): i32 {
  return masterWeights3(h1, h2) + OUTPUTS * h2;
}

/** Parameters of the network: 39,044 for 18-256-128-4. */
export function masterCount(h1: i32, h2: i32): i32 {
  return masterBias3(h1, h2) + OUTPUTS;
}

/** Bytes of the state of one policy: membrane1 (h1), membrane2 (h2), q16. Zero before the first step. */
export function policyStateBytes(h1: i32, h2: i32): i32 {
  return 4 * (h1 + h2);
}

/** Bytes of scratch of one step: the currents of the larger layer, and a list of spiking neurons for each. */
export function policyScratchBytes(h1: i32, h2: i32): i32 {
  return 4 * (h1 > h2 ? h1 : h2) + 2 * (h1 + h2);
}

/** Fills a header. */
export function imageInit(
  at: usize,
  hidden1: i32,
  hidden2: i32,
  productBits: i32,
  weightBits2: i32,
  weightBits3: i32,
): void {
  const o = changetype<PolicyImage>(at);
  o.hidden1 = hidden1;
  o.hidden2 = hidden2;
  o.productBits = productBits;
  o.weightBits2 = weightBits2;
  o.weightBits3 = weightBits3;
  o.narrow = 0;
  o.reserved1 = 0;
  o.reserved2 = 0;
}
