import { Airframe } from "../physics/airframe";
import { INTEGRATE_SCRATCH_WORDS, integrateBody } from "../physics/integrate";
import { expectRelative, expectWithin, f32At, place, setF32 } from "./arena";
import { crazyflie, groupOf, HOVER_RPM, restingBody } from "./crazyflie";

const scratch = place(4 * INTEGRATE_SCRATCH_WORDS);
const setpoint = place(16);

function fly(airframe: Airframe, body: usize, steps: i32, rpm: f64): void {
  for (let i = 0; i < 4; i++) setF32(setpoint, i, rpm);
  const group = groupOf(airframe);
  for (let t = 0; t < steps; t++) integrateBody<f32, i32>(group, body, setpoint, airframe.stepS, scratch);
}
function norm(body: usize): f64 {
  let square = 0.0;
  for (let i = 3; i < 7; i++) square += <f64>f32At(body, i) * <f64>f32At(body, i);
  return Math.sqrt(square);
}

/** A tumbling flight of 0.08 s with its rotors spinning up, in 0.08 / step steps; returns the body. */
function tumble(step: f64): usize {
  const airframe = crazyflie(),
    body = restingBody();
  airframe.stepS = <f32>step;
  for (let i = 0; i < 3; i++) setF32(body, 10 + i, 12.0 - 9.0 * i);
  setF32(setpoint, 0, 18000.0);
  setF32(setpoint, 1, 6000.0);
  setF32(setpoint, 2, 14000.0);
  setF32(setpoint, 3, 9000.0);
  for (let t = 0; t < <i32>Math.round(0.08 / step); t++)
    integrateBody<f32, i32>(groupOf(airframe), body, setpoint, airframe.stepS, scratch);
  return body;
}
function distance(a: usize, b: usize): f64 {
  let worst = 0.0;
  for (let i = 3; i < 7; i++) worst = Math.max(worst, Math.abs(<f64>f32At(a, i) - <f64>f32At(b, i)));
  return worst;
}

describe("integrateBody", () => {
  it("falls as s = g t^2 / 2", () => {
    const body = restingBody();
    fly(crazyflie(), body, 100, 0.0);
    expectRelative(<f64>f32At(body, 2), -4.905, 2e-6, 0.0, "height");
    expectRelative(<f64>f32At(body, 9), -9.81, 2e-6, 0.0, "speed");
    expect<f32>(f32At(body, 3)).toBe(1.0);
    expect<f32>(f32At(body, 0)).toBe(0.0);
  });

  it("hovers at hover thrust", () => {
    const body = restingBody();
    for (let i = 0; i < 4; i++) setF32(body, 13 + i, HOVER_RPM);
    fly(crazyflie(), body, 100, HOVER_RPM);
    expectWithin(<f64>f32At(body, 2), 0.0, 2e-5, "height");
    for (let i = 10; i < 13; i++) expectWithin(<f64>f32At(body, i), 0.0, 1e-6, "rate");
  });

  it("keeps energy and angular momentum of a free spin, and a unit quaternion", () => {
    const body = restingBody(),
      airframe = crazyflie();
    for (let i = 0; i < 3; i++) setF32(body, 10 + i, 3.0 + 2.0 * i);
    const energy = spinEnergy(airframe, body),
      momentum = spinMomentum(airframe, body);
    for (let t = 0; t < 200; t++) {
      fly(airframe, body, 1, 0.0);
      expectWithin(norm(body), 1.0, 1e-7, "quaternion norm");
    }
    expectRelative(spinEnergy(airframe, body), energy, 1e-5, 0.0, "energy");
    expectRelative(spinMomentum(airframe, body), momentum, 1e-5, 0.0, "momentum about the world's z");
  });

  it("spins about its z axis by the angle it should", () => {
    const body = restingBody();
    setF32(body, 12, 2.0);
    fly(crazyflie(), body, 100, 0.0);
    expectWithin(<f64>f32At(body, 3), Math.cos(1.0), 1e-5, "qw");
    expectWithin(<f64>f32At(body, 6), Math.sin(1.0), 1e-5, "qz");
  });

  it("is of fourth order: half the step, a sixteenth of the error", () => {
    const exact = tumble(0.08 / 64.0);
    const coarse = distance(tumble(0.04), exact),
      fine = distance(tumble(0.02), exact);
    expect<f64>(coarse).toBeGreaterThan(1e-4, "well above rounding");
    expectWithin(Math.log2(coarse / fine), 4.0, 0.6, "order");
  });

  it("approaches its setpoint as 1 - e^(-t / T), and clamps the rotors to their range", () => {
    const body = restingBody();
    fly(crazyflie(), body, 15, 10000.0);
    expectRelative(<f64>f32At(body, 13), 10000.0 * (1.0 - Math.exp(-1.0)), 1e-5, 0.0, "rotor");
    fly(crazyflie(), body, 200, 30000.0);
    expect<f32>(f32At(body, 14)).toBe(21702.0);
    fly(crazyflie(), body, 200, -30000.0);
    expect<f32>(f32At(body, 14)).toBe(0.0);
  });

  it("normalises a quaternion that is not quite unit", () => {
    const body = restingBody();
    setF32(body, 3, 1.00001);
    fly(crazyflie(), body, 1, 0.0);
    expectWithin(norm(body), 1.0, 1e-7, "norm");
  });
});

function spinEnergy(a: Airframe, body: usize): f64 {
  const x = <f64>f32At(body, 10),
    y = <f64>f32At(body, 11),
    z = <f64>f32At(body, 12);
  return <f64>a.inertiaX * x * x + <f64>a.inertiaY * y * y + <f64>a.inertiaZ * z * z;
}
/** The world's z component of R(q) J w. */
function spinMomentum(a: Airframe, body: usize): f64 {
  const w = <f64>f32At(body, 3),
    x = <f64>f32At(body, 4),
    y = <f64>f32At(body, 5),
    z = <f64>f32At(body, 6);
  return (
    2.0 * (x * z - w * y) * <f64>a.inertiaX * <f64>f32At(body, 10) +
    2.0 * (y * z + w * x) * <f64>a.inertiaY * <f64>f32At(body, 11) +
    (1.0 - 2.0 * (x * x + y * y)) * <f64>a.inertiaZ * <f64>f32At(body, 12)
  );
}
