import {
  type Address,
  type Fields,
  IMAGE_VERSION,
  LAYOUTS,
  OBSERVATION_WORDS,
  WeightFormat,
} from "../build/layout.js";
import type { Core } from "./core.js";

/** A layer of a network; inputs and places follow. */
export type LayerFields = Pick<Fields["Layer"], "neuron" | "width" | "recurrent" | "weightFormat" | "bits">;

function allocateImage(core: Core, bytes: number): Address<"NetworkImage"> {
  return core.allocate("U8s", bytes) as number as Address<"NetworkImage">;
}

/** An image without tensors: room for them behind its header. layers: the read-out last. */
export function createImage(
  core: Core,
  layers: readonly LayerFields[],
  inputs: number = OBSERVATION_WORDS,
): Address<"NetworkImage"> {
  const { kernels } = core;
  const headerBytes = kernels.imageHeaderBytes(layers.length);
  const header = allocateImage(core, headerBytes);
  kernels.imageBegin(header, layers.length, inputs);
  for (const [l, { neuron, width, recurrent, weightFormat, bits }] of layers.entries())
    kernels.imageLayer(header, l, neuron, width, recurrent, weightFormat, bits);
  const image = allocateImage(core, core.view("NetworkImage", header).bytes);
  core.bytes(image, headerBytes).set(core.bytes(header, headerBytes));
  return image;
}

/** What an image says of its layer l, from 0. */
export function viewLayer(core: Core, image: Address<"NetworkImage">, l: number): Fields["Layer"] {
  return core.view("Layer", (image + LAYOUTS.NetworkImage.bytes) as Address<"Layer">, l);
}

/** The tensors of an image, behind its header. */
export function imageTensors(core: Core, image: Address<"NetworkImage">): Uint8Array {
  const { bytes, layers } = core.view("NetworkImage", image);
  return core.bytes(image, bytes).subarray(core.kernels.imageHeaderBytes(layers));
}

/** Two weights of 4 bits from every byte, its lower half first (assembly/synapses/weight-format.ts). */
export function unpackI4(bytes: Uint8Array): Int8Array {
  const signed = (half: number) => (half ^ 8) - 8;
  return Int8Array.from({ length: 2 * bytes.length }, (_, i) => {
    const pair = bytes[i >> 1]!;
    return signed(i % 2 === 0 ? pair & 15 : pair >> 4);
  });
}

/**
 * The weights of layer l that hear the layer before: i8 where they are narrow, which those of the first layer never are. Of 4
 * bits it is a copy.
 */
export function layerWeights(core: Core, image: Address<"NetworkImage">, l: number): Int8Array | Int16Array {
  const { inputs, width, weights, weightFormat } = viewLayer(core, image, l);
  const count = inputs * width;
  const at = (image + weights) as Address<string>;
  if (l === 0 || weightFormat === WeightFormat.I16) return core.i16(at, count);
  if (weightFormat === WeightFormat.I8) return new Int8Array(core.memory.buffer, at, count);
  return unpackI4(core.bytes(at, count / 2));
}

/** A row of what a layer's neurons are, q16: the bias is row 0, those of the kind of neuron (assembly/neurons) follow. */
export function neuronRow(core: Core, image: Address<"NetworkImage">, l: number, row: number): Int32Array {
  const { bytes } = core.view("NetworkImage", image);
  const { neurons, width } = viewLayer(core, image, l);
  const first = neurons / Int32Array.BYTES_PER_ELEMENT + row * width;
  return core.i32(image, bytes / Int32Array.BYTES_PER_ELEMENT).subarray(first, first + width);
}

/** Membranes of a layer, q16, in a drone's memory at `state` or in a row of such memories at `index`. */
export function layerMembranes(
  core: Core,
  image: Address<"NetworkImage">,
  l: number,
  states: Address<"Scratch">,
  index = 0,
): Int32Array {
  const { stateBytes } = core.view("NetworkImage", image);
  const { state, width } = viewLayer(core, image, l);
  return core.i32(core.element("Scratch", states, index * stateBytes + state), width);
}

/**
 * A copy of a policy image (assembly/network/image.ts) in the core's memory.
 *
 * @throws where it is not of this build's version
 */
export function placeImage(core: Core, image: Uint8Array): Address<"NetworkImage"> {
  const at = allocateImage(core, image.byteLength);
  core.bytes(at, image.byteLength).set(image);
  const { version } = core.view("NetworkImage", at);
  if (version !== IMAGE_VERSION)
    throw new TypeError(`policy image of version ${version}; expected ${IMAGE_VERSION}`);
  return at;
}

/** Bytes of linear memory that a pilot of this image takes where core.allocate's alignment is kept: as in the firmware. */
export function pilotBytes(core: Core, image: Uint8Array): number {
  const at = placeImage(core, image);
  const before = core.allocatedBytes;
  core.create("Pilot", { image: at });
  return Math.ceil(core.allocatedBytes / 64) * 64 - Math.ceil(before / 64) * 64;
}
