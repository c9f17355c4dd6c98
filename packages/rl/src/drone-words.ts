import type { Address, Core } from "@spikewing/core";

/** Batches of environments are multiples of this. */
export const LANES = 4;

/** Words first .. first + count - 1 of drone i, out of arrays over n drones (a structure of arrays). */
export function readWords(
  core: Core,
  at: Address<"F32s">,
  n: number,
  i: number,
  first: number,
  count: number,
): Float32Array {
  const all = core.f32(at, n * (first + count));
  return Float32Array.from({ length: count }, (_, k) => all[n * (first + k) + i]!);
}

/** Writes them. */
export function writeWords(
  core: Core,
  at: Address<"F32s">,
  n: number,
  i: number,
  first: number,
  values: ArrayLike<number>,
): void {
  const all = core.f32(at, n * (first + values.length));
  for (let k = 0; k < values.length; k++) all[n * (first + k) + i] = values[k]!;
}
