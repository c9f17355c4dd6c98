// How much linear memory the policy core needs on the board.
import { type Core, pilotBytes } from "@spikewing/core";

/** The one block that sw_policy.c has beside the pilot: an estimate (sw_estimate.h). */
const ESTIMATE_BYTES = 4 * 22;

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/**
 * Bytes of linear memory for c/controller/sw_policy.c: a pilot, and an estimate. Takes memory of the
 * core for good.
 *
 * @param heapBase of the policy core (packages/core-wasm/build/policy.wasm)
 * @param copiedBytes of the image, where it is copied into linear memory (builds with bounds checks); else 0
 */
export function controllerLinearBytes(
  core: Core,
  heapBase: number,
  image: Uint8Array,
  copiedBytes = 0,
): number {
  const parts = [heapBase, pilotBytes(core, image), ESTIMATE_BYTES, copiedBytes];
  return parts.reduce((sum, bytes) => sum + aligned(bytes), 0);
}
