import { type Address, IMAGE_VERSION, LAYOUTS } from "../build/layout.js";
import type { Core } from "./core.js";

/** What a policy image says of itself: assembly/network/image.ts. */
export interface ImageHeader {
  /** Of one drone's memory, and of scratch for a step. */
  readonly stateBytes: number;
  readonly scratchBytes: number;
  /** Neurons of the hidden layers. */
  readonly widths: readonly number[];
}

/** Reads the header of an image that lies in no core's memory. @throws where it is not of this build's version */
export function readImageHeader(image: Uint8Array): ImageHeader {
  const view = new DataView(image.buffer, image.byteOffset);
  const { NetworkImage, Layer } = LAYOUTS;
  const total = (field: keyof typeof NetworkImage.fields) =>
    view.getInt32(NetworkImage.fields[field].offset, true);
  if (total("version") !== IMAGE_VERSION)
    throw new TypeError(`policy image of version ${total("version")}; expected ${IMAGE_VERSION}`);
  const widths = Array.from({ length: total("layers") - 1 }, (_, l) =>
    view.getInt32(NetworkImage.bytes + l * Layer.bytes + Layer.fields.width.offset, true),
  );
  return { stateBytes: total("stateBytes"), scratchBytes: total("scratchBytes"), widths };
}

/** A copy of a policy image in the core's memory. */
export function placeImage(core: Core, image: Uint8Array): Address<"NetworkImage"> {
  const at = core.allocate(image.byteLength) as Address<"NetworkImage">;
  core.bytes(at, image.byteLength).set(image);
  return at;
}
