// Fast sigmoid (Zenke & Ganguli 2018, arXiv 1705.11146), as snnTorch scales it.
//
//   forward  s = 1 if x > 0 else 0,  x = membrane - threshold
//   backward ds/dx = 1 / (1 + k |x|)^2                       antiderivative x / (1 + k |x|)

import { abs, add, div, mul, splat } from "../lanes";

// @ts-ignore: decorator
@inline
export function fastSigmoidGradient<F>(x: F, slope: f32): F {
  const d = add<F>(splat<F>(1.0), mul<F>(splat<F>(slope), abs<F>(x)));
  return div<F>(splat<F>(1.0), mul<F>(d, d));
}
