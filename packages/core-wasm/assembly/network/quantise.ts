// From the f32 master to the integer image that flies, after every optimiser step, and the f32 copies of the quantised
// weights that the backward pass multiplies by.

import { F32s } from "../addresses";
import { observationBits, PARAMETER_LIMIT, powerOfTwo, Q16_ONE, Q16_UNIT, quantise } from "../fixed-point";
import { neuronIsLeak, neuronParameterRows } from "../neurons/neuron";
import { MASTER, narrowRows } from "../synapses/narrow";
import { scaledWeight, WeightFormat, weightBytes } from "../synapses/weight-format";
import { inputRows, Layer, layerOf, masterNeurons, masterOwnWeights, NetworkImage, OWN_BITS } from "./image";

const WEIGHT_LIMIT: i32 = 32767;

/**
 * 255/256, the largest leak of a trained policy. A membrane of leak 1 sums the least bias for minutes and runs to its rail;
 * below this it stays within 256 times its largest current and threshold, 2.6 s of them, and a current of 64 is rare.
 */
// @ts-ignore: decorator
@shared
export const LEAK_LIMIT: i32 = Q16_ONE - (Q16_ONE >> 8);

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
 * Writes the tensors of image, whose header is set, from master. inputGain (inputs) f32, powers of two: the effective
 * weight of an input is gain times master. Returns how many weights saturate.
 */
export function quantisePolicy(image: NetworkImage, master: F32s, inputGain: F32s): i32 {
  const base = changetype<usize>(image);
  let clipped = 0;
  for (let l = 0; l < image.layers; l++) {
    const layer = layerOf(image, l);
    const weights = base + layer.weights,
      from = master + ((<usize>layer.master) << 2);
    if (l == 0) clipped += quantiseInputs(layer, weights, from, inputGain);
    else clipped += quantiseRows(layer, weights, from, layer.inputs, layer.bits);
    if (layer.recurrent) {
      const own = master + ((<usize>masterOwnWeights(layer)) << 2);
      clipped += quantiseRows(layer, base + layer.ownWeights, own, layer.width, OWN_BITS);
    }
    quantiseNeurons(layer, base + layer.neurons, master + ((<usize>masterNeurons(layer)) << 2));
  }
  return clipped;
}

function quantiseInputs(layer: Layer, q: usize, master: F32s, inputGain: F32s): i32 {
  const n = layer.width;
  let clipped = 0;
  memory.fill(q, 0, <usize>(2 * inputRows(layer.inputs) * n));
  for (let k = 0; k < layer.inputs; k++) {
    const gain = load<f32>(inputGain + ((<usize>k) << 2));
    const bits = layer.bits - observationBits(k);
    for (let j = 0; j < n; j++) {
      const value = quantiseWeight(load<f32>(master + ((<usize>(k * n + j)) << 2)) * gain, bits);
      clipped += saturated(value);
      store<i16>(q + inputWeight(k, j, n), <i16>value);
    }
  }
  return clipped;
}

/** Where the weight of input k and neuron j of n lies in layer 1, bytes. */
// @ts-ignore: decorator
@inline
export function inputWeight(k: i32, j: i32, n: i32): usize {
  return (<usize>(((k >> 1) * n + j) * 2 + (k & 1))) << 1;
}

function quantiseRows(layer: Layer, q: usize, w: usize, nIn: i32, bits: i32): i32 {
  const count = nIn * layer.width;
  let clipped = 0;
  for (let i = 0; i < count; i++) {
    const value = quantiseWeight(load<f32>(w + ((<usize>i) << 2)), bits);
    clipped += saturated(value);
    if (layer.weightFormat == WeightFormat.I16) store<i16>(q + ((<usize>i) << 1), <i16>value);
  }
  if (layer.weightFormat != WeightFormat.I16)
    narrowRows(w, MASTER, q, layer.weightFormat, nIn, layer.width, bits);
  return clipped;
}

/** Bias and parameters; leaks are clamped to [0, LEAK_LIMIT]. */
function quantiseNeurons(layer: Layer, q: usize, x: usize): void {
  const n = layer.width;
  for (let r = -1; r < neuronParameterRows(layer.neuron); r++) {
    const isLeak = r >= 0 && neuronIsLeak(layer.neuron, r);
    for (let j = 0; j < n; j++, q += 4, x += 4) {
      const value = quantise(load<f32>(x), <f32>Q16_ONE, isLeak ? LEAK_LIMIT : PARAMETER_LIMIT);
      store<i32>(q, isLeak && value < 0 ? 0 : value);
    }
  }
}

/** Writes an image in narrower formats; the header of `narrowed` is set. What has its format already stays as it is. */
export function narrowPolicy(image: NetworkImage, narrowed: NetworkImage): void {
  for (let l = 0; l < image.layers; l++) {
    const p = layerOf(image, l),
      q = layerOf(narrowed, l);
    const from = changetype<usize>(image),
      to = changetype<usize>(narrowed);
    if (l == 0) memory.copy(to + q.weights, from + p.weights, <usize>(p.ownWeights - p.weights));
    else narrowTensor(from + p.weights, p, to + q.weights, q, p.inputs, p.bits);
    if (p.recurrent) narrowTensor(from + p.ownWeights, p, to + q.ownWeights, q, p.width, OWN_BITS);
    const rows = 1 + neuronParameterRows(p.neuron);
    memory.copy(to + q.neurons, from + p.neurons, <usize>(4 * rows * p.width));
  }
}

function narrowTensor(from: usize, p: Layer, to: usize, q: Layer, nIn: i32, bits: i32): void {
  const n = p.width,
    format = q.weightFormat;
  if (p.weightFormat == format) memory.copy(to, from, <usize>weightBytes(nIn, n, format));
  else narrowRows(from, p.weightFormat, to, format, nIn, n, bits);
}

/** The weights that hear spikes, as the image has them, f32 and transposed. */
export function copyForBackward(image: NetworkImage, copies: F32s): void {
  const base = changetype<usize>(image);
  for (let l = 0; l < image.layers; l++) {
    const layer = layerOf(image, l);
    const copy = copies + ((<usize>layer.copy) << 2),
      ownCopy = copies + ((<usize>layer.ownCopy) << 2);
    if (l > 0) transposeWeights(layer, base + layer.weights, layer.inputs, layer.bits, copy);
    if (layer.recurrent) transposeWeights(layer, base + layer.ownWeights, layer.width, OWN_BITS, ownCopy);
  }
}

function transposeWeights(layer: Layer, q: usize, nIn: i32, bits: i32, out: usize): void {
  const n = layer.width,
    unit = powerOfTwo(-bits);
  for (let i = 0; i < nIn; i++) {
    for (let j = 0; j < n; j++) {
      const at = <usize>(i * n + j);
      let w: f32 = 0.0;
      if (layer.weightFormat == WeightFormat.I16) w = <f32>load<i16>(q + (at << 1)) * unit;
      else w = <f32>scaledWeight(q, <i32>at, j, nIn, n, layer.weightFormat) * Q16_UNIT;
      store<f32>(out + ((<usize>(j * nIn + i)) << 2), w);
    }
  }
}

// A parameter beyond its range does not move the forward pass, so a gradient that points further out says nothing true
// and is zeroed. One that points back in stays: without it the parameter could never return.

/** Zeroes what would push a leak further out of [0, LEAK_LIMIT], or a weight further out of the range of the image's integers. */
export function maskPolicyGradient(gradient: F32s, master: F32s, image: NetworkImage, inputGain: F32s): void {
  for (let l = 0; l < image.layers; l++) {
    const layer = layerOf(image, l);
    const n = layer.width;
    let at = (<usize>layer.master) << 2;
    if (l == 0) {
      for (let k = 0; k < layer.inputs; k++) {
        const gain = load<f32>(inputGain + ((<usize>k) << 2));
        for (let j = 0; j < n; j++, at += 4)
          maskWeight(gradient + at, load<f32>(master + at) * gain, layer.bits - observationBits(k));
      }
    } else {
      for (let i = 0; i < layer.inputs * n; i++, at += 4)
        maskWeight(gradient + at, load<f32>(master + at), layer.bits);
    }
    if (layer.recurrent)
      for (let i = 0; i < n * n; i++, at += 4) maskWeight(gradient + at, load<f32>(master + at), OWN_BITS);
    at += (<usize>n) << 2;
    for (let r = 0; r < neuronParameterRows(layer.neuron); r++) {
      for (let j = 0; j < n; j++, at += 4)
        if (neuronIsLeak(layer.neuron, r)) maskLeak(gradient + at, master + at);
    }
  }
}

// @ts-ignore: decorator
@inline
function maskWeight(gradient: F32s, w: f32, bits: i32): void {
  const q = quantiseWeight(w, bits);
  if (saturated(q)) maskDescent(gradient, q);
}

function maskLeak(gradient: F32s, at: usize): void {
  const leak = load<f32>(at);
  if (leak < 0.0) maskDescent(gradient, -1);
  else if (leak > <f32>LEAK_LIMIT * Q16_UNIT) maskDescent(gradient, 1);
}

/** Zeroes a gradient whose descent goes further towards `side`: -1 or less is down, 1 or more is up. */
// @ts-ignore: decorator
@inline
function maskDescent(gradient: F32s, side: i32): void {
  const g = load<f32>(gradient);
  if (side > 0 ? g < 0.0 : g > 0.0) store<f32>(gradient, 0.0);
}
