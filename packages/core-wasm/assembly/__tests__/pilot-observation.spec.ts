import { pilotObservation } from "../link/pilot-observation";
import { expectWithin, f32At, place, placeF32, setF32 } from "./arena";

/** A drone 1 m ahead of a target and turned by `yaw` degrees, which drifts forward at 3 m/s; the target's yaw, and the limits. */
function seen(yaw: f64, targetYaw: f32, positionLimit: f32 = 0.0, velocityLimit: f32 = 0.0): usize {
  const half = (yaw * Math.PI) / 360.0;
  const estimate = place(88);
  setF32(estimate, 0, Math.cos((targetYaw * Math.PI) / 180.0));
  setF32(estimate, 1, Math.sin((targetYaw * Math.PI) / 180.0));
  setF32(estimate, 3, 3.0 * Math.cos((targetYaw * Math.PI) / 180.0));
  setF32(estimate, 4, 3.0 * Math.sin((targetYaw * Math.PI) / 180.0));
  setF32(estimate, 6, Math.cos(half));
  setF32(estimate, 9, Math.sin(half));
  setF32(estimate, 19, targetYaw);
  setF32(estimate, 20, positionLimit);
  setF32(estimate, 21, velocityLimit);
  const observation = place(72);
  pilotObservation(estimate, observation);
  return observation;
}

describe("pilotObservation", () => {
  it("is the error to the target, the rotation matrix and the gyro in rad/s", () => {
    // A quarter turn about z: body x points along world y, body y along world -x.
    const half: f32 = 0.70710678;
    const estimate = placeF32([
      1,
      2,
      3,
      4,
      5,
      6,
      half,
      0,
      0,
      half,
      180,
      -90,
      0,
      0.5,
      0.25,
      -1,
      1,
      -1,
      0.5,
      45,
      0,
      0,
    ]);
    const observation = place(72);
    pilotObservation(estimate, observation);
    // Seen from a frame turned by 45 degrees: (x + y, y - x) / sqrt 2.
    const r = Math.SQRT1_2;
    const want: StaticArray<f64> = [
      2.25 * r,
      1.25 * r,
      4,
      r,
      -r,
      0,
      r,
      r,
      0,
      0,
      0,
      1,
      9 * r,
      3 * r,
      5.5,
      3.14159265,
      -1.57079633,
      0,
    ];
    for (let i = 0; i < 18; i++) expectWithin(f32At(observation, i), want[i], 1e-6, "word " + i.toString());
  });

  it("sees the same from any heading that is the target's", () => {
    for (let yaw = -720; yaw <= 720; yaw += 15) {
      const level = seen(0.0, 0.0);
      const turned = seen(<f64>yaw + 10.0, <f32>yaw + 10.0);
      for (let i = 0; i < 18; i++) expectWithin(f32At(turned, i), f32At(level, i), 1e-5, yaw.toString());
    }
  });

  it("clips errors to the limits, and not at all to a limit of 0", () => {
    expect<f32>(f32At(seen(0.0, 0.0, 0.5, 2.0), 0)).toBe(0.5);
    expect<f32>(f32At(seen(0.0, 0.0, 0.5, 2.0), 12)).toBe(2.0);
    expect<f32>(f32At(seen(180.0, 180.0, 2.0, 4.0), 12)).toBe(3.0);
    expect<f32>(f32At(seen(0.0, 0.0), 12)).toBe(3.0);
  });

  it("sees a yaw error of no more than 45 degrees, on the side on which it is", () => {
    for (let error = -179; error < 180; error++) {
      const observation = seen(<f64>error + 30.0, 30.0);
      const angle = (Math.atan2(f32At(observation, 6), f32At(observation, 3)) * 180.0) / Math.PI;
      const want = <f64>(error > 45 ? 45 : error < -45 ? -45 : error);
      expectWithin(angle, want, 1e-4, error.toString());
      // The distance stays what it is, and so does what is up.
      const x = <f64>f32At(observation, 0),
        y = <f64>f32At(observation, 1);
      expectWithin(Math.sqrt(x * x + y * y), 1.0, 1e-6, "distance");
      expect<f32>(f32At(observation, 11)).toBe(1.0);
    }
  });

  it("lets no NaN or infinity become a number", () => {
    for (let i = 0; i < 20; i++) {
      const estimate = placeF32([1, 2, 3, 4, 5, 6, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 10, 0.5, 2]);
      setF32(estimate, i, i % 2 ? NaN : Infinity);
      const observation = place(72);
      pilotObservation(estimate, observation);
      let finite = true;
      for (let k = 0; k < 18; k++) finite = finite && isFinite(f32At(observation, k));
      expect(finite).toBe(false, "word " + i.toString());
    }
  });
});
