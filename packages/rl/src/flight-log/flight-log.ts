/** Numbers of a row: position (3, m), quaternion (4), velocity (3, m/s, world), angular velocity (3, rad/s, body). */
export const STATE_WORDS = 13;
export const MOTORS = 4;

/** A flight as control periods: row t of `states` is the state before the motors got row t of `commands`. */
export interface FlightLog {
  readonly steps: number;
  readonly stepS: number;
  /** (steps, 13) */
  readonly states: Float64Array;
  /** (steps, 4) in [-1, 1] of the airframe's rotor range. */
  readonly commands: Float64Array;
}
