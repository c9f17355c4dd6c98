// A Crazyflie logs what share of the battery's volts its motors get. What the same thrust is as a command of training follows
// from two curves: the motor's, of volts, which Bitcraze measured, and the airframe's, of the rotor.

import { F32s } from "../addresses";
import { clamp } from "../lanes";
import { Airframe } from "../physics/airframe";

/**
 * commands (steps, 4) f32: shares of the PWM as commands in -1 .. 1 on entry, those that lift as much on return. curve (4) f32:
 * N = c0 + c1 v + c2 v^2 + c3 v^3 of a motor at v volts; batteryV (steps) f32.
 */
export function commandsOfPwm(a: Airframe, curve: F32s, batteryV: F32s, commands: F32s, steps: u32): void {
  for (let k: usize = 0; k < 4 * <usize>steps; k++) {
    const at = commands + (k << 2);
    const v = (load<f32>(at) + 1.0) * 0.5 * load<f32>(batteryV + ((k >> 2) << 2));
    const cubic = load<f32>(curve, 8) + v * load<f32>(curve, 12);
    const thrust = max<f32>(load<f32>(curve) + v * (load<f32>(curve, 4) + v * cubic), 0.0);
    store<f32>(at, clamp<f32>((rotorAt(a, thrust) - a.setpointMiddle) / a.setpointHalfRange, -1.0, 1.0));
  }
}

/** The rotor that lifts `thrust`, N; the lowest where none lifts as little. */
function rotorAt(a: Airframe, thrust: f32): f32 {
  const missing = a.thrust0 - thrust;
  if (a.thrust2 == 0.0) return -missing / a.thrust1;
  const discriminant = a.thrust1 * a.thrust1 - 4.0 * a.thrust2 * missing;
  return discriminant < 0.0 ? a.rotorMin : (sqrt<f32>(discriminant) - a.thrust1) / (2.0 * a.thrust2);
}
