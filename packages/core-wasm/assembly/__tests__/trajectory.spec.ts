import { Trajectory, trajectoryTarget } from "../task/trajectory";
import { expectWithin, f32At, place } from "./arena";

const target = place(24);
const before = place(24);
const after = place(24);

describe("trajectoryTarget", () => {
  it("moves at the velocity it says, on every trajectory", () => {
    for (let kind: i32 = Trajectory.HOVER; kind <= Trajectory.SQUARE; kind++) {
      for (let t = 0.11; t < 12.0; t += 0.137) {
        const h = 0.01;
        trajectoryTarget(kind, <f32>t, 1.0, 5.0, target);
        trajectoryTarget(kind, <f32>(t - h), 1.0, 5.0, before);
        trajectoryTarget(kind, <f32>(t + h), 1.0, 5.0, after);
        const corner = kind == Trajectory.SQUARE && Math.abs(t / 1.25 - Math.round(t / 1.25)) < 0.01;
        const rampEnds = Math.abs(t - 2.0) < 0.02;
        for (let i = 0; i < 3; i++) {
          const slope = (<f64>f32At(after, i) - <f64>f32At(before, i)) / (2.0 * h);
          if (!corner && !rampEnds)
            expectWithin(<f64>f32At(target, 3 + i), slope, 1e-3, "velocity at " + t.toString());
          expectWithin(<f64>f32At(after, i) - <f64>f32At(before, i), 0.0, 0.03, "no jumps");
        }
      }
    }
  });

  it("begins at the origin, and hovers there", () => {
    for (let kind: i32 = Trajectory.HOVER; kind <= Trajectory.SQUARE; kind++) {
      trajectoryTarget(kind, 0.0, 1.0, 4.0, target);
      for (let i = 0; i < 3; i++) expect<f32>(f32At(target, i)).toBe(0.0);
    }
    trajectoryTarget(Trajectory.HOVER, 3.0, 1.0, 4.0, target);
    for (let i = 0; i < 6; i++) expect<f32>(f32At(target, i)).toBe(0.0);
  });

  it("has the size asked for: a circle's diameter, an eight's width, a square's edge", () => {
    for (let kind: i32 = Trajectory.CIRCLE; kind <= Trajectory.SQUARE; kind++) {
      let low = 1e9,
        high = -1e9;
      for (let t = 4.0; t < 8.0; t += 0.01) {
        trajectoryTarget(kind, <f32>t, 0.8, 4.0, target);
        low = Math.min(low, <f64>f32At(target, 0));
        high = Math.max(high, <f64>f32At(target, 0));
        const x = <f64>f32At(target, 0),
          y = <f64>f32At(target, 1);
        if (kind == Trajectory.CIRCLE) expectWithin(Math.hypot(x, y), 0.4, 1e-6, "radius");
      }
      expectWithin(high - low, 0.8, 0.002, "width");
    }
    // Side by side: the corners of the square come in turn, a quarter period each.
    const corners: StaticArray<f64> = [0, 0, 0.8, 0, 0.8, 0.8, 0, 0.8];
    for (let k = 0; k < 4; k++) {
      trajectoryTarget(Trajectory.SQUARE, <f32>k, 0.8, 4.0, target);
      for (let i = 0; i < 2; i++) expectWithin(<f64>f32At(target, i), corners[2 * k + i], 1e-6, "corner");
    }
  });
});
