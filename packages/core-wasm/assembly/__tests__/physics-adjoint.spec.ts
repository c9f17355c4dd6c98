// The adjoint of one control period against another's: reverse mode of PyTorch in binary64 (fixtures/README.md).
import { INTEGRATE_BACKWARD_SCRATCH_WORDS, integrateBodyBackward } from "../physics/integrate";
import { BODY_WORDS, INTEGRATED_WORDS } from "../physics/rigid-body";
import { expectRelative, f32At, place, setF32 } from "./arena";
import { crazyflie, groupOf } from "./crazyflie";

// @ts-ignore: decorator
@external("golden", "adjointRows")
declare function goldenRows(): i32;
// @ts-ignore: decorator
@external("golden", "adjoint")
declare function golden(row: i32, column: i32): f64;

// A row: two time constants, dt, body (23), setpoints (4), the gradient after (17), before (17) and of setpoints (4).
const BODY: i32 = 3;
const SETPOINT: i32 = BODY + BODY_WORDS;
const AFTER: i32 = SETPOINT + 4;
const WANTED: i32 = AFTER + INTEGRATED_WORDS;

describe("integrateBodyBackward", () => {
  it("matches PyTorch's adjoint in every input, ordinary, extreme, part of a period, and at a rotor's limit", () => {
    const a = crazyflie();
    const body = place(4 * BODY_WORDS),
      setpoint = place(16),
      d = place(4 * INTEGRATED_WORDS),
      dSetpoint = place(16),
      scratch = place(4 * INTEGRATE_BACKWARD_SCRATCH_WORDS);
    expect<i32>(goldenRows()).toBe(60);
    for (let row = 0; row < goldenRows(); row++) {
      a.motorRiseS = <f32>golden(row, 0);
      a.motorFallS = <f32>golden(row, 1);
      a.inverseMotorRise = <f32>1.0 / a.motorRiseS;
      a.inverseMotorFall = <f32>1.0 / a.motorFallS;
      for (let i = 0; i < BODY_WORDS; i++) setF32(body, i, golden(row, BODY + i));
      for (let i = 0; i < 4; i++) setF32(setpoint, i, golden(row, SETPOINT + i));
      for (let i = 0; i < 4; i++) setF32(dSetpoint, i, 0.0);
      for (let i = 0; i < INTEGRATED_WORDS; i++) setF32(d, i, golden(row, AFTER + i));
      integrateBodyBackward<f32, i32>(groupOf(a), body, setpoint, <f32>golden(row, 2), d, dSetpoint, scratch);

      // Rotors are in rpm: gradients a unit of 21,702 of them are of the size of the others.
      const unit = (i: i32): f64 => (i < 13 ? 1.0 : 21702.0);
      let largest = 0.0;
      for (let i = 0; i < 21; i++) largest = Math.max(largest, Math.abs(golden(row, WANTED + i)) * unit(i));
      for (let i = 0; i < 21; i++) {
        const got = i < 17 ? f32At(d, i) : f32At(dSetpoint, i - 17);
        const what = "entry " + i.toString() + " of case " + row.toString();
        expectRelative(<f64>got * unit(i), golden(row, WANTED + i) * unit(i), 1e-5, 0.01 * largest, what);
      }
    }
  });
});
