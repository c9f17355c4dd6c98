import { pilotObservation } from "../link/pilot-observation";
import { expectWithin, f32At, place, placeF32 } from "./arena";

describe("pilotObservation", () => {
  it("is the error to the target, the rotation matrix and the gyro in rad/s", () => {
    // A quarter turn about z: body x points along world y, body y along world -x.
    const half: f32 = 0.70710678;
    const estimate = placeF32([1, 2, 3, 4, 5, 6, half, 0, 0, half, 180, -90, 0, 0.5, 0.25, -1, 1, -1, 0.5]);
    const observation = place(72);
    pilotObservation(estimate, observation);
    const want: StaticArray<f64> = [
      0.5, 1.75, 4, 0, -1, 0, 1, 0, 0, 0, 0, 1, 3, 6, 5.5, 3.14159265, -1.57079633, 0,
    ];
    for (let i = 0; i < 18; i++) expectWithin(f32At(observation, i), want[i], 3e-7, "word " + i.toString());
  });
});
