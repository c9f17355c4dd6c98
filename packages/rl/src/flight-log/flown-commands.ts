import { type Address, type Core, ACTION_WORDS as MOTORS } from "@spikewing/core";
import type { FlightLog } from "./flight-log.js";
import { THRUST_COEFFICIENTS } from "./log-columns.js";

/**
 * The commands of a log, (steps, 4) in [-1, 1] of the airframe's rotor range: where it is known what its motors lift at the
 * battery's volts, those that lift as much by the airframe's own curve.
 */
export function flownCommands(core: Core, airframe: Address<"Airframe">, log: FlightLog): Float32Array {
  if (typeof log.pwm !== "object") return Float32Array.from(log.commands);
  const curve = core.allocate("F32s", THRUST_COEFFICIENTS);
  const batteryV = core.allocate("F32s", log.steps);
  const commands = core.allocate("F32s", MOTORS * log.steps);
  core.f32(curve, THRUST_COEFFICIENTS).set(log.pwm.curve);
  core.f32(batteryV, log.steps).set(log.pwm.batteryV);
  const words = core.f32(commands, MOTORS * log.steps);
  words.set(log.commands);
  core.kernels.commandsOfPwm(airframe, curve, batteryV, commands, log.steps);
  return words.slice();
}
