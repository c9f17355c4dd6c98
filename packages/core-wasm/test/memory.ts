import type { Core } from "../src/index.js";

/** Numbers into fresh linear memory. */
export function placeF32(core: Core, values: ArrayLike<number>): number {
  const at = core.allocate(4 * values.length);
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
