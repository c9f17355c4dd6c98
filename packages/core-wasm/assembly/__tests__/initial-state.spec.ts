import { drawStart, Start } from "../task/initial-state";
import { expectWithin, f32At, make, place } from "./arena";
import { crazyflie } from "./crazyflie";

const N = 3000;
const body = place(4 * 23);
const pastAction = place(16);
const scratch = place(16);

function l2f(): Start {
  const s = make<Start>();
  s.guidance = 0.1;
  s.positionM = 0.2;
  s.angleRad = 1.57;
  s.velocityMPerS = 1.0;
  s.angularVelocityRadPerS = 1.0;
  s.forceStd = 0.05;
  s.torqueStd = 0.0001;
  s.rotorsAtHalf = true;
  return s;
}
function l2fPy(): Start {
  const s = make<Start>();
  s.guidance = 0.1;
  s.positionM = 0.5;
  s.angleRad = <f32>(Math.PI / 2.0);
  s.velocityMPerS = 1.0;
  s.angularVelocityRadPerS = 1.0;
  s.bothQuaternionSigns = true;
  s.guidanceAtRest = true;
  return s;
}
function start(kind: Start, episode: u32): void {
  drawStart(kind, crazyflieOnce, 9, episode, body, 4, pastAction, scratch);
}
const crazyflieOnce = crazyflie();
const l2fOnce = l2f();
const l2fPyOnce = l2fPy();

describe("drawStart", () => {
  it("starts as L2F does", () => {
    let guided = 0,
      meanP = 0.0,
      squareP = 0.0,
      squareF = 0.0,
      squareT = 0.0,
      widest = 0.0,
      meanAngle = 0.0;
    for (let e = 0; e < N; e++) {
      start(l2fOnce, e);
      const atOrigin = f32At(body, 0) == 0.0 && f32At(body, 1) == 0.0;
      if (atOrigin) {
        guided++;
        expect<f32>(f32At(body, 3)).toBe(1.0);
        expect<f32>(f32At(body, 4)).toBe(0.0);
      }
      expect<bool>(f32At(body, 7) != 0.0 && f32At(body, 11) != 0.0).toBe(true, "always moving");
      let square = 0.0;
      for (let i = 3; i < 7; i++) square += <f64>f32At(body, i) * <f64>f32At(body, i);
      expectWithin(square, 1.0, 1e-6, "unit quaternion");
      const angle = 2.0 * Math.acos(Math.min(1.0, <f64>f32At(body, 3)));
      widest = Math.max(widest, angle);
      meanAngle += atOrigin ? 0.0 : angle;
      for (let i = 0; i < 3; i++) {
        const p = <f64>f32At(body, i);
        expect<bool>(Math.abs(p) <= 0.2 && Math.abs(<f64>f32At(body, 7 + i)) <= 1.0).toBe(true);
        meanP += p;
        squareP += p * p;
        squareF += <f64>f32At(body, 17 + i) * <f64>f32At(body, 17 + i);
        squareT += <f64>f32At(body, 20 + i) * <f64>f32At(body, 20 + i);
      }
      for (let i = 0; i < 4; i++) {
        expect<f32>(f32At(body, 13 + i)).toBe(10851.0);
        expect<f32>(f32At(pastAction, i)).toBe(0.0);
      }
    }
    const n = <f64>N;
    expectWithin(<f64>guided / n, 0.1, 4.0 * Math.sqrt(0.09 / n), "guided");
    expectWithin(meanP / (3.0 * n), 0.0, 0.006, "mean position");
    expectWithin(squareP / (3.0 * n), (0.9 * 0.04) / 3.0, 0.0006, "spread of position");
    expectWithin(Math.sqrt(squareF / (3.0 * n)), 0.01324, 0.0005, "force");
    expectWithin(Math.sqrt(squareT / (3.0 * n)), 2.649e-5, 1e-6, "torque");
    expect<f64>(widest).toBeLessThan(1.5701);
    expect<f64>(widest).toBeGreaterThan(1.55);
    // Uniform on SO(3): density (1 - cos a), so the mean below 1.57 is (a^2 / 2 - a sin a - cos a + 1) / (a - sin a).
    expectWithin(meanAngle / (n - <f64>guided), 1.161, 0.03, "mean angle");
  });

  it("starts as l2f-py does", () => {
    let negative = 0,
      still = 0,
      rotors = 0.0;
    for (let e = 0; e < N; e++) {
      start(l2fPyOnce, e);
      if (f32At(body, 3) < 0.0) negative++;
      expect<bool>(Math.abs(<f64>f32At(body, 3)) >= Math.SQRT1_2 - 1e-6).toBe(true);
      if (f32At(body, 0) == 0.0) {
        still++;
        for (let i = 7; i < 13; i++) expect<f32>(f32At(body, i)).toBe(0.0);
      }
      expect<f32>(f32At(body, 17)).toBe(0.0);
      for (let i = 0; i < 4; i++) {
        const r = <f64>f32At(body, 13 + i);
        rotors += r;
        expectWithin(<f64>f32At(pastAction, i), r / 10851.0 - 1.0, 1e-6, "rotor as an action");
      }
    }
    expectWithin(<f64>negative / <f64>N, 0.45, 0.04, "negative half");
    expectWithin(<f64>still / <f64>N, 0.1, 0.022, "guided");
    expectWithin(rotors / (4.0 * <f64>N), 10851.0, 240.0, "rotors uniform");
  });
});
