// The adjoint of one control period against central differences of the same physics, rebuilt in f64 here: every entry of
// the state and every setpoint, by name, in random and extreme states.
import { Airframe } from "../physics/airframe";
import { INTEGRATE_BACKWARD_SCRATCH_WORDS, integrateBodyBackward } from "../physics/integrate";
import { BODY_WORDS, INTEGRATED_WORDS } from "../physics/rigid-body";
import { observeExactly, observeExactlyBackward } from "../task/observation";
import { draw, expectRelative, f32At, place, seedDraws, setF32 } from "./arena";
import { crazyflie, groupOf } from "./crazyflie";

const NAMES = [
  "px",
  "py",
  "pz",
  "qw",
  "qx",
  "qy",
  "qz",
  "vx",
  "vy",
  "vz",
  "wx",
  "wy",
  "wz",
  "r0",
  "r1",
  "r2",
  "r3",
];
const scratch = place(4 * INTEGRATE_BACKWARD_SCRATCH_WORDS);

/** The derivative of REFERENCE section 1.1, f64. */
function rateOf(
  a: Airframe,
  x: StaticArray<f64>,
  u: StaticArray<f64>,
  force: StaticArray<f64>,
): StaticArray<f64> {
  const out = new StaticArray<f64>(17);
  const w = x[3],
    i = x[4],
    j = x[5],
    k = x[6],
    wx = x[10],
    wy = x[11],
    wz = x[12];
  for (let n = 0; n < 3; n++) out[n] = x[7 + n];
  out[3] = -0.5 * (i * wx + j * wy + k * wz);
  out[4] = 0.5 * (w * wx + j * wz - k * wy);
  out[5] = 0.5 * (w * wy + k * wx - i * wz);
  out[6] = 0.5 * (w * wz + i * wy - j * wx);
  const f = new StaticArray<f64>(4);
  let lift = 0.0;
  for (let n = 0; n < 4; n++) {
    const r = x[13 + n],
      gap = u[n] - r;
    f[n] = <f64>a.thrust0 + <f64>a.thrust1 * r + <f64>a.thrust2 * r * r;
    lift += f[n] / <f64>a.massKg;
    out[13 + n] = gap / <f64>(gap < 0.0 ? a.motorFallS : a.motorRiseS);
  }
  out[7] = 2.0 * (i * k + w * j) * lift + force[0] / <f64>a.massKg;
  out[8] = 2.0 * (j * k - w * i) * lift + force[1] / <f64>a.massKg;
  out[9] = (1.0 - 2.0 * (i * i + j * j)) * lift + force[2] / <f64>a.massKg - 9.81;
  const arm = <f64>a.armM,
    jx = <f64>a.inertiaX,
    jy = <f64>a.inertiaY,
    jz = <f64>a.inertiaZ;
  out[10] = (arm * (f[2] + f[3] - f[0] - f[1]) - (jz - jy) * wy * wz + force[3]) / jx;
  out[11] = (arm * (f[1] + f[2] - f[0] - f[3]) - (jx - jz) * wz * wx + force[4]) / jy;
  out[12] = (<f64>a.torquePerThrust * (f[1] + f[3] - f[0] - f[2]) - (jy - jx) * wx * wy + force[5]) / jz;
  return out;
}

function advanced(x: StaticArray<f64>, rate: StaticArray<f64>, dt: f64): StaticArray<f64> {
  const out = new StaticArray<f64>(17);
  for (let n = 0; n < 17; n++) out[n] = x[n] + dt * rate[n];
  return out;
}

/** One control period, and the value of the linear functional c on the state after it. */
function valueAfter(
  a: Airframe,
  x: StaticArray<f64>,
  u: StaticArray<f64>,
  force: StaticArray<f64>,
  dt: f64,
  c: StaticArray<f64>,
): f64 {
  const k1 = rateOf(a, x, u, force);
  const k2 = rateOf(a, advanced(x, k1, 0.5 * dt), u, force);
  const k3 = rateOf(a, advanced(x, k2, 0.5 * dt), u, force);
  const k4 = rateOf(a, advanced(x, k3, dt), u, force);
  const y = new StaticArray<f64>(17);
  for (let n = 0; n < 17; n++) y[n] = x[n] + (dt / 6.0) * (k1[n] + 2.0 * k2[n] + 2.0 * k3[n] + k4[n]);
  const norm = Math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5] + y[6] * y[6]);
  for (let n = 3; n < 7; n++) y[n] /= norm;
  for (let n = 13; n < 17; n++) y[n] = Math.min(Math.max(y[n], <f64>a.rotorMin), <f64>a.rotorMax);
  let sum = 0.0;
  for (let n = 0; n < 17; n++) sum += c[n] * y[n];
  return sum;
}

function checkAdjoint(seed: u32, extreme: f64, dt: f64): void {
  seedDraws(seed);
  const a = crazyflie();
  a.motorFallS = 0.249; // rise and fall differ, so that the branch is seen
  a.inverseMotorFall = <f32>(1.0 / 0.249);
  const size = <f64>a.rotorMax;
  const x = new StaticArray<f64>(17),
    u = new StaticArray<f64>(4);
  const force = new StaticArray<f64>(6),
    c = new StaticArray<f64>(17);
  const body = place(4 * BODY_WORDS),
    setpoint = place(16);
  const d = place(4 * INTEGRATED_WORDS),
    dSetpoint = place(16);
  let norm = 0.0;
  for (let n = 0; n < 17; n++) x[n] = extreme * draw();
  for (let n = 3; n < 7; n++) {
    x[n] = draw();
    norm += x[n] * x[n];
  }
  for (let n = 3; n < 7; n++) x[n] /= Math.sqrt(norm);
  for (let n = 10; n < 13; n++) x[n] *= 10.0;
  for (let n = 0; n < 4; n++) {
    x[13 + n] = size * (0.5 + 0.4 * draw());
    u[n] = size * (0.5 + 0.5 * draw());
  }
  for (let n = 0; n < 6; n++) force[n] = (n < 3 ? 0.02 : 3e-5) * draw();
  for (let n = 0; n < 17; n++) {
    c[n] = n < 13 ? draw() : draw() / size;
    setF32(d, n, c[n]);
    c[n] = <f64>f32At(d, n);
  }
  for (let n = 0; n < 17; n++) {
    setF32(body, n, x[n]);
    x[n] = <f64>f32At(body, n);
  }
  for (let n = 0; n < 6; n++) {
    setF32(body, 17 + n, force[n]);
    force[n] = <f64>f32At(body, 17 + n);
  }
  for (let n = 0; n < 4; n++) {
    setF32(setpoint, n, u[n]);
    u[n] = <f64>f32At(setpoint, n);
  }

  integrateBodyBackward<f32, i32>(groupOf(a), body, setpoint, <f32>dt, d, dSetpoint, scratch);

  let largest = 0.0;
  for (let n = 0; n < 17; n++)
    largest = Math.max(largest, Math.abs(<f64>f32At(d, n)) * (n < 13 ? 1.0 : size));
  for (let n = 0; n < 21; n++) {
    const unit = n < 13 ? 1.0 : size;
    const value = n < 17 ? x[n] : u[n - 17],
      step = 1e-5 * unit;
    if (n < 17) x[n] = value + step;
    else u[n - 17] = value + step;
    const high = valueAfter(a, x, u, force, dt, c);
    if (n < 17) x[n] = value - step;
    else u[n - 17] = value - step;
    const low = valueAfter(a, x, u, force, dt, c);
    if (n < 17) x[n] = value;
    else u[n - 17] = value;
    const want = ((high - low) / (2.0 * step)) * unit;
    const got = (n < 17 ? <f64>f32At(d, n) : <f64>f32At(dSetpoint, n - 17)) * unit;
    const name = n < 17 ? NAMES[n] : "u" + (n - 17).toString();
    expectRelative(got, want, 2e-4, 0.02 * largest, name + " of seed " + seed.toString());
  }
}

describe("integrateBodyBackward", () => {
  it("matches finite differences of every input in ordinary states", () => {
    for (let seed: u32 = 1; seed <= 40; seed++) checkAdjoint(seed, 1.0, 0.01);
  });

  it("matches them in extreme states: 6 m/s, 60 rad/s", () => {
    for (let seed: u32 = 101; seed <= 140; seed++) checkAdjoint(seed, 6.0, 0.01);
  });

  it("matches them over part of a period", () => {
    for (let seed: u32 = 201; seed <= 220; seed++) checkAdjoint(seed, 1.0, 0.0037);
  });

  it("stops the gradient at a rotor that stands at its limit", () => {
    const a = crazyflie(),
      body = place(4 * BODY_WORDS),
      setpoint = place(16);
    const d = place(4 * INTEGRATED_WORDS),
      dSetpoint = place(16);
    setF32(body, 3, 1.0);
    for (let i = 0; i < 4; i++) setF32(setpoint, i, 30000.0);
    for (let i = 0; i < 4; i++) setF32(body, 13 + i, i == 0 ? 21700.0 : 15000.0);
    setF32(d, 13, 1.0);
    setF32(d, 14, 1.0);
    integrateBodyBackward<f32, i32>(groupOf(a), body, setpoint, a.stepS, d, dSetpoint, scratch);
    expect<f32>(f32At(dSetpoint, 0)).toBe(0.0);
    expect<bool>(f32At(dSetpoint, 1) > 0.05).toBe(true);
  });
});

describe("observeExactlyBackward", () => {
  it("matches finite differences of every word of the body", () => {
    seedDraws(7);
    const body = place(4 * BODY_WORDS),
      observation = place(4 * 18),
      c = place(4 * 18),
      d = place(4 * INTEGRATED_WORDS);
    for (let n = 0; n < 17; n++) setF32(body, n, draw());
    for (let n = 0; n < 18; n++) setF32(c, n, draw());
    observeExactlyBackward<f32>(body, c, d);
    for (let n = 0; n < 13; n++) {
      const value = <f64>f32At(body, n);
      let want = 0.0;
      for (let sign = -1; sign <= 1; sign += 2) {
        setF32(body, n, value + <f64>sign * 0.0078125);
        observeExactly<f32>(body, observation);
        for (let k = 0; k < 18; k++) want += <f64>sign * <f64>f32At(c, k) * <f64>f32At(observation, k);
      }
      setF32(body, n, value);
      expectRelative(<f64>f32At(d, n), want / 0.015625, 1e-4, 0.1, NAMES[n]);
    }
  });
});
