// Weights of 4 bits into the four motors: a neuron's are one i16, motor 0 in its lowest bits.

import { storeScaled } from "./narrow";

/**
 * current (4) q16 = bias + scale times the sum of the rows of weights (_, 4) of 4 bits named in active (count) u16. scale,
 * bias (4) q16. No overflow: a weight is below 2^19 + 2^7, as in narrow.ts (here the widest i16 weight over 7, times 7). bias
 * may be the current itself.
 */
export function motorCurrent(
  current: usize,
  active: usize,
  count: i32,
  weights: usize,
  scale: usize,
  bias: usize,
): void {
  const end = active + ((<usize>count) << 1);
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  for (let a = active; a < end; a += 2) {
    const row = <i32>load<i16>(weights + ((<usize>load<u16>(a)) << 1));
    s0 += (row << 28) >> 28;
    s1 += (row << 24) >> 28;
    s2 += (row << 20) >> 28;
    s3 += row >> 12;
  }
  storeScaled<i32>(current, s0, scale, bias, 0);
  storeScaled<i32>(current, s1, scale, bias, 4);
  storeScaled<i32>(current, s2, scale, bias, 8);
  storeScaled<i32>(current, s3, scale, bias, 12);
}
