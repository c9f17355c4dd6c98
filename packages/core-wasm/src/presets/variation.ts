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

/** The core's fields of each range, and its unit; what they are without a range changes nothing. */
export const VARIED = [
  { name: "mass", low: "massLow", high: "massHigh", unit: 1 },
  { name: "inertia", low: "inertiaLow", high: "inertiaHigh", unit: 1 },
  { name: "thrust", low: "thrustLow", high: "thrustHigh", unit: 1 },
  { name: "torqueRatio", low: "torqueRatioLow", high: "torqueRatioHigh", unit: 1 },
  { name: "motorRise", low: "motorRiseLow", high: "motorRiseHigh", unit: 1 },
  { name: "motorFall", low: "motorFallLow", high: "motorFallHigh", unit: 1 },
  { name: "arm", low: "armLow", high: "armHigh", unit: 1 },
  { name: "batteryV", low: "batteryLow", high: "batteryHigh", unit: 1 / FULL_BATTERY_V },
  { name: "windMn", low: "windLow", high: "windHigh", unit: 1e-3 },
  { name: "yawUnm", low: "yawLow", high: "yawHigh", unit: 1e-6 },
] as const;
