// Networks for specs: of two plain LIF layers by their widths, or of any layers, described one by one.

import { Actor, ActorKind } from "../actors/actor";
import { actorSync } from "../actors/kind";
import { INPUTS, imageBegin, imageLayer, layerOf, NetworkImage, OUTPUTS } from "../network/image";
import { Neuron } from "../neurons/neuron";
import { WeightFormat } from "../synapses/weight-format";
import { make, place } from "./arena";

/** Bytes of any image of a spec. */
const LARGEST: usize = 1 << 16;

/** An image without tensors of layers that layerIs describes. */
export function begin(hidden: i32, inputs: i32 = INPUTS): NetworkImage {
  const image = changetype<NetworkImage>(place(LARGEST));
  imageBegin(image, hidden + 1, inputs);
  return image;
}

export function twoLayers(
  h1: i32,
  h2: i32,
  productBits: i32,
  hidden: i32 = WeightFormat.I16,
  readOut: i32 = hidden,
): NetworkImage {
  const image = begin(2);
  imageLayer(image, 0, Neuron.LIF, h1, 0, hidden, productBits);
  imageLayer(image, 1, Neuron.LIF, h2, 0, hidden, 12);
  imageLayer(image, 2, Neuron.NONE, OUTPUTS, 0, readOut, 12);
  return image;
}

// Where the tensors of two plain layers lie in a master, words.
export function masterNeurons1(h1: i32): i32 {
  return INPUTS * h1;
}
export function masterWeights2(h1: i32): i32 {
  return (INPUTS + 3) * h1;
}
export function masterNeurons2(h1: i32, h2: i32): i32 {
  return masterWeights2(h1) + h1 * h2;
}
export function masterWeights3(h1: i32, h2: i32): i32 {
  return masterNeurons2(h1, h2) + 3 * h2;
}
export function masterBias3(h1: i32, h2: i32): i32 {
  return masterWeights3(h1, h2) + OUTPUTS * h2;
}
export function masterCount(h1: i32, h2: i32): i32 {
  return masterBias3(h1, h2) + OUTPUTS;
}

export function weightsOf(image: NetworkImage, l: i32): usize {
  return changetype<usize>(image) + layerOf(image, l).weights;
}
export function neuronsOf(image: NetworkImage, l: i32): usize {
  return changetype<usize>(image) + layerOf(image, l).neurons;
}

/** An actor that flies and learns this master; gain (inputs) f32. */
export function spikingActor(
  image: NetworkImage,
  targetImage: NetworkImage,
  master: usize,
  gain: usize,
): Actor {
  const a = make<Actor>();
  a.kind = ActorKind.SPIKING;
  a.inputs = image.inputs;
  a.parameters = master;
  a.target = place(4 * image.masterWords);
  a.copies = place(4 * image.copyWords);
  a.image = image;
  a.targetImage = targetImage;
  a.inputGain = gain;
  actorSync(a);
  return a;
}
