// Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy
// as 1, 2, 3"; checked against the known answers of Random123). A draw is a pure function of what it is for, so it
// does not depend on the order of work, the number of workers or the width of the lanes:
//
//   key = (seed, stream)    counter = (item: episode or shard, draw: 64 * step + index)

import { F32s, Scratch } from "./addresses";
import { cosTurns, log, sinTurns } from "./deterministic-math";
import {
  add,
  addI,
  laneCount,
  loadI,
  mul,
  neg,
  or,
  shiftLeft,
  shiftRightUnsigned,
  splat,
  splatI,
  sqrt,
  storeF,
  storeI,
  toF32,
  xor,
} from "./lanes";

/** What a draw is for; streams of one seed never share a number. */
export namespace Stream {
  export const INITIALISE: u32 = 1;
  export const START: u32 = 2;
  export const SENSOR: u32 = 3;
  export const EXPLORE: u32 = 4;
  export const SAMPLE: u32 = 5;
  export const SMOOTH: u32 = 6;
  export const SAMPLE_PHASE: u32 = 7;
  export const GUST: u32 = 8;
  export const PHASE: u32 = 9;
  export const DELAY: u32 = 10;
  export const VARIATION: u32 = 11;
}

/** Draws reserved for one step of one item. */
export const DRAWS_PER_STEP: i32 = 64;

/** Bytes of scratch of a single draw: the two words of the cipher. */
// @ts-ignore: decorator
@shared
export const DRAW_BYTES: i32 = 8;

// @ts-ignore: decorator
@inline
function rotl<I>(x: I, n: i32): I {
  return or<I>(shiftLeft<I>(x, n), shiftRightUnsigned<I>(x, 32 - n));
}

/** Two random words a lane, stored at `out` and one lane group behind it. */
export function threefry<I>(key0: u32, key1: u32, counter0: I, counter1: I, out: usize): void {
  const key2 = 0x1bd11bda ^ key0 ^ key1;
  let x0 = addI<I>(counter0, splatI<I>(key0));
  let x1 = addI<I>(counter1, splatI<I>(key1));
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 13), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 15), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 26), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 6), x0);
  x0 = addI<I>(x0, splatI<I>(key1));
  x1 = addI<I>(x1, splatI<I>(key2 + 1));
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 17), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 29), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 16), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 24), x0);
  x0 = addI<I>(x0, splatI<I>(key2));
  x1 = addI<I>(x1, splatI<I>(key0 + 2));
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 13), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 15), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 26), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 6), x0);
  x0 = addI<I>(x0, splatI<I>(key0));
  x1 = addI<I>(x1, splatI<I>(key1 + 3));
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 17), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 29), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 16), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 24), x0);
  x0 = addI<I>(x0, splatI<I>(key1));
  x1 = addI<I>(x1, splatI<I>(key2 + 4));
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 13), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 15), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 26), x0);
  x0 = addI<I>(x0, x1);
  x1 = xor<I>(rotl<I>(x1, 6), x0);
  x0 = addI<I>(x0, splatI<I>(key2));
  x1 = addI<I>(x1, splatI<I>(key0 + 5));
  storeI<I>(out, x0);
  storeI<I>(out + ((<usize>laneCount<I>()) << 2), x1);
}

/** A word as a fraction in [0, 1), 24 bits. */
// @ts-ignore: decorator
@inline
export function fraction<F, I>(word: I): F {
  return mul<F>(toF32<F, I>(shiftRightUnsigned<I>(word, 8)), splat<F>(5.9604644775390625e-8));
}

/** Two independent N(0, 1) a lane (Box & Muller 1958), stored like the words of `threefry`. */
export function normalPair<F, I>(key0: u32, key1: u32, counter0: I, counter1: I, out: usize): void {
  const second = out + ((<usize>laneCount<I>()) << 2);
  threefry<I>(key0, key1, counter0, counter1, out);
  const u = add<F>(fraction<F, I>(loadI<I>(out)), splat<F>(5.9604644775390625e-8)); // (0, 1]
  const turn = fraction<F, I>(loadI<I>(second));
  const radius = sqrt<F>(neg<F>(mul<F>(splat<F>(2.0), log<F, I>(u))));
  storeF<F>(out, mul<F>(radius, cosTurns<F, I>(turn)));
  storeF<F>(second, mul<F>(radius, sinTurns<F, I>(turn)));
}

/** One U(low, high) draw; `scratch` is DRAW_BYTES. */
export function uniform(
  seed: u32,
  stream: u32,
  item: u32,
  draw: u32,
  low: f32,
  high: f32,
  scratch: usize,
): f32 {
  threefry<i32>(seed, stream, item, draw, scratch);
  return low + (high - low) * fraction<f32, i32>(load<i32>(scratch));
}

/** One integer in [0, n); the bias of 2^-32 n is below any use here. */
export function below(seed: u32, stream: u32, item: u32, draw: u32, n: u32, scratch: usize): u32 {
  threefry<i32>(seed, stream, item, draw, scratch);
  return <u32>((<u64>load<u32>(scratch) * <u64>n) >> 32);
}

/** The seed of a phase of a run: draw `attempt` of it; `scratch` is DRAW_BYTES. */
export function phaseSeed(seed: u32, phase: u32, attempt: u32, scratch: Scratch): u32 {
  threefry<i32>(seed, Stream.PHASE, phase, attempt, scratch);
  return load<u32>(scratch);
}

/** Fills `out` (n) f32 with N(0, 1). */
export function fillNormal(out: F32s, n: i32, seed: u32, stream: u32, item: u32, scratch: Scratch): void {
  for (let i = 0; i < n; i += 2) {
    normalPair<f32, i32>(seed, stream, item, i >> 1, scratch);
    store<f32>(out + ((<usize>i) << 2), load<f32>(scratch));
    if (i + 1 < n) store<f32>(out + ((<usize>i) << 2) + 4, load<f32>(scratch + 4));
  }
}
