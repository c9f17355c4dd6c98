import { ACTION_WORDS, LOGGED_WORDS, TARGET_WORDS } from "@spikewing/core";

/** Numbers of a row: position (3, m), quaternion (4), velocity (3, m/s, world), angular velocity (3, rad/s, body). */
export const STATE_WORDS = LOGGED_WORDS;
export const MOTORS = ACTION_WORDS;
export { TARGET_WORDS };

export interface PwmThrust {
  /** N over volts, constant first. */
  readonly curve: readonly number[];
  readonly batteryV: Float64Array;
}

/** A flight as control periods: row t of `states` is the state before the motors got row t of `commands`. */
export interface FlightLog {
  /** What a message calls it, and its file's digest. */
  readonly place: string;
  readonly sha256: string;
  readonly steps: number;
  readonly stepS: number;
  /** (steps, 13) */
  readonly states: Float64Array;
  /** (steps, 4) in [-1, 1] of the airframe's rotor range. */
  readonly commands: Float64Array;
  /** Where the commands are shares of the PWM: what a motor lifts at the battery's volts (steps), if that is known. */
  readonly pwm: "of unknown thrust" | PwmThrust | undefined;
  /** (steps, 6), position (m) and velocity (m/s) to hold; undefined where nobody says where the drone was to be. */
  readonly targets: Float64Array | undefined;
}
