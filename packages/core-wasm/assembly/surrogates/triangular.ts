// Triangular (Esser et al. 2016, arXiv 1603.08270; Bellec et al. 2018, arXiv 1803.09574).
//
//   backward ds/dx = max(0, 1 - k |x|)           antiderivative x - k x |x| / 2 within 1 / k, flat beyond

import { abs, max, mul, splat, sub } from "../lanes";

// @ts-ignore: decorator
@inline
export function triangularGradient<F>(x: F, slope: f32): F {
  return max<F>(splat<F>(0.0), sub<F>(splat<F>(1.0), mul<F>(splat<F>(slope), abs<F>(x))));
}
