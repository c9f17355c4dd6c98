import {
  acosOneMinus,
  acosUnit,
  cosTurns,
  exp,
  fastTanh,
  fastTanhSlope,
  log,
  sinTurns,
  tanh,
} from "../deterministic-math";
import { ulps } from "./arena";

// Bounds are the measured maxima, rounded up.
describe("deterministic math, against f64", () => {
  it("exp is within 2 ulps, and clamps", () => {
    let worst = 0.0;
    for (let x: f32 = -86.9; x < 87.9; x += <f32>0.0137)
      worst = Math.max(worst, ulps(exp<f32, i32>(x), Math.exp(<f64>x)));
    expect<f64>(worst).toBeLessThan(2.0);
    expect<f32>(exp<f32, i32>(0.0)).toBe(1.0);
    expect<f32>(exp<f32, i32>(1000.0)).toBe(exp<f32, i32>(88.0));
    expect<f32>(exp<f32, i32>(-1000.0)).toBe(exp<f32, i32>(-87.0));
  });

  it("log is within 2 ulps over (0, 1], where normal draws take it", () => {
    let worst = 0.0;
    for (let k: u32 = 1; k < 1 << 24; k += 331) {
      const x = <f32>k * <f32>5.9604644775390625e-8;
      worst = Math.max(worst, ulps(log<f32, i32>(x), Math.log(<f64>x)));
    }
    expect<f64>(worst).toBeLessThan(2.0);
    expect<f32>(log<f32, i32>(1.0)).toBe(0.0);
  });

  it("sin and cos of turns are within 2 ulps of 1 everywhere, and exact at quarters", () => {
    let worst = 0.0;
    for (let x: f32 = -3.0; x < 3.0; x += <f32>0.000317) {
      const angle = 2.0 * Math.PI * <f64>x;
      worst = Math.max(worst, Math.abs(<f64>sinTurns<f32, i32>(x) - Math.sin(angle)));
      worst = Math.max(worst, Math.abs(<f64>cosTurns<f32, i32>(x) - Math.cos(angle)));
    }
    expect<f64>(worst).toBeLessThan(1.2e-7);
    expect<f32>(sinTurns<f32, i32>(0.25)).toBe(1.0);
    expect<f32>(cosTurns<f32, i32>(0.5)).toBe(-1.0);
    expect<f32>(cosTurns<f32, i32>(0.25)).toBe(0.0);
  });

  it("tanh is within 6 ulps, odd, within [-1, 1]", () => {
    let worst = 0.0;
    for (let x: f32 = -12.0; x < 12.0; x += <f32>0.00171) {
      const y = tanh<f32, i32>(x);
      worst = Math.max(worst, ulps(y, Math.tanh(<f64>x)));
      expect<f32>(tanh<f32, i32>(-x)).toBe(-y);
      expect<bool>(y >= -1.0 && y <= 1.0).toBe(true);
    }
    expect<f64>(worst).toBeLessThan(6.0);
  });

  it("the tanh of learning-to-fly is a ratio of polynomials up to 3, and 1 from there", () => {
    expect<f32>(fastTanh<f32>(0.0)).toBe(0.0);
    expect<f32>(fastTanh<f32>(1.0)).toBe(<f32>(28.0 / 36.0));
    expect<f32>(fastTanh<f32>(-2.0)).toBe(<f32>(-62.0 / 63.0));
    expect<f32>(fastTanh<f32>(3.0)).toBe(1.0);
    expect<f32>(fastTanh<f32>(-50.0)).toBe(-1.0);
    let worst = 0.0;
    for (let x: f32 = -4.0; x < 4.0; x += <f32>0.00171) {
      const z = Math.min(<f64>x * <f64>x, 9.0);
      const slope = ((9.0 - z) * (9.0 - z)) / (9.0 * (3.0 + z) * (3.0 + z));
      worst = Math.max(worst, Math.abs(<f64>fastTanhSlope<f32, i32>(fastTanh<f32>(x)) - slope));
    }
    expect<f64>(worst).toBeLessThan(2e-5); // where y is nearly 1, it says little about x
  });

  it("acos is within 1e-6, and keeps small angles to 1e-6 of themselves", () => {
    let worst = 0.0,
      relative = 0.0;
    for (let x: f32 = 0.0; x <= 1.0; x += <f32>0.000171)
      worst = Math.max(worst, Math.abs(<f64>acosUnit<f32>(x) - Math.acos(<f64>x)));
    expect<f64>(worst).toBeLessThan(1e-6);
    for (let t: f32 = 1e-12; t < 1.0; t *= 1.3) {
      // acos(1 - t) = 2 asin(sqrt(t / 2)), which loses nothing.
      const want = 2.0 * Math.asin(Math.sqrt(<f64>t / 2.0));
      relative = Math.max(relative, Math.abs(<f64>acosOneMinus<f32>(t) / want - 1.0));
    }
    expect<f64>(relative).toBeLessThan(1e-6);
    expect<f32>(acosOneMinus<f32>(0.0)).toBe(0.0);
    expect<f32>(acosUnit<f32>(<f32>1.0000002)).toBe(0.0);
  });
});
