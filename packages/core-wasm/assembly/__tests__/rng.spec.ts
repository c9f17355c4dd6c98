import { below, fillNormal, fraction, threefry, uniform } from "../rng";
import { expectWithin, f32At, place } from "./arena";

function expectWords(k0: u32, k1: u32, c0: u32, c1: u32, x0: u32, x1: u32): void {
  const out = place(8);
  threefry<i32>(k0, k1, <i32>c0, <i32>c1, out);
  expect<u32>(load<u32>(out)).toBe(x0);
  expect<u32>(load<u32>(out, 4)).toBe(x1);
}

describe("threefry", () => {
  it("gives the known answers of Random123 (threefry2x32, 20 rounds)", () => {
    expectWords(0, 0, 0, 0, 0x6b200159, 0x99ba4efe);
    expectWords(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7);
    expectWords(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0);
  });
});

describe("draws", () => {
  it("are normal in their first four moments", () => {
    const n = 20001;
    const out = place(4 * n);
    fillNormal(out, n, 7, 3, 1, place(16));
    let m1 = 0.0,
      m2 = 0.0,
      m3 = 0.0,
      m4 = 0.0,
      pairs = 0.0;
    for (let i = 0; i < n; i++) {
      const x = <f64>f32At(out, i);
      m1 += x;
      m2 += x * x;
      m3 += x * x * x;
      m4 += x * x * x * x;
      if (i) pairs += x * <f64>f32At(out, i - 1);
    }
    // Four standard errors each.
    const error = 4.0 / Math.sqrt(<f64>n);
    expectWithin(m1 / n, 0.0, error, "mean");
    expectWithin(m2 / n, 1.0, error * Math.sqrt(2.0), "variance");
    expectWithin(m3 / n, 0.0, error * Math.sqrt(15.0), "skewness");
    expectWithin(m4 / n, 3.0, error * Math.sqrt(96.0), "kurtosis");
    expectWithin(pairs / n, 0.0, error, "correlation of neighbours");
  });

  it("are uniform over their range, and integers below n all occur", () => {
    const scratch = place(16);
    const counts = new StaticArray<i32>(10);
    let sum = 0.0;
    for (let i = 0; i < 10000; i++) {
      const u = uniform(1, 2, 3, i, -2.0, 6.0, scratch);
      expect<bool>(u >= -2.0 && u < 6.0).toBe(true);
      sum += <f64>u;
      counts[below(1, 2, 4, i, 10, scratch)]++;
    }
    expectWithin(sum / 10000.0, 2.0, (4.0 * 8.0) / Math.sqrt(12.0 * 10000.0), "mean");
    for (let k = 0; k < 10; k++) expectWithin(<f64>counts[k], 1000.0, 130.0, "bin " + k.toString());
    expect<f32>(fraction<f32, i32>(-1)).toBe(<f32>(16777215.0 / 16777216.0));
    expect<f32>(fraction<f32, i32>(0)).toBe(0.0);
  });
});
