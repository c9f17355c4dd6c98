import { actionDifference, dequantiseObservation, floatAffine, floatLif } from "../exchange/float-layer";
import { expectWithin, f32At, place, placeF32 } from "./arena";

describe("floatAffine", () => {
  it("multiplies a row of weights for each output, and adds its bias", () => {
    const weight = placeF32([1, 2, 3, -1, 0.5, 0]);
    const bias = placeF32([0.5, -0.5]);
    const input = placeF32([1, -2, 4]);
    const output = place(8);
    floatAffine(weight, bias, input, output, 3, 2);
    expect<f32>(f32At(output, 0)).toBe(9.5);
    expect<f32>(f32At(output, 1)).toBe(-2.5);
    floatAffine(weight, output, input, output, 3, 2); // onto itself
    expect<f32>(f32At(output, 0)).toBe(18.5);
    expect<f32>(f32At(output, 1)).toBe(-4.5);
  });
});

describe("floatLif", () => {
  it("subtracts the threshold a step late, or resets in the step of the spike", () => {
    const current = placeF32([0.75, 0.75]);
    const leak = placeF32([0.5, 0.5]);
    const threshold = placeF32([1, 1]);
    const reset = placeF32([0, 0.25]);
    // By hand, two neurons alike but for their reset.
    const late: StaticArray<f32> = [0.75, 1.125, 0.3125, 0.90625, 1.203125];
    const membrane = place(8),
      spikes = place(8);
    for (let t = 0; t < late.length; t++) {
      floatLif(membrane, spikes, current, leak, threshold, reset, 2, true);
      expect<f32>(f32At(membrane, 1)).toBe(late[t]);
      expect<f32>(f32At(spikes, 1)).toBe(late[t] > 1 ? 1 : 0);
    }
    const atOnce: StaticArray<f32> = [0.75, 0.25, 0.875, 0.25, 0.875];
    const resets: StaticArray<f32> = [0, 1, 0, 1, 0];
    const second = place(8),
      fired = place(8);
    for (let t = 0; t < atOnce.length; t++) {
      floatLif(second, fired, current, leak, threshold, reset, 2, false);
      expect<f32>(f32At(second, 1)).toBe(atOnce[t]);
      expect<f32>(f32At(fired, 1)).toBe(resets[t]);
    }
    expect<f32>(f32At(second, 0)).toBe(0.75); // it resets to 0
  });
});

describe("dequantiseObservation", () => {
  it("gives SI units", () => {
    const quantised = place(36),
      observation = place(72);
    for (let k = 0; k < 18; k++) store<i16>(quantised + 2 * k, -2048);
    dequantiseObservation(quantised, observation);
    expect<f32>(f32At(observation, 0)).toBe(-0.5);
    expect<f32>(f32At(observation, 3)).toBe(-0.125);
    expect<f32>(f32At(observation, 12)).toBe(-1);
    expect<f32>(f32At(observation, 17)).toBe(-4);
  });
});

describe("actionDifference", () => {
  it("is the largest of the four, against the tanh", () => {
    const action = place(8);
    const output = placeF32([0, 100, -100, 0.5]);
    store<i16>(action + 2, 16384);
    store<i16>(action + 4, -16384);
    store<i16>(action + 6, 0);
    expectWithin(actionDifference(action, output), 0.46211717, 1e-6, "difference");
  });
});
