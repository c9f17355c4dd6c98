import { observationFromWire, observationToWire } from "../link/wire-numbers";
import { quantiseObservation } from "../network/rounding";
import { f32At, place, setF32 } from "./arena";

describe("numbers of the serial link", () => {
  it("are those that the policy rounds to, and come back as numbers that round to them again", () => {
    const observation = place(72),
      wire = place(36),
      received = place(72),
      again = place(36);
    for (let k = 0; k < 18; k++) setF32(observation, k, (<f64>k - 9.0) * 0.1234567);
    observationToWire(observation, wire);
    quantiseObservation(observation, again);
    expect(memory.compare(wire, again, 36)).toBe(0);
    observationFromWire(wire, received);
    quantiseObservation(received, again);
    expect(memory.compare(wire, again, 36)).toBe(0);
    expect<f32>(f32At(received, 0)).toBe(<f32>(-4551.0 / 4096.0)); // -1.1111103 m
  });

  it("saturate, which is out of range, where a number is too large", () => {
    const observation = place(72),
      wire = place(36);
    setF32(observation, 0, 1e30);
    setF32(observation, 17, -1e30);
    observationToWire(observation, wire);
    expect<i16>(load<i16>(wire)).toBe(32767);
    expect<i16>(load<i16>(wire, 34)).toBe(-32767);
  });

  it("say of what is no number that it is none", () => {
    const observation = place(72),
      wire = place(36);
    setF32(observation, 3, NaN);
    setF32(observation, 4, Infinity);
    setF32(observation, 5, -Infinity);
    observationToWire(observation, wire);
    observationFromWire(wire, observation);
    for (let k = 3; k < 6; k++) expect(isNaN(f32At(observation, k))).toBe(true);
    expect<f32>(f32At(observation, 6)).toBe(0.0);
  });
});
