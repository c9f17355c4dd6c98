// A network is a list of layers: one to MAX_HIDDEN of neurons that spike, then a read-out to the four motors. Here is
// where the tensors of each lie, in each of the two forms.
//
// Master: f32, what the optimiser moves. Layer after layer: weights (nIn, n), inputs first; own weights (n, n) of a
// recurrent layer; bias (n); the rows of the neuron's parameters (n) each, as its file in neurons/ has them.
// Image: integers, what flies and what the firmware keeps in flash. A header, a record a layer, then the same tensors:
// the weights of layer 1 as (9, n, 2) i16, so that two inputs of one neuron meet in one multiply-add, and with past actions
// as nine times that, the last rows 0; the others in the layer's WeightFormat; biases and parameters i32.

import { neuronParameterRows, neuronStateRows } from "../neurons/neuron";
import { weightBytes } from "../synapses/weight-format";
import { OBSERVATION_WORDS } from "../task/observation";

/** Of what flies without past actions; layer 1 takes so many at a time. */
export const INPUTS: i32 = OBSERVATION_WORDS;
export const OUTPUTS: i32 = 4;
// @ts-ignore: decorator
@shared
export const MAX_HIDDEN: i32 = 6;
/** Of this header; what flies is refused by another version. */
// @ts-ignore: decorator
@shared
export const IMAGE_VERSION: i32 = 2;

@unmanaged
export abstract class NetworkImage {
  version: i32;
  inputs: i32; // 18, or 146 with past actions
  layers: i32; // the read-out included
  bytes: i32; // of the image
  stateBytes: i32; // of one drone's memory, zero before the first step: layer after layer, membranes (n) q16 first
  masterWords: i32; // parameters: 39,044 for 18-256-128-4
  copyWords: i32; // of the f32 copies for the way back
  neurons: i32; // that spike, in all layers
  widest: i32; // neurons of the widest layer
  scratchBytes: i32; // of a step
}

@unmanaged
export abstract class Layer {
  neuron: i32; // Neuron
  inputs: i32;
  width: i32; // a multiple of 8; 4 for the read-out
  recurrent: i32; // 1: it hears its own spikes of the step before
  weightFormat: i32; // WeightFormat of the weights from spikes
  bits: i32; // fraction bits of the weights, 12 .. 16; in layer 1 of observation times weight, 23 .. 27
  weights: i32; // offset in the image, bytes
  ownWeights: i32; // offset
  neurons: i32; // offset: bias, then the neuron's parameters, (width) i32 each
  state: i32; // offset in the state, bytes
  master: i32; // offset in the master, words
  copy: i32; // offset in the copies, words: weights (width, inputs)
  ownCopy: i32; // offset in the copies: own weights (width, width)
  first: i32; // neurons in the layers before
}

/** Fraction bits of own weights. */
export const OWN_BITS: i32 = 12;

// @ts-ignore: decorator
@inline
export function layerOf(image: NetworkImage, l: i32): Layer {
  return changetype<Layer>(
    changetype<usize>(image) + offsetof<NetworkImage>() + <usize>l * offsetof<Layer>(),
  );
}

/** Bytes of header and records of an image of so many layers, the read-out included. */
export function imageHeaderBytes(layers: i32): i32 {
  return (<i32>offsetof<NetworkImage>() + layers * <i32>offsetof<Layer>() + 15) & ~15;
}

/** Inputs of layer 1 as the image has them: a multiple of INPUTS. */
export function inputRows(inputs: i32): i32 {
  return ((inputs + INPUTS - 1) / INPUTS) * INPUTS;
}

/** Begins the header of an image of so many layers, the read-out included: imageLayer for each follows, in order. */
export function imageBegin(image: NetworkImage, layers: i32, inputs: i32): void {
  memory.fill(changetype<usize>(image), 0, imageHeaderBytes(layers));
  image.version = IMAGE_VERSION;
  image.inputs = inputs;
  image.layers = layers;
  image.bytes = imageHeaderBytes(layers);
}

/** Describes layer l; the totals of the header grow with it. */
export function imageLayer(
  image: NetworkImage,
  l: i32,
  neuron: i32,
  width: i32,
  recurrent: i32,
  weightFormat: i32,
  bits: i32,
): void {
  const layer = layerOf(image, l);
  const isReadOut = l == image.layers - 1;
  layer.neuron = neuron;
  layer.inputs = l == 0 ? image.inputs : layerOf(image, l - 1).width;
  layer.width = width;
  layer.recurrent = recurrent;
  layer.weightFormat = weightFormat;
  layer.bits = bits;
  layer.weights = image.bytes;
  layer.ownWeights =
    layer.weights +
    (l == 0 ? 2 * inputRows(image.inputs) * width : weightBytes(layer.inputs, width, weightFormat));
  layer.neurons = layer.ownWeights + (recurrent ? weightBytes(width, width, weightFormat) : 0);
  layer.state = image.stateBytes;
  layer.master = image.masterWords;
  layer.copy = image.copyWords;
  layer.first = image.neurons;
  const rows = 1 + neuronParameterRows(neuron);
  image.bytes = layer.neurons + 4 * rows * width;
  image.stateBytes += 4 * neuronStateRows(neuron) * width;
  image.masterWords = masterNeurons(layer) + rows * width;
  layer.ownCopy = layer.copy + (l == 0 ? 0 : layer.inputs * width);
  image.copyWords = layer.ownCopy + (recurrent ? width * width : 0);
  image.widest = max<i32>(image.widest, width);
  if (!isReadOut) image.neurons += width;
  image.scratchBytes = <i32>SCRATCH_CURRENT + 6 * image.widest + 2 * image.neurons;
}

// Word offsets in a master.
export function masterOwnWeights(layer: Layer): i32 {
  return layer.master + layer.inputs * layer.width;
}
/** Of the bias; the neuron's parameters follow. */
export function masterNeurons(layer: Layer): i32 {
  return masterOwnWeights(layer) + (layer.recurrent ? layer.width * layer.width : 0);
}

// Scratch of a step: how many neurons of each layer fired, currents, and which neurons fired: of every layer, and of one
// in the step before.
export const SCRATCH_CURRENT: usize = 32;

// @ts-ignore: decorator
@inline
export function scratchActive(image: NetworkImage, scratch: usize, first: i32): usize {
  return scratch + SCRATCH_CURRENT + ((<usize>image.widest) << 2) + ((<usize>first) << 1);
}

export function policyScratchBytes(image: NetworkImage): i32 {
  return image.scratchBytes;
}

/** Neurons of hidden layer l, from 0; 0 behind the last. */
export function policyWidth(image: NetworkImage, l: i32): i32 {
  return l < image.layers - 1 ? layerOf(image, l).width : 0;
}
