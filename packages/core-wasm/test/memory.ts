import type { Address, Core } from "../src/index.js";

/** Numbers into fresh linear memory. */
export function placeF32(core: Core, values: ArrayLike<number>): Address<"F32s"> {
  const at = core.allocate("F32s", values.length);
  core.f32(at, values.length).set(values);
  return at;
}

/** Uniform numbers in [-1, 1) from a seed (mulberry32): what the tests feed the kernels. */
export function randomValues(seed: number, length: number, scale = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return scale * (((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1);
  });
}

/** A printable digest of what differs first, or "same". */
export function firstDifference(a: readonly Uint8Array[], b: readonly Uint8Array[]): string {
  if (a.length !== b.length) return `${a.length} and ${b.length} regions`;
  for (const [k, region] of a.entries()) {
    const difference = Buffer.compare(region, b[k]!);
    if (difference !== 0) return `region ${k}, byte ${region.findIndex((x, i) => x !== b[k]![i])}`;
  }
  return "same";
}
