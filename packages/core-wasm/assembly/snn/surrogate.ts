// The surrogate gradient of the spike: the fast sigmoid of Zenke & Ganguli 2018, as snnTorch scales it. Peak 1 for
// every slope; a steeper slope narrows it.
//
//   forward  s = 1 if x > 0 else 0,  x = membrane - threshold
//   backward ds/dx = 1 / (1 + k |x|)^2

import { abs, add, div, mul, splat } from "../lanes";

// @ts-ignore: decorator
@inline
export function fastSigmoidGradient<F>(x: F, slope: f32): F {
  const d = add<F>(splat<F>(1.0), mul<F>(splat<F>(slope), abs<F>(x)));
  return div<F>(splat<F>(1.0), mul<F>(d, d));
}

/** One value of it, for pictures. */
export function surrogateGradient(x: f32, slope: f32): f32 {
  return fastSigmoidGradient<f32>(x, slope);
}
