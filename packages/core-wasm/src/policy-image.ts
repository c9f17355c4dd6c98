import { type Address, IMAGE_VERSION } from "../build/layout.js";
import type { Core } from "./core.js";

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
