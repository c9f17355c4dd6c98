import { tanhQ16 } from "../network/tanh";

describe("tanhQ16", () => {
  it("is within 2^-13, odd and monotonic over the whole range", () => {
    let previous = -20000,
      worst = 0.0,
      falls = 0,
      lopsided = 0;
    for (let x = -9 << 16; x <= 9 << 16; x += 7) {
      const y = tanhQ16(x);
      if (y < previous) falls++;
      if (y != -tanhQ16(-x)) lopsided++;
      previous = y;
      const gap = Math.abs(<f64>y / 16384.0 - Math.tanh(<f64>x / 65536.0));
      if (gap > worst) worst = gap;
    }
    expect<f64>(worst).toBeLessThan(1.0 / 8192.0);
    expect<i32>(falls).toBe(0);
    expect<i32>(lopsided).toBe(0);
  });

  it("is exactly 0 and +-1 where it should be, for any i32", () => {
    expect<i32>(tanhQ16(0)).toBe(0);
    expect<i32>(tanhQ16(i32.MAX_VALUE)).toBe(16384);
    expect<i32>(tanhQ16(-i32.MAX_VALUE)).toBe(-16384);
    expect<i32>(tanhQ16(i32.MIN_VALUE)).toBe(-16384);
    expect<i32>(tanhQ16(65536)).toBe(12478); // 16384 tanh(1) = 12478.0
  });
});
