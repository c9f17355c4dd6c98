import { commandsOfPwm } from "../link/logged-commands";
import { ForceCommand, pilotForces } from "../link/pilot-forces";
import { airframePrepare } from "../physics/airframe";
import { expectWithin, f32At, make, placeF32 } from "./arena";
import { crazyflie } from "./crazyflie";

describe("commandsOfPwm", () => {
  it("gives the command whose force is that of the PWM at the battery's volts", () => {
    const a = crazyflie();
    a.thrust0 = 0.001;
    a.thrust1 = 1e-6;
    airframePrepare(a);
    const curve = placeF32([-0.02, 0.06, -0.02, 0.006]);
    const volts = placeF32([4.0, 3.5]);
    const commands = placeF32([0.0, -0.5, 0.5, 0.25, 0.0, -0.5, 0.5, 0.25]);
    const shares: StaticArray<f64> = [0.5, 0.25, 0.75, 0.625];
    commandsOfPwm(a, curve, volts, commands, 2);
    const command = make<ForceCommand>();
    command.rotorMax = a.rotorMax;
    command.thrust0 = a.thrust0;
    command.thrust1 = a.thrust1;
    command.thrust2 = a.thrust2;
    command.massKg = a.massKg;
    command.flownMassKg = a.massKg;
    for (let step = 0; step < 2; step++) {
      const forces = placeF32([0, 0, 0, 0]);
      pilotForces(command, commands + 16 * step, forces);
      for (let i = 0; i < 4; i++) {
        const v = shares[i] * <f64>f32At(volts, step);
        const wanted = -0.02 + 0.06 * v - 0.02 * v * v + 0.006 * v * v * v;
        expectWithin(f32At(forces, i), wanted, 1e-6, "motor " + i.toString());
      }
    }
  });

  it("stays within the airframe's range", () => {
    const commands = placeF32([-1.0, 1.0, 1.0, 1.0]);
    const curve = placeF32([-0.02, 0.06, -0.02, 0.006]);
    commandsOfPwm(crazyflie(), curve, placeF32([4.2]), commands, 1);
    expect<f32>(f32At(commands, 0)).toBe(-1.0);
    expect<f32>(f32At(commands, 1)).toBe(1.0);
  });
});
