import { Environments } from "../task/environment-batch";
import {
  ErrorSplit,
  errorSplitAdd,
  errorSplitBegin,
  errorSplitConclude,
  errorSplitDisturb,
} from "../task/error-split";
import { Trajectory, trajectoryTarget } from "../task/trajectory";
import { expectWithin, f32At, make, place, setF32 } from "./arena";

const N = 4;
const DRONE = 2;
const onPath = place(24);
const e = make<Environments>();
e.n = N;
e.body = place(4 * 23 * N);
e.target = place(4 * 6 * N);

function createSplit(settleSteps: u32): ErrorSplit {
  const s = make<ErrorSplit>();
  s.environments = e;
  s.drone = DRONE;
  s.settleSteps = settleSteps;
  errorSplitBegin(s);
  return s;
}

/** A step after which the target is where `onPath` says, and the drone so far from it. */
function stand(s: ErrorSplit, x: f64, y: f64, z: f64): void {
  for (let i = 0; i < 6; i++) setF32(e.target, i * N + DRONE, <f64>f32At(onPath, i));
  setF32(e.body, DRONE, <f64>f32At(onPath, 0) + x);
  setF32(e.body, N + DRONE, <f64>f32At(onPath, 1) + y);
  setF32(e.body, 2 * N + DRONE, <f64>f32At(onPath, 2) + z);
  errorSplitAdd(s);
}

/** Where a target flies a circle of 1 m in 5 s, after the time in which it grows. */
function circle(t: i32): void {
  trajectoryTarget(Trajectory.CIRCLE, <f32>(5.0 + 0.01 * <f64>t), 1.0, 5.0, onPath);
}

describe("errorSplit", () => {
  it("calls what a drone that stands beside its target is off by a steady offset", () => {
    memory.fill(onPath, 0, 24);
    const s = createSplit(0);
    for (let t = 0; t < 10; t++) stand(s, 0.25, -0.5, 0.125);
    errorSplitConclude(s);
    expect<f64>(s.settledError).toBe(0.328125);
    expect<f64>(s.offset).toBe(0.328125);
    expect<f64>(s.tracking).toBe(0.0);
    expect<f64>(s.shape).toBe(0.0);
    expect<f64>(s.lag).toBe(0.0);
    expect<bool>(isNaN(s.catchError)).toBe(true, "nothing was caught");
  });

  it("calls unrest around the offset tracking", () => {
    memory.fill(onPath, 0, 24);
    const s = createSplit(0);
    for (let t = 0; t < 10; t++) stand(s, 0.25, (t & 1) == 0 ? 0.5 : -0.5, 0.0);
    errorSplitConclude(s);
    expect<f64>(s.offset).toBe(0.0625);
    expect<f64>(s.tracking).toBe(0.25);
    expect<f64>(s.shape).toBe(0.25);
  });

  it("finds the lag behind a moving target, and the shape that the lag does not explain", () => {
    const s = createSplit(0);
    for (let t = 0; t < 500; t++) {
      circle(t);
      const late = 0.1; // s
      stand(
        s,
        0.02 - late * <f64>f32At(onPath, 3),
        -late * <f64>f32At(onPath, 4),
        (t & 1) == 0 ? 0.03 : -0.03,
      );
    }
    errorSplitConclude(s);
    const speed = Math.PI / 5.0; // m/s
    expectWithin(s.lag, 0.1, 1e-6, "lag");
    expectWithin(s.offset, 0.0004, 1e-7, "offset");
    expectWithin(s.lagging, 0.1 * speed * (0.1 * speed), 1e-6, "what the lag explains");
    expectWithin(s.shape, 0.0009, 1e-6, "shape");
    expectWithin(s.offset + s.lagging + s.shape, s.settledError, 1e-12, "the parts are the whole");
  });

  it("counts the steps after the start and after a disturbance as catching, and no others", () => {
    memory.fill(onPath, 0, 24);
    const s = createSplit(2);
    stand(s, 3.0, 0.0, 0.0);
    stand(s, 1.0, 0.0, 0.0);
    stand(s, 0.5, 0.0, 0.0);
    errorSplitDisturb(s);
    stand(s, 2.0, 0.0, 0.0);
    stand(s, 2.0, 0.0, 0.0);
    stand(s, 0.5, 0.0, 0.0);
    errorSplitConclude(s);
    expect<f64>(s.catchError).toBe(4.5); // (9 + 1 + 4 + 4) / 4
    expect<f64>(s.settledError).toBe(0.25);
    expect<u32>(s.settledSteps).toBe(2);
    errorSplitBegin(s);
    stand(s, 1.0, 0.0, 0.0);
    errorSplitConclude(s);
    expect<f64>(s.catchError).toBe(1.0);
    expect<bool>(isNaN(s.settledError)).toBe(true, "a new flight has forgotten the old one");
  });
});
