import { lifForward, lifStepBackward } from "../neurons/lif";
import { Surrogate } from "../surrogates/surrogate";
import { expectWithin, f32At, i32At, place, placeF32, placeI32 } from "./arena";

const ONE: i32 = 65536;

describe("lifForward", () => {
  it("subtracts the threshold in the step after a spike, unscaled by the leak", () => {
    const leak = placeI32([ONE / 2, ONE, ONE / 2, 0]);
    const threshold = placeI32([ONE, ONE, -100, ONE]);
    const current = placeI32([49152, 30001, 0, 70000]);
    const membrane = place(16),
      active = place(8);
    // By hand. 0: half leak, current 0.75. 1: no leak at all. 2: a negative threshold fires from rest. 3: no memory.
    const expected: StaticArray<i32> = [
      49152, 30001, 100, 70000, 73728, 60002, 150, 4464, 20480, 90003, 175, 70000, 59392, 54468, 188, 4464,
      78848, 84469, 194, 70000, 23040, 48934, 197, 4464,
    ];
    for (let t = 0; t < 6; t++) {
      const count = lifForward(membrane, membrane, current, leak, threshold, 4, active);
      let spikes = 0;
      for (let j = 0; j < 4; j++) {
        const u = expected[4 * t + j];
        expect<i32>(i32At(membrane, j)).toBe(u, "step " + t.toString() + ", neuron " + j.toString());
        if (u > i32At(threshold, j)) {
          expect<i32>(load<u16>(active + 2 * spikes)).toBe(j);
          spikes++;
        }
      }
      expect<i32>(count).toBe(spikes);
    }
  });

  it("fires above its threshold, not at it", () => {
    const membrane = place(16),
      active = place(8);
    const current = placeI32([ONE, ONE + 1, ONE - 1, 0]);
    const leak = placeI32([0, 0, 0, 0]),
      threshold = placeI32([ONE, ONE, ONE, ONE]);
    expect<i32>(lifForward(membrane, membrane, current, leak, threshold, 4, active)).toBe(1);
    expect<i32>(load<u16>(active)).toBe(1);
  });

  it("saturates at 2^30 either way", () => {
    const big = 1 << 29;
    const current = placeI32([big, -big, big, -big]);
    const leak = placeI32([ONE, ONE, ONE, ONE]);
    const threshold = placeI32([1 << 27, 1 << 27, 1 << 27, 1 << 27]);
    const membrane = place(16),
      active = place(8);
    for (let t = 0; t < 2; t++) lifForward(membrane, membrane, current, leak, threshold, 4, active);
    expect<i32>(i32At(membrane, 0)).toBe(939524096);
    expect<i32>(i32At(membrane, 1)).toBe(-(1 << 30));
    for (let t = 0; t < 5; t++) lifForward(membrane, membrane, current, leak, threshold, 4, active);
    expect<i32>(i32At(membrane, 2)).toBe(1 << 30);
    expect<i32>(i32At(membrane, 3)).toBe(-(1 << 30));
  });
});

describe("lifStepBackward", () => {
  it("is the adjoint by hand, over two steps", () => {
    // Thresholds 1, leak 1/2, slope 1: g is 1/4 at a distance of 1. Neuron 3 saturates in the last step.
    const membranes = placeI32([0, 0, 0, 0, 0, 2 * ONE, 0, 0, 2 * ONE, 2 * ONE, 0, 1 << 30]);
    const leak = placeI32([ONE / 2, ONE / 2, ONE / 2, ONE / 2]);
    const threshold = placeI32([ONE, ONE, ONE, ONE]);
    const d = placeF32([8, 8, 0, 0, 4, 4, 8, 8]);
    const dLeak = place(16),
      dThreshold = placeF32([0, 0, 10, 0]);
    for (let t = 1; t >= 0; t--) {
      const row = membranes + 16 * t,
        dNext: usize = t ? 0 : d + 16;
      lifStepBackward(
        d + 16 * t,
        dNext,
        row,
        row + 16,
        leak,
        threshold,
        4,
        Surrogate.FAST_SIGMOID,
        1.0,
        dLeak,
        dThreshold,
      );
    }
    const dCurrent: StaticArray<f32> = [2.5, 2.5, 1.0, 0.0, 1.0, 1.0, 2.0, 0.0];
    for (let i = 0; i < 8; i++)
      expectWithin(<f64>f32At(d, i), <f64>dCurrent[i], 0.0, "dCurrent " + i.toString());
    // dLeak = dU[1] U[0]; dThreshold = -(through + reset), the reset only where U[0] fired; it accumulates.
    expectWithin(<f64>f32At(dLeak, 0), 0.0, 0.0, "dLeak 0");
    expectWithin(<f64>f32At(dLeak, 1), 2.0, 0.0, "dLeak 1");
    expectWithin(<f64>f32At(dThreshold, 0), -3.0, 0.0, "dThreshold 0");
    expectWithin(<f64>f32At(dThreshold, 1), -4.0, 0.0, "dThreshold 1");
    expectWithin(<f64>f32At(dThreshold, 2), 8.0, 0.0, "dThreshold 2");
  });
});
