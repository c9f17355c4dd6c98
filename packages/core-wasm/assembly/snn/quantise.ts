// From the f32 master to the integer image that flies, after every optimiser step, and the f32 copies of the quantised
// weights that the backward pass multiplies by.

import { observationBits, PARAMETER_LIMIT, powerOfTwo, Q16_ONE, quantise } from "../fixed-point";
import {
  INPUTS,
  imageBias3,
  imageNeurons1,
  imageNeurons2,
  imageWeights1,
  imageWeights2,
  imageWeights3,
  masterBias3,
  masterNeurons1,
  masterNeurons2,
  masterWeights2,
  masterWeights3,
  OUTPUTS,
  PolicyImage,
} from "./network";

const WEIGHT_LIMIT: i32 = 32767;

/** Words of the backward copies: w2 transposed (h2, h1), w3 transposed (4, h2). */
export function backwardCopyBytes(h1: i32, h2: i32): i32 {
  return 4 * (h1 + OUTPUTS) * h2;
}

// @ts-ignore: decorator
@inline
function quantiseWeight(w: f32, bits: i32): i32 {
  return quantise(w, powerOfTwo(bits), WEIGHT_LIMIT);
}

// @ts-ignore: decorator
@inline
function saturated(q: i32): i32 {
  return i32(q == WEIGHT_LIMIT || q == -WEIGHT_LIMIT);
}

/**
 * Writes the tensors of image, whose header is set, from master. inputGain (18) f32, powers of two: the effective
 * weight of an input is gain times master. Returns how many weights saturate.
 */
export function quantisePolicy(image: usize, master: usize, inputGain: usize): i32 {
  const p = changetype<PolicyImage>(image);
  const h1 = p.hidden1,
    h2 = p.hidden2;
  let clipped = 0;
  const w1 = imageWeights1(p);
  for (let k = 0; k < INPUTS; k++) {
    const gain = load<f32>(inputGain + ((<usize>k) << 2));
    const bits = p.productBits - observationBits(k);
    for (let j = 0; j < h1; j++) {
      const q = quantiseWeight(load<f32>(master + ((<usize>(k * h1 + j)) << 2)) * gain, bits);
      clipped += saturated(q);
      store<i16>(w1 + ((<usize>(((k >> 1) * h1 + j) * 2 + (k & 1))) << 1), <i16>q);
    }
  }
  quantiseNeurons(imageNeurons1(p), master + ((<usize>masterNeurons1(h1)) << 2), h1);
  clipped += quantiseRows(
    imageWeights2(p),
    master + ((<usize>masterWeights2(h1)) << 2),
    h1 * h2,
    p.weightBits2,
  );
  quantiseNeurons(imageNeurons2(p), master + ((<usize>masterNeurons2(h1, h2)) << 2), h2);
  clipped += quantiseRows(
    imageWeights3(p),
    master + ((<usize>masterWeights3(h1, h2)) << 2),
    h2 * OUTPUTS,
    p.weightBits3,
  );
  quantiseQ16(imageBias3(p), master + ((<usize>masterBias3(h1, h2)) << 2), OUTPUTS);
  return clipped;
}

function quantiseRows(q: usize, w: usize, n: i32, bits: i32): i32 {
  let clipped = 0;
  for (let i = 0; i < n; i++) {
    const value = quantiseWeight(load<f32>(w + ((<usize>i) << 2)), bits);
    clipped += saturated(value);
    store<i16>(q + ((<usize>i) << 1), <i16>value);
  }
  return clipped;
}

function quantiseQ16(q: usize, x: usize, n: i32): void {
  for (let i = 0; i < n; i++)
    store<i32>(
      q + ((<usize>i) << 2),
      quantise(load<f32>(x + ((<usize>i) << 2)), <f32>Q16_ONE, PARAMETER_LIMIT),
    );
}

/** bias, leak (clamped to [0, 1]), threshold. */
function quantiseNeurons(q: usize, x: usize, n: i32): void {
  const row = (<usize>n) << 2;
  quantiseQ16(q, x, n);
  for (let at = row; at < 2 * row; at += 4) {
    const leak = quantise(load<f32>(x + at), <f32>Q16_ONE, Q16_ONE);
    store<i32>(q + at, leak < 0 ? 0 : leak);
  }
  quantiseQ16(q + 2 * row, x + 2 * row, n);
}

/** The weights of layers 2 and 3 as the image has them, f32 and transposed. */
export function copyForBackward(image: usize, copies: usize): void {
  const p = changetype<PolicyImage>(image);
  const h1 = p.hidden1,
    h2 = p.hidden2;
  transposeWeights(imageWeights2(p), h1, h2, powerOfTwo(-p.weightBits2), copies);
  transposeWeights(
    imageWeights3(p),
    h2,
    OUTPUTS,
    powerOfTwo(-p.weightBits3),
    copies + ((<usize>(h1 * h2)) << 2),
  );
}

function transposeWeights(q: usize, nIn: i32, nOut: i32, unit: f32, out: usize): void {
  for (let i = 0; i < nIn; i++) {
    for (let j = 0; j < nOut; j++) {
      store<f32>(
        out + ((<usize>(j * nIn + i)) << 2),
        <f32>load<i16>(q + ((<usize>(i * nOut + j)) << 1)) * unit,
      );
    }
  }
}

// A parameter beyond its range does not move the forward pass, so a gradient that points further out says nothing true
// and is zeroed. One that points back in stays: without it the parameter could never return.

/** Zeroes what would push a leak further out of [0, 1], where the forward pass clamps it. */
export function maskClampedLeaks(gradient: usize, master: usize, h1: i32, h2: i32): void {
  maskLeaks(gradient, master, masterNeurons1(h1) + h1, h1);
  maskLeaks(gradient, master, masterNeurons2(h1, h2) + h2, h2);
}

function maskLeaks(gradient: usize, master: usize, first: i32, n: i32): void {
  for (let at = (<usize>first) << 2; at < (<usize>(first + n)) << 2; at += 4) {
    const leak = load<f32>(master + at);
    if (leak < 0.0) maskDescent(gradient + at, -1);
    else if (leak > 1.0) maskDescent(gradient + at, 1);
  }
}

/** Zeroes what would push a weight further out of the range of the image's integers. */
export function maskSaturatedWeights(gradient: usize, image: usize): void {
  const p = changetype<PolicyImage>(image);
  const h1 = p.hidden1,
    h2 = p.hidden2;
  const w1 = imageWeights1(p);
  for (let k = 0; k < INPUTS; k++) {
    for (let j = 0; j < h1; j++) {
      const q = load<i16>(w1 + ((<usize>(((k >> 1) * h1 + j) * 2 + (k & 1))) << 1));
      if (saturated(q)) maskDescent(gradient + ((<usize>(k * h1 + j)) << 2), q);
    }
  }
  maskRows(gradient + ((<usize>masterWeights2(h1)) << 2), imageWeights2(p), h1 * h2);
  maskRows(gradient + ((<usize>masterWeights3(h1, h2)) << 2), imageWeights3(p), h2 * OUTPUTS);
}

function maskRows(gradient: usize, q: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const weight = load<i16>(q + ((<usize>i) << 1));
    if (saturated(weight)) maskDescent(gradient + ((<usize>i) << 2), weight);
  }
}

/** Zeroes a gradient whose descent goes further towards `side`: -1 or less is down, 1 or more is up. */
// @ts-ignore: decorator
@inline
function maskDescent(gradient: usize, side: i32): void {
  const g = load<f32>(gradient);
  if (side > 0 ? g < 0.0 : g > 0.0) store<f32>(gradient, 0.0);
}
