import { MAX_FAN_IN, MEMBRANE_LIMIT, PARAMETER_LIMIT } from "../fixed-point";
import { denseCurrent } from "../synapses/dense";
import { sparseCurrent, sparseWeightBackward } from "../synapses/sparse";
import { draw, expectWithin, f32At, fillDraws, i32At, place, placeF32, placeI32, seedDraws } from "./arena";

const INPUTS: i32 = 18;

describe("denseCurrent", () => {
  it("is bias plus observation times weights, floored at 2^-22 a pair and rounded at 2^-16", () => {
    seedDraws(3);
    const n = 8,
      productBits = 26;
    const observation = place(2 * INPUTS),
      weights = place(2 * INPUTS * n),
      bias = place(4 * n),
      current = place(4 * n);
    for (let k = 0; k < INPUTS; k++) store<i16>(observation + 2 * k, <i16>(draw() * 32767.0));
    for (let k = 0; k < INPUTS * n; k++) store<i16>(weights + 2 * k, <i16>(draw() * 32767.0));
    for (let j = 0; j < n; j++) store<i32>(bias + 4 * j, <i32>(draw() * 1e6));
    denseCurrent(current, observation, weights, bias, n, productBits);
    for (let j = 0; j < n; j++) {
      let sum: i64 = 0;
      for (let pair = 0; pair < 9; pair++) {
        let products: i64 = 0;
        for (let k = 0; k < 2; k++) {
          const w = <i64>load<i16>(weights + 2 * (2 * (pair * n + j) + k));
          products += w * <i64>load<i16>(observation + 2 * (2 * pair + k));
        }
        sum += products >> 4;
      }
      const rounded = (sum + 32) >> 6;
      expect<i64>(<i64>i32At(current, j)).toBe(rounded + <i64>load<i32>(bias + 4 * j));
    }
  });

  it("does not overflow where every product is largest", () => {
    const n = 4;
    const observation = place(2 * INPUTS),
      weights = place(2 * INPUTS * n),
      current = place(4 * n);
    for (let k = 0; k < INPUTS; k++) store<i16>(observation + 2 * k, 32767);
    for (let k = 0; k < INPUTS * n; k++) store<i16>(weights + 2 * k, 32767);
    const limit = 1 << 27;
    denseCurrent(current, observation, weights, placeI32([limit, limit, limit, limit]), n, 23);
    expect<i64>(<i64>i32At(current, 3)).toBe(((9 * ((2 * 32767 * 32767) >> 4) + 4) >> 3) + limit);
    expect<i32>(i32At(current, 3)).toBeLessThan(1 << 29);
  });
});

describe("sparseCurrent", () => {
  it("sums the rows of the neurons that fired, for widths above and below a block", () => {
    seedDraws(5);
    const nIn = 12,
      bits = 13;
    for (let n = 4; n <= 44; n += 8) {
      const weights = place(2 * nIn * n),
        bias = place(4 * n),
        current = place(4 * n),
        active = place(2 * nIn);
      for (let k = 0; k < nIn * n; k++) store<i16>(weights + 2 * k, <i16>(draw() * 32767.0));
      for (let j = 0; j < n; j++) store<i32>(bias + 4 * j, j - 3);
      let count = 0;
      for (let i = 0; i < nIn; i++) {
        if (i % 3 == 1) continue;
        store<u16>(active + 2 * count, <u16>i);
        count++;
      }
      sparseCurrent(current, active, count, weights, bias, n, bits);
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let i = 0; i < nIn; i++) if (i % 3 != 1) sum += <i32>load<i16>(weights + 2 * (i * n + j));
        expect<i32>(i32At(current, j)).toBe(sum * 8 + j - 3);
      }
    }
  });

  it("stays within its bound where every neuron that a layer can hear fires with the largest weights", () => {
    const n = 4,
      bits = 12; // the fewest that a policy file has: the largest weights
    const weights = place(2 * MAX_FAN_IN * n),
      active = place(2 * MAX_FAN_IN),
      current = place(4 * n);
    for (let sign = -1; sign <= 1; sign += 2) {
      const limit = sign * PARAMETER_LIMIT;
      for (let k = 0; k < MAX_FAN_IN * n; k++) store<i16>(weights + 2 * k, <i16>(sign * 32767));
      for (let i = 0; i < MAX_FAN_IN; i++) store<u16>(active + 2 * i, <u16>i);
      sparseCurrent(current, active, MAX_FAN_IN, weights, placeI32([limit, limit, limit, limit]), n, bits);
      const exact = <i64>sign * ((<i64>MAX_FAN_IN * 32767) << 4) + <i64>limit;
      for (let j = 0; j < n; j++) expect<i64>(<i64>i32At(current, j)).toBe(exact);
      // with a full membrane and the largest threshold beside it, still an i32
      const worst = abs(exact) + <i64>MEMBRANE_LIMIT + <i64>PARAMETER_LIMIT;
      expect<i64>(worst).toBeLessThan(<i64>i32.MAX_VALUE);
    }
  });

  it("is the bias where nothing fired", () => {
    const bias = placeI32([1, -2, 3, -4]);
    const current = place(16);
    sparseCurrent(current, place(8), 0, place(64), bias, 4, 12);
    for (let j = 0; j < 4; j++) expect<i32>(i32At(current, j)).toBe(i32At(bias, j));
  });
});

describe("sparseWeightBackward", () => {
  it("adds the rows of the steps when the neuron fired", () => {
    seedDraws(7);
    const steps = 9;
    for (let n = 4; n <= 44; n += 8) {
      const d = place(4 * steps * n),
        dWeights = place(4 * n),
        times = place(2 * steps);
      fillDraws(d, steps * n, 1.0);
      fillDraws(dWeights, n, 1.0);
      const before = place(4 * n);
      memory.copy(before, dWeights, 4 * n);
      store<u16>(times, 1);
      store<u16>(times + 2, 4);
      store<u16>(times + 4, 8);
      sparseWeightBackward(dWeights, d, times, 3, n);
      for (let j = 0; j < n; j++) {
        const sum = f32At(before, j) + f32At(d, n + j) + f32At(d, 4 * n + j) + f32At(d, 8 * n + j);
        expectWithin(<f64>f32At(dWeights, j), <f64>sum, 0.0, "column " + j.toString());
      }
    }
    expect<f32>(f32At(placeF32([1.5]), 0)).toBe(1.5);
  });
});
