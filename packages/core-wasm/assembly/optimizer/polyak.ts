// Slow targets (Polyak averaging): target += tau (parameters - target).

import { F32s } from "../addresses";
import { loadF, mulAdd, splat, storeF, sub } from "../lanes";

export function polyakUpdate(target: F32s, parameters: F32s, n: i32, tau: f32): void {
  let i: usize = 0;
  const end = (<usize>n) << 2;
  if (ASC_FEATURE_SIMD) for (; i + 16 <= end; i += 16) polyakLanes<v128>(target + i, parameters + i, tau);
  for (; i < end; i += 4) polyakLanes<f32>(target + i, parameters + i, tau);
}

// @ts-ignore: decorator
@inline
function polyakLanes<F>(target: usize, parameters: usize, tau: f32): void {
  const t = loadF<F>(target);
  storeF<F>(target, mulAdd<F>(splat<F>(tau), sub<F>(loadF<F>(parameters), t), t));
}
