/**
 * How the episodes of a task differ from one another beyond their starts (assembly/task/variation.ts): every value is drawn
 * once an episode, uniform from the first to the second number. What is left out does not vary.
 */
export interface Variation {
  /** Factors on the airframe's constants. */
  readonly mass?: Range | undefined;
  /** On all three axes alike. */
  readonly inertia?: Range | undefined;
  readonly thrust?: Range | undefined;
  readonly torqueRatio?: Range | undefined;
  /** Time constants of the motors, speeding up and slowing down. */
  readonly motorRise?: Range | undefined;
  readonly motorFall?: Range | undefined;
  readonly arm?: Range | undefined;
  /** V of the single cell, under load. FULL_BATTERY_V is what the airframes' rotor ranges are of. */
  readonly batteryV?: Range | undefined;
  /** Steady force in a horizontal direction of the episode's own, mN. */
  readonly windMn?: Range | undefined;
  /** Steady torque about body z, uN m. */
  readonly yawUnm?: Range | undefined;
  /** Standard deviation of gusts in every episode, mN (levelGusts). */
  readonly gustsMn?: number | undefined;
  /** Factor on the sensor noise of every episode. */
  readonly noise?: number | undefined;
  /** Standard deviations of what each axis of a sensor is off by, all through the episode. */
  readonly sensorBias?:
    | {
        readonly positionM: number;
        readonly velocityMPerS: number;
        readonly angularVelocityRadPerS: number;
      }
    | undefined;
}
export type Range = readonly [low: number, high: number];

/** A rotor's speed goes with the voltage: the rotor ranges of the airframes are those of a full cell. */
export const FULL_BATTERY_V = 4.2;

/** Names in the order of the core's block, the core's unit for each, and the value that changes nothing. */
export const VARIED = [
  { name: "mass", unit: 1, neutral: 1 },
  { name: "inertia", unit: 1, neutral: 1 },
  { name: "thrust", unit: 1, neutral: 1 },
  { name: "torqueRatio", unit: 1, neutral: 1 },
  { name: "motorRise", unit: 1, neutral: 1 },
  { name: "motorFall", unit: 1, neutral: 1 },
  { name: "arm", unit: 1, neutral: 1 },
  { name: "batteryV", unit: 1 / FULL_BATTERY_V, neutral: FULL_BATTERY_V },
  { name: "windMn", unit: 1e-3, neutral: 0 },
  { name: "yawUnm", unit: 1e-6, neutral: 0 },
] as const;
