// Weights of 4 bits into the four motors: a neuron's are one i16, motor 0 in its lowest bits.

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
  storeScaled(current, s0, scale, bias, 0);
  storeScaled(current, s1, scale, bias, 4);
  storeScaled(current, s2, scale, bias, 8);
  storeScaled(current, s3, scale, bias, 12);
}

// @ts-ignore: decorator
@inline
function storeScaled(current: usize, sum: i32, scale: usize, bias: usize, at: usize): void {
  store<i32>(current + at, sum * load<i32>(scale + at) + load<i32>(bias + at));
}
