import { Body, bodyDerivative } from "../physics/rigid-body";
import { expectRelative, f32At, place, setF32 } from "./arena";
import { crazyflie, groupOf, HOVER_RPM, restingBody } from "./crazyflie";

const body = restingBody();
const setpoint = place(16);
const rate = place(4 * 17);
const R: i32 = <i32>Body.ROTOR;
const W: i32 = <i32>Body.ANGULAR_VELOCITY;

const airframe = groupOf(crazyflie());

function derive(): void {
  bodyDerivative<f32, i32>(airframe, body, setpoint, rate);
}
function expectRate(word: i32, want: f64): void {
  expectRelative(<f64>f32At(rate, word), want, 1e-5, 1e-2, "word " + word.toString());
}

describe("bodyDerivative", () => {
  beforeEach(() => {
    memory.fill(body, 0, 4 * 23);
    memory.fill(setpoint, 0, 16);
    setF32(body, 3, 1.0);
  });

  it("falls freely with its rotors standing, and moves at its velocity", () => {
    setF32(body, 7, 1.5);
    setF32(body, 9, -2.0);
    derive();
    expectRate(0, 1.5);
    expectRate(2, -2.0);
    expectRate(9, -9.81);
    for (let word = 10; word < 17; word++) expectRate(word, 0.0);
  });

  it("carries its weight at hover speed", () => {
    for (let i = 0; i < 4; i++) setF32(body, R + i, HOVER_RPM);
    derive();
    for (let word = 7; word < 13; word++) expectRate(word, 0.0);
  });

  it("turns the way each rotor pushes it", () => {
    // One rotor alone: thrust f; roll, pitch and yaw accelerate by sign * 0.028 f / J and sign * k f / Jz.
    const f = 3.16e-10 * 20000.0 * 20000.0;
    const roll: StaticArray<f64> = [-1, -1, 1, 1],
      pitch: StaticArray<f64> = [-1, 1, 1, -1],
      yaw: StaticArray<f64> = [-1, 1, -1, 1];
    for (let i = 0; i < 4; i++) {
      for (let k = 0; k < 4; k++) setF32(body, R + k, k == i ? 20000.0 : 0.0);
      derive();
      expectRate(10, (roll[i] * 0.028 * f) / 3.85e-6);
      expectRate(11, (pitch[i] * 0.028 * f) / 3.85e-6);
      expectRate(12, (yaw[i] * 0.005964552 * f) / 5.9675e-6);
      expectRate(9, f / 0.027 - 9.81);
    }
  });

  it("pushes along its own z axis: rolled by 90 degrees, along minus y of the world", () => {
    setF32(body, 3, Math.SQRT1_2);
    setF32(body, 4, Math.SQRT1_2);
    for (let i = 0; i < 4; i++) setF32(body, R + i, HOVER_RPM);
    derive();
    expectRate(7, 0.0);
    expectRate(8, -9.81);
    expectRate(9, -9.81);
  });

  it("feels the force in the world frame and the torque in its own", () => {
    setF32(body, 3, Math.SQRT1_2);
    setF32(body, 6, Math.SQRT1_2); // yawed by 90 degrees
    setF32(body, 17, 0.027);
    setF32(body, 20, 3.85e-6);
    derive();
    expectRate(7, 1.0);
    expectRate(8, 0.0);
    expectRate(10, 1.0);
    expectRate(11, 0.0);
  });

  it("turns its quaternion by half of q times (0, w), and precesses by Euler's equations", () => {
    const q: StaticArray<f64> = [0.5, 0.5, -0.5, 0.5],
      w: StaticArray<f64> = [1.0, 2.0, 3.0];
    for (let i = 0; i < 4; i++) setF32(body, 3 + i, q[i]);
    for (let i = 0; i < 3; i++) setF32(body, W + i, w[i]);
    derive();
    expectRate(3, 0.5 * (-q[1] * w[0] - q[2] * w[1] - q[3] * w[2]));
    expectRate(4, 0.5 * (q[0] * w[0] + q[2] * w[2] - q[3] * w[1]));
    expectRate(5, 0.5 * (q[0] * w[1] + q[3] * w[0] - q[1] * w[2]));
    expectRate(6, 0.5 * (q[0] * w[2] + q[1] * w[1] - q[2] * w[0]));
    const jx = 3.85e-6,
      jz = 5.9675e-6;
    expectRate(10, (-(jz - jx) * w[1] * w[2]) / jx);
    expectRate(11, (-(jx - jz) * w[2] * w[0]) / jx);
    expectRate(12, 0.0);
  });

  it("lags behind its setpoint by 0.15 s, up and down", () => {
    setF32(setpoint, 0, 1500.0);
    setF32(body, R + 1, 3000.0);
    derive();
    expectRate(R, 10000.0);
    expectRate(R + 1, -20000.0);
  });
});
