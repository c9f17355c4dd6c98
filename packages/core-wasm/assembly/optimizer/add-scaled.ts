// to += scale from, word by word: a step along a direction, or a share of a sum.

import { F32s } from "../addresses";
import { loadF, mulAdd, splat, storeF } from "../lanes";

export function addScaled(to: F32s, from: F32s, scale: f32, n: i32): void {
  let i: usize = 0;
  const end = (<usize>n) << 2;
  if (ASC_FEATURE_SIMD) for (; i + 16 <= end; i += 16) addScaledLanes<v128>(to + i, from + i, scale);
  for (; i < end; i += 4) addScaledLanes<f32>(to + i, from + i, scale);
}

// @ts-ignore: decorator
@inline
function addScaledLanes<F>(to: usize, from: usize, scale: f32): void {
  storeF<F>(to, mulAdd<F>(splat<F>(scale), loadF<F>(from), loadF<F>(to)));
}
