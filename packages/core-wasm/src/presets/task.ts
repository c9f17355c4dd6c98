/** How episodes start, what the sensors add, when an episode terminates (docs/REFERENCE.md, section 2). */

/** Uniform ranges are half-widths, each axis. */
export interface Start {
  readonly name: string;
  readonly source: string;
  /** Probability of a start at the origin and level. */
  readonly guidance: number;
  readonly positionM: number;
  /** Largest rotation angle, rad; uniform on SO(3) below it. */
  readonly angleRad: number;
  readonly velocityMPerS: number;
  readonly angularVelocityRadPerS: number;
  /** Standard deviation of the episode's constant force, in weights, and torque, in weights times metre. */
  readonly forceStd: number;
  readonly torqueStd: number;
  /** Both signs of the quaternion occur. */
  readonly bothQuaternionSigns: boolean;
  /** A guided start has zero velocities too. */
  readonly guidanceAtRest: boolean;
  /** Rotors at half range; otherwise each uniform over its range. */
  readonly rotorsAtHalf: boolean;
}

export const STARTS = {
  l2f: {
    name: "l2f",
    source: "learning-to-fly, src/config/parameters.h, orientation_biggest_angle",
    guidance: 0.1,
    positionM: 0.2,
    angleRad: 1.57,
    velocityMPerS: 1,
    angularVelocityRadPerS: 1,
    forceStd: 1 / 20,
    torqueStd: 1 / 10000,
    bothQuaternionSigns: false,
    guidanceAtRest: false,
    rotorsAtHalf: true,
  },
  "l2f-all-around": {
    name: "l2f-all-around",
    source:
      "learning-to-fly, multirotor/parameters/init/default.h, orientation_all_around: l2f with every attitude, upside down too",
    guidance: 0.1,
    positionM: 0.2,
    angleRad: 3.14,
    velocityMPerS: 1,
    angularVelocityRadPerS: 1,
    forceStd: 1 / 20,
    torqueStd: 1 / 10000,
    bothQuaternionSigns: false,
    guidanceAtRest: false,
    rotorsAtHalf: true,
  },
  "l2f-py": {
    name: "l2f-py",
    source: "rl-tools f2252ce, init_90_deg",
    guidance: 0.1,
    positionM: 0.5,
    angleRad: 1.5707963267948966,
    velocityMPerS: 1,
    angularVelocityRadPerS: 1,
    forceStd: 0,
    torqueStd: 0,
    bothQuaternionSigns: true,
    guidanceAtRest: true,
    rotorsAtHalf: false,
  },
} as const satisfies Record<string, Start>;
export type StartName = keyof typeof STARTS;

/** Standard deviation of the Gaussian noise on each observation entry, each step. */
export interface SensorNoise {
  readonly name: string;
  readonly source: string;
  readonly positionM: number;
  readonly rotation: number;
  readonly velocityMPerS: number;
  readonly angularVelocityRadPerS: number;
}

export const SENSOR_NOISES = {
  l2f: {
    name: "l2f",
    source: "learning-to-fly, src/config/parameters.h",
    positionM: 0.001,
    rotation: 0.001,
    velocityMPerS: 0.002,
    angularVelocityRadPerS: 0.002,
  },
  "l2f-py": {
    name: "l2f-py",
    source: "rl-tools f2252ce",
    positionM: 0.05,
    rotation: 0.001,
    velocityMPerS: 0.1,
    angularVelocityRadPerS: 0.2,
  },
  none: {
    name: "none",
    source: "l2f_thesis main",
    positionM: 0,
    rotation: 0,
    velocityMPerS: 0,
    angularVelocityRadPerS: 0,
  },
} as const satisfies Record<string, SensorNoise>;
export type SensorNoiseName = keyof typeof SENSOR_NOISES;

/** An episode terminates when any axis leaves its bound. */
export interface Bounds {
  readonly name: string;
  readonly source: string;
  readonly positionM: number;
  readonly velocityMPerS: number;
  readonly angularVelocityRadPerS: number;
}

export const BOUNDS = {
  l2f: {
    name: "l2f",
    source: "learning-to-fly, and the authors' l2f_gym.py",
    positionM: 0.6,
    velocityMPerS: 1000,
    angularVelocityRadPerS: 1000,
  },
  "l2f-py": {
    name: "l2f-py",
    source: "rl-tools f2252ce",
    positionM: 2,
    velocityMPerS: 5,
    angularVelocityRadPerS: 35,
  },
} as const satisfies Record<string, Bounds>;
export type BoundsName = keyof typeof BOUNDS;

/** Steps of an episode that nothing ends (paper 4.1: 5 s at 100 Hz). */
export const EPISODE_STEPS = 500;
