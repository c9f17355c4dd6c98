import { clampI, mulLeak, observationBits, powerOfTwo, quantise } from "../fixed-point";
import { draw, seedDraws } from "./arena";

function reference(leak: i32, x: i32): i64 {
  return (<i64>leak * <i64>x + 32768) >> 16;
}

describe("mulLeak", () => {
  it("equals the 48-bit product, rounded to nearest, ties up", () => {
    seedDraws(1);
    const edges: StaticArray<i32> = [0, 1, -1, 32768, -32768, 65535, 65536, -65536, 1 << 30, -(1 << 30)];
    const leaks: StaticArray<i32> = [0, 1, 2, 32767, 32768, 65534, 65535, 65536];
    for (let i = 0; i < edges.length; i++) {
      for (let k = 0; k < leaks.length; k++)
        expect<i64>(<i64>mulLeak<i32>(leaks[k], edges[i])).toBe(reference(leaks[k], edges[i]));
    }
    let wrong = 0;
    for (let i = 0; i < 200000; i++) {
      const leak = <i32>((draw() + 1.0) * 32768.0);
      const x = <i32>(draw() * 1073741824.0) + <i32>(draw() * 65536.0);
      if (<i64>mulLeak<i32>(leak, x) != reference(leak, x)) wrong++;
    }
    expect<i32>(wrong).toBe(0);
  });

  it("keeps a membrane exactly under a leak of exactly 1", () => {
    for (let x = -1000; x <= 1000; x += 13) expect<i32>(mulLeak<i32>(65536, x * 997)).toBe(x * 997);
  });
});

describe("quantise", () => {
  it("rounds to nearest, ties to even, saturates, and takes NaN as 0", () => {
    expect<i32>(quantise(2.5, 1.0, 100)).toBe(2);
    expect<i32>(quantise(3.5, 1.0, 100)).toBe(4);
    expect<i32>(quantise(-2.5, 1.0, 100)).toBe(-2);
    expect<i32>(quantise(0.75, 4.0, 100)).toBe(3);
    expect<i32>(quantise(1e30, 1.0, 100)).toBe(100);
    expect<i32>(quantise(-f32.MAX_VALUE, 65536.0, 100)).toBe(-100);
    expect<i32>(quantise(f32.NaN, 1.0, 100)).toBe(0);
  });

  it("has the formats of the specification", () => {
    for (let k = 0; k < 18; k++)
      expect<i32>(observationBits(k)).toBe(k < 3 ? 12 : k < 12 ? 14 : k < 15 ? 11 : 9);
    for (let bits = -126; bits <= 127; bits++)
      expect<f64>(<f64>powerOfTwo(bits)).toBe(Math.pow(2.0, <f64>bits));
    expect<i32>(clampI<i32>(-5, 3)).toBe(-3);
    expect<i32>(clampI<i32>(5, 3)).toBe(3);
    expect<i32>(clampI<i32>(-2, 3)).toBe(-2);
  });
});
