import { Surrogate, surrogateGradient } from "../surrogates/surrogate";
import { antiderivative } from "./antiderivative";
import { expectRelative } from "./arena";

describe("surrogateGradient, of every number,", () => {
  it("peaks at 1 for every slope, is even and narrower the steeper", () => {
    for (let surrogate = 0; surrogate < Surrogate.COUNT; surrogate++) {
      let wider: f32 = 1.0;
      for (let k: f32 = 1.0; k <= 3.0; k += 0.25) {
        const beside = surrogateGradient(surrogate, 0.3, k);
        expect<f32>(surrogateGradient(surrogate, 0.0, k)).toBe(1.0);
        expect<f32>(surrogateGradient(surrogate, -0.3, k)).toBe(beside);
        expect<f32>(beside).toBeLessThan(wider, "surrogate " + surrogate.toString());
        wider = beside;
      }
    }
  });

  it("is the derivative of its antiderivative", () => {
    const h = 1e-6;
    for (let surrogate = 0; surrogate < Surrogate.COUNT; surrogate++)
      for (let k = 1.0; k <= 100.0; k *= 10.0)
        for (let x = -2.0; x <= 2.0; x += 0.37) {
          const rise = antiderivative(surrogate, x + h, k) - antiderivative(surrogate, x - h, k);
          const got = <f64>surrogateGradient(surrogate, <f32>x, <f32>k);
          // floor: where nothing is left of it, the antiderivative's own rounding is
          expectRelative(got, rise / (2.0 * h), 1e-5, 1e-3, "surrogate " + surrogate.toString());
        }
  });

  it("of the fast sigmoid is a quarter at 1 / slope", () => {
    for (let k: f32 = 1.0; k <= 100.0; k += 9.0) {
      const got = surrogateGradient(Surrogate.FAST_SIGMOID, <f32>1.0 / k, k);
      expectRelative(<f64>got, 0.25, 3e-7, 0.0, "at 1 / slope");
    }
  });
});
