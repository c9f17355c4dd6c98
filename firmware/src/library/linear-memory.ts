// How much linear memory the policy core needs on the board.
import { type CoreExports, readImageHeader } from "@spikewing/core";

/** What sw_policy.c allocates: observation f32 and i16, action i16, motors f32, legacy frame. */
const FIXED = [72, 36, 8, 16, 72];

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/**
 * Bytes of linear memory for c/controller/sw_policy.c.
 *
 * @param policyCore exports of the policy core (packages/core-wasm/build/policy.wasm)
 * @param copiedBytes of the image, where it is copied into linear memory (builds with bounds checks); else 0
 */
export function controllerLinearBytes(
  policyCore: Pick<CoreExports, "heapBase">,
  image: Uint8Array,
  copiedBytes = 0,
): number {
  const { stateBytes, scratchBytes } = readImageHeader(image);
  const parts = [stateBytes, scratchBytes, ...FIXED];
  return [...parts, copiedBytes].reduce((sum, bytes) => sum + aligned(bytes), aligned(policyCore.heapBase()));
}
