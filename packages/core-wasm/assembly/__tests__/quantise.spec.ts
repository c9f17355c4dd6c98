import { copyForBackward, maskPolicyGradient, quantisePolicy } from "../network/quantise";
import { expectWithin, f32At, fillDraws, i32At, place, seedDraws, setF32 } from "./arena";
import {
  masterBias3,
  masterCount,
  masterNeurons1,
  masterWeights2,
  masterWeights3,
  neuronsOf,
  twoLayers,
  weightsOf,
} from "./networks";

const H1 = 8;
const H2 = 8;
const plain = twoLayers(H1, H2, 23);
const gains = place(72);
for (let k = 0; k < 18; k++) setF32(gains, k, 0.0625);

describe("quantisePolicy", () => {
  it("rounds each tensor to its format and says how many weights saturate", () => {
    seedDraws(1);
    const master = place(4 * masterCount(H1, H2)),
      gain = place(72),
      p = twoLayers(H1, H2, 26);
    fillDraws(master, masterCount(H1, H2), 0.2);
    for (let k = 0; k < 18; k++) setF32(gain, k, k < 15 ? 1.0 : 0.5);
    expect<i32>(quantisePolicy(p, master, gain)).toBe(0);

    // w1 of input k, neuron j lies at (k / 2, j, k % 2), with 26 minus the observation's bits.
    const bits: StaticArray<i32> = [14, 12, 15, 17];
    for (let k = 0; k < 18; k++) {
      const b = bits[k < 3 ? 0 : k < 12 ? 1 : k < 15 ? 2 : 3];
      for (let j = 0; j < H1; j++) {
        const want = <f64>f32At(master, k * H1 + j) * <f64>f32At(gain, k) * Math.pow(2.0, <f64>b);
        const got = <f64>load<i16>(weightsOf(p, 0) + 2 * (((k >> 1) * H1 + j) * 2 + (k & 1)));
        expectWithin(got, want, 0.5, "w1 " + k.toString());
      }
    }
    const w2 = masterWeights2(H1);
    for (let i = 0; i < H1 * H2; i++) {
      const got = <f64>load<i16>(weightsOf(p, 1) + 2 * i);
      expectWithin(got, <f64>f32At(master, w2 + i) * 4096.0, 0.5, "w2");
    }
    for (let j = 0; j < 4; j++)
      expectWithin(
        <f64>i32At(neuronsOf(p, 2), j),
        <f64>f32At(master, masterBias3(H1, H2) + j) * 65536.0,
        0.5,
        "b3",
      );

    // Saturation, counted; leaks clamp to [0, 255/256] and are not.
    setF32(master, 0, 2.5);
    setF32(master, 15 * H1, -0.51);
    setF32(master, masterWeights3(H1, H2), -9.0);
    const leaks = masterNeurons1(H1) + H1;
    setF32(master, leaks, -0.25);
    setF32(master, leaks + 1, 1.0);
    setF32(master, leaks + 2, 7.0);
    setF32(master, leaks + 3, 0.5);
    expect<i32>(quantisePolicy(p, master, gain)).toBe(3);
    expect<i32>(<i32>load<i16>(weightsOf(p, 0))).toBe(32767);
    const q = neuronsOf(p, 0) + 4 * H1;
    expect<i32>(i32At(q, 0)).toBe(0);
    expect<i32>(i32At(q, 1)).toBe(65280);
    expect<i32>(i32At(q, 2)).toBe(65280);
    expect<i32>(i32At(q, 3)).toBe(32768);

    // Backward multiplies by what flies, transposed.
    const copies = place(4 * (H1 + 4) * H2);
    copyForBackward(p, copies);
    for (let i = 0; i < H1; i++) {
      for (let j = 0; j < H2; j++) {
        const flies = <f64>load<i16>(weightsOf(p, 1) + 2 * (i * H2 + j)) / 4096.0;
        expectWithin(<f64>f32At(copies, j * H1 + i), flies, 0.0, "copy of w2");
      }
    }
    expectWithin(<f64>f32At(copies, H1 * H2), -32767.0 / 4096.0, 0.0, "copy of w3");
  });
});

describe("maskPolicyGradient, of leaks", () => {
  it("zeroes what would push a leak further out of [0, 255/256] and nothing else", () => {
    const n = masterCount(H1, H2);
    const master = place(4 * n),
      gradient = place(4 * n);
    const leak1 = masterNeurons1(H1) + H1,
      leak2 = masterWeights2(H1) + H1 * H2 + H2;
    for (let side = 0; side < 2; side++) {
      const g: f32 = side ? 1.0 : -1.0; // descent moves a parameter down or up
      for (let i = 0; i < n; i++) {
        setF32(master, i, i % 3 == 0 ? -0.5 : i % 3 == 1 ? 0.5 : 1.5);
        setF32(gradient, i, g);
      }
      maskPolicyGradient(gradient, master, plain, gains);
      for (let i = 0; i < n; i++) {
        const isLeak = (i >= leak1 && i < leak1 + H1) || (i >= leak2 && i < leak2 + H2);
        const outwards = i % 3 == (side ? 0 : 2);
        expect<f32>(f32At(gradient, i)).toBe(isLeak && outwards ? 0.0 : g);
      }
    }
  });

  it("lets a leak that left its range come back by descent", () => {
    const n = masterCount(H1, H2);
    const master = place(4 * n),
      gradient = place(4 * n);
    const at = masterNeurons1(H1) + H1;
    setF32(master, at, 1.25);
    for (let update = 0; update < 12; update++) {
      setF32(gradient, at, 1.0);
      maskPolicyGradient(gradient, master, plain, gains);
      setF32(master, at, f32At(master, at) - f32(0.125) * f32At(gradient, at));
    }
    expect<f32>(f32At(master, at)).toBe(-0.125); // and stop one step beyond the other end
  });
});

describe("maskPolicyGradient, of weights", () => {
  it("zeroes what would push a saturated weight of any layer further out and nothing else", () => {
    const n = masterCount(H1, H2);
    const master = place(4 * n),
      gradient = place(4 * n),
      gain = place(72),
      p = twoLayers(H1, H2, 26);
    seedDraws(2);
    fillDraws(master, n, 0.2);
    for (let k = 0; k < 18; k++) setF32(gain, k, 0.5);
    for (let j = 0; j < H1; j++) setF32(master, masterNeurons1(H1) + H1 + j, 0.5);
    for (let j = 0; j < H2; j++) setF32(master, masterWeights2(H1) + H1 * H2 + H2 + j, 0.5);
    const clipped: StaticArray<i32> = [3 * H1 + 5, masterWeights2(H1) + 11, masterWeights3(H1, H2) + 2];
    for (let c = 0; c < 3; c++) setF32(master, clipped[c], c == 1 ? -100.0 : 100.0);
    expect<i32>(quantisePolicy(p, master, gain)).toBe(3);
    for (let side = 0; side < 2; side++) {
      const g: f32 = side ? 1.0 : -1.0;
      for (let i = 0; i < n; i++) setF32(gradient, i, g);
      maskPolicyGradient(gradient, master, p, gain);
      for (let i = 0; i < n; i++) {
        const outwards = side ? i == clipped[1] : i == clipped[0] || i == clipped[2];
        expect<f32>(f32At(gradient, i)).toBe(outwards ? 0.0 : g);
      }
    }
  });
});
