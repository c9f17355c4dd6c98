// What stands for a spike in a relaxed model: the antiderivative of a surrogate, by its number, in f64.

import { Surrogate } from "../surrogates/surrogate";

export function antiderivative(surrogate: i32, x: f64, k: f64): f64 {
  switch (surrogate) {
    case Surrogate.FAST_SIGMOID:
      return x / (1.0 + k * Math.abs(x));
    case Surrogate.ARCTAN:
      return (2.0 * Math.atan(0.5 * Math.PI * k * x)) / (Math.PI * k);
    case Surrogate.TRIANGULAR: {
      const y = Math.max(-1.0 / k, Math.min(1.0 / k, x));
      return y - 0.5 * k * y * Math.abs(y);
    }
    case Surrogate.GAUSSIAN:
      return gaussian(x, k);
    default:
      assert(false, "antiderivative.ts has none of surrogate " + surrogate.toString());
      return NaN;
  }
}

/** By Simpson's rule. */
function gaussian(x: f64, k: f64): f64 {
  const end = Math.max(-4.0 / k, Math.min(4.0 / k, x)),
    n = 400,
    h = end / <f64>n;
  let sum = 0.0;
  for (let i = 0; i <= n; i++) {
    const y = k * h * <f64>i,
      weight = i == 0 || i == n ? 1.0 : i & 1 ? 4.0 : 2.0;
    sum += weight * Math.exp(-0.5 * y * y);
  }
  return (sum * h) / 3.0;
}
