// Arctan (Fang et al. 2021, arXiv 2007.05785), scaled to a peak of 1.
//
//   backward ds/dx = 1 / (1 + (pi k x / 2)^2)                 antiderivative 2 atan(pi k x / 2) / (pi k)

import { add, div, mul, splat } from "../lanes";

// @ts-ignore: decorator
@inline
export function arctanGradient<F>(x: F, slope: f32): F {
  const y = mul<F>(splat<F>(<f32>1.5707964 * slope), x);
  return div<F>(splat<F>(1.0), add<F>(splat<F>(1.0), mul<F>(y, y)));
}
