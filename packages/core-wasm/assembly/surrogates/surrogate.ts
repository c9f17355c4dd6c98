// The surrogate gradients of the spike by number: the one switch. Each has its peak of 1 at the threshold, for every
// slope; a steeper slope narrows it.

import { arctanGradient } from "./arctan";
import { fastSigmoidGradient } from "./fast-sigmoid";
import { gaussianGradient } from "./gaussian";
import { triangularGradient } from "./triangular";

// @ts-ignore: decorator
@shared
export namespace Surrogate {
  export const FAST_SIGMOID: i32 = 0;
  export const ARCTAN: i32 = 1;
  export const TRIANGULAR: i32 = 2;
  export const GAUSSIAN: i32 = 3;
  export const COUNT: i32 = 4;
}

/** ds/dx, x = membrane - threshold. */
// @ts-ignore: decorator
@inline
export function surrogateGradientLanes<F, I>(surrogate: i32, x: F, slope: f32): F {
  if (surrogate == Surrogate.ARCTAN) return arctanGradient<F>(x, slope);
  if (surrogate == Surrogate.TRIANGULAR) return triangularGradient<F>(x, slope);
  if (surrogate == Surrogate.GAUSSIAN) return gaussianGradient<F, I>(x, slope);
  return fastSigmoidGradient<F>(x, slope);
}

/** One value of it, for pictures. */
export function surrogateGradient(surrogate: i32, x: f32, slope: f32): f32 {
  return surrogateGradientLanes<f32, i32>(surrogate, x, slope);
}
