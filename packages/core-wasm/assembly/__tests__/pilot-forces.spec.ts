import { ForceCommand, pilotForces } from "../link/pilot-forces";
import { AIRFRAME_GROUP_BYTES, Airframe, airframePrepare, spreadAirframe } from "../physics/airframe";
import { Body, thrustOf } from "../physics/rigid-body";
import { motorSetpoints } from "../task/environment";
import { f32At, place, placeF32 } from "./arena";
import { crazyflie } from "./crazyflie";

function command(a: Airframe, flownMassKg: f32): ForceCommand {
  const c = changetype<ForceCommand>(place(28));
  c.rotorMin = a.rotorMin;
  c.rotorMax = a.rotorMax;
  c.thrust0 = a.thrust0;
  c.thrust1 = a.thrust1;
  c.thrust2 = a.thrust2;
  c.massKg = a.massKg;
  c.flownMassKg = flownMassKg;
  return c;
}

describe("pilotForces", () => {
  it("gives the thrust of the simulated rotor that has reached its setpoint, bit for bit", () => {
    const a = crazyflie();
    a.thrust0 = 0.003;
    a.thrust1 = 2e-6;
    airframePrepare(a);
    const motors = placeF32([-1, -0.25, 0.3333, 1]);
    const forces = place(16);
    pilotForces(command(a, a.massKg), motors, forces);

    const group = place(<i32>AIRFRAME_GROUP_BYTES);
    spreadAirframe(a, group);
    const body = place(4 * 23);
    motorSetpoints<f32>(group, motors, body + 4 * Body.ROTOR);
    for (let i = 0; i < 4; i++) expect<f32>(f32At(forces, i)).toBe(thrustOf<f32>(group, body, i));
  });

  it("gives a heavier drone more, in proportion", () => {
    const a = crazyflie();
    const motors = placeF32([0.5, 0.5, 0.5, 0.5]);
    const own = place(16);
    const heavier = place(16);
    pilotForces(command(a, a.massKg), motors, own);
    pilotForces(command(a, 2.0 * a.massKg), motors, heavier);
    expect<f32>(f32At(own, 2)).toBeGreaterThan(0.07);
    expect<f32>(f32At(heavier, 2)).toBe(2.0 * f32At(own, 2));
  });
});
