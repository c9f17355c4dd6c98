// On the Crazyflie: the force that a command meant in training. Its firmware has a measured curve of its own, from force to
// the voltage of a motor, and compensates the battery; so it is asked for newtons, not for a share of the PWM.

/** Of the drone that the policy was trained on, and of the one that it flies. The first six are an Airframe's. */
@unmanaged
export abstract class ForceCommand {
  rotorMin: f32; // rpm or throttle, as the thrust curve takes it
  rotorMax: f32;
  thrust0: f32; // N, of one rotor: thrust0 + thrust1 r + thrust2 r^2
  thrust1: f32;
  thrust2: f32;
  massKg: f32;
  flownMassKg: f32;
}

/**
 * forces (4) f32, N, of command (7) f32, a ForceCommand, and motors (4) f32 in -1 .. 1. A heavier drone is given more in
 * proportion: the policy finds the accelerations of its training. They must not overlap.
 */
export function pilotForces(command: ForceCommand, motors: usize, forces: usize): void {
  const halfRange = (command.rotorMax - command.rotorMin) * 0.5;
  const middle = (command.rotorMax + command.rotorMin) * 0.5;
  const scale = command.flownMassKg / command.massKg;
  for (let i: usize = 0; i < 16; i += 4) {
    const r = load<f32>(motors + i) * halfRange + middle;
    // In the order of physics/rigid-body.ts.
    const thrust = command.thrust1 * r + command.thrust0 + command.thrust2 * (r * r);
    store<f32>(forces + i, thrust * scale);
  }
}
