// Gaussian (Yin et al. 2021, arXiv 2103.12593, its centre), scaled to a peak of 1; beyond 4 widths 0.
//
//   backward ds/dx = exp(-(k x)^2 / 2)                        antiderivative sqrt(pi / 2) erf(k x / sqrt 2) / k

import { exp } from "../deterministic-math";
import { greaterF, maskF, mul, splat } from "../lanes";

const FARTHEST: f32 = 16.0;

// @ts-ignore: decorator
@inline
export function gaussianGradient<F, I>(x: F, slope: f32): F {
  const y = mul<F>(splat<F>(slope), x);
  const square = mul<F>(y, y);
  const near = greaterF<F, I>(splat<F>(FARTHEST), square);
  return maskF<F, I>(near, exp<F, I>(mul<F>(splat<F>(-0.5), maskF<F, I>(near, square))));
}
