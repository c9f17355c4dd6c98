import { observationFromLegacy, observationToLegacy } from "../link/legacy-observation";
import { expectRelative, f32At, place, setF32 } from "./arena";

/** p 1 2 3, v 4 5 6, R 11 .. 19, gyro 90, -180, 1 deg/s. */
function legacyFrame(): usize {
  const at = place(72);
  for (let i = 0; i < 6; i++) setF32(at, i, <f64>(i + 1));
  for (let i = 0; i < 9; i++) setF32(at, 6 + i, <f64>(11 + i));
  setF32(at, 15, 90.0);
  setF32(at, 16, -180.0);
  setF32(at, 17, 1.0);
  return at;
}

describe("legacy observation", () => {
  it("is put in the order p, R, v, w of training", () => {
    const observation = place(72);
    observationFromLegacy(legacyFrame(), observation);
    for (let i = 0; i < 3; i++) expect<f32>(f32At(observation, i)).toBe(<f32>i + 1.0);
    for (let i = 0; i < 9; i++) expect<f32>(f32At(observation, 3 + i)).toBe(<f32>i + 11.0);
    for (let i = 0; i < 3; i++) expect<f32>(f32At(observation, 12 + i)).toBe(<f32>i + 4.0);
  });

  it("has its gyro in deg/s turned into rad/s", () => {
    const observation = place(72);
    observationFromLegacy(legacyFrame(), observation);
    expectRelative(f32At(observation, 15), Math.PI / 2.0, 1e-7, 1.0, "90 deg/s");
    expectRelative(f32At(observation, 16), -Math.PI, 1e-7, 1.0, "-180 deg/s");
    expectRelative(f32At(observation, 17), Math.PI / 180.0, 1e-7, 0.0, "1 deg/s");
  });

  it("comes back from its own frame, the gyro within two roundings", () => {
    const legacy = legacyFrame();
    const observation = place(72);
    const again = place(72);
    observationFromLegacy(legacy, observation);
    observationToLegacy(observation, again);
    for (let i = 0; i < 15; i++) expect<f32>(f32At(again, i)).toBe(f32At(legacy, i));
    for (let i = 15; i < 18; i++) expectRelative(f32At(again, i), f32At(legacy, i), 2e-7, 0.0, "gyro");
  });
});
