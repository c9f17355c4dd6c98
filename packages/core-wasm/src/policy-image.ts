import { type Address, type Fields, IMAGE_VERSION, LAYOUTS } from "../build/layout.js";
import type { Core } from "./core.js";

/** A layer of a network; inputs and places follow. */
export type LayerFields = Pick<Fields["Layer"], "neuron" | "width" | "recurrent" | "narrow" | "bits">;

/** An image without tensors: room for them behind its header. layers: the read-out last. */
export function createImage(core: Core, layers: readonly LayerFields[]): Address<"NetworkImage"> {
  const { kernels, allocate } = core;
  const headerBytes = kernels.imageHeaderBytes(layers.length);
  const header = allocate(headerBytes) as Address<"NetworkImage">;
  kernels.imageBegin(header, layers.length);
  for (const [l, { neuron, width, recurrent, narrow, bits }] of layers.entries())
    kernels.imageLayer(header, l, neuron, width, recurrent, narrow, bits);
  const image = allocate(core.view("NetworkImage", header).bytes) as Address<"NetworkImage">;
  core.bytes(image, headerBytes).set(core.bytes(header, headerBytes));
  return image;
}

/** What an image says of its layer l, from 0. */
export function viewLayer(core: Core, image: Address<"NetworkImage">, l: number): Fields["Layer"] {
  return core.view("Layer", (image + LAYOUTS.NetworkImage.bytes) as Address<"Layer">, l);
}

/**
 * A copy of a policy image (assembly/network/image.ts) in the core's memory.
 *
 * @throws where it is not of this build's version
 */
export function placeImage(core: Core, image: Uint8Array): Address<"NetworkImage"> {
  const at = core.allocate(image.byteLength) as Address<"NetworkImage">;
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
