import { fastSigmoidGradient } from "../surrogates/fast-sigmoid";
import { expectRelative } from "./arena";

describe("fastSigmoidGradient", () => {
  it("peaks at 1 for every slope, is even, and is a quarter at 1 / slope", () => {
    for (let k: f32 = 1.0; k <= 100.0; k += 9.0) {
      expect<f32>(fastSigmoidGradient<f32>(0.0, k)).toBe(1.0);
      expect<f32>(fastSigmoidGradient<f32>(0.3, k)).toBe(fastSigmoidGradient<f32>(-0.3, k));
      expectRelative(<f64>fastSigmoidGradient<f32>(<f32>1.0 / k, k), 0.25, 3e-7, 0.0, "at 1 / slope");
    }
  });

  it("is the derivative of x / (1 + k|x|)", () => {
    for (let k = 1.0; k <= 100.0; k *= 10.0) {
      for (let x = -2.0; x <= 2.0; x += 0.37) {
        const h = 1e-6;
        const rise = (x + h) / (1.0 + k * Math.abs(x + h)) - (x - h) / (1.0 + k * Math.abs(x - h));
        expectRelative(<f64>fastSigmoidGradient<f32>(<f32>x, <f32>k), rise / (2.0 * h), 1e-5, 0.0, "slope");
      }
    }
  });
});
