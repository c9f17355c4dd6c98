/** A quadrotor in SI units. Thrust of one rotor: thrust[0] + thrust[1] r + thrust[2] r^2 newton. */
export interface Airframe {
  readonly name: string;
  readonly source: string;
  readonly massKg: number;
  /** Principal moments of inertia, kg m^2. */
  readonly inertia: readonly [number, number, number];
  readonly thrust: readonly [number, number, number];
  /** Yaw torque per thrust, m. */
  readonly torquePerThrust: number;
  /** Distance of every rotor from the x and from the y axis, m. */
  readonly armM: number;
  /** Range of the rotor state: rpm, or throttle where the thrust curve takes throttle. */
  readonly rotorRange: readonly [number, number];
  /** Time constants of the motor lag, s: speeding up, slowing down. */
  readonly motorLagS: readonly [number, number];
  /** Integration step and control period, s. */
  readonly stepS: number;
}

const L2F: Airframe = {
  name: "crazyflie-l2f",
  source: "arplaboratory/learning-to-fly, parameters/dynamics/crazy_flie.h (Eschmann et al. 2024)",
  massKg: 0.027,
  inertia: [3.85e-6, 3.85e-6, 5.9675e-6],
  thrust: [0, 0, 3.16e-10],
  torquePerThrust: 0.005964552,
  armM: 0.028,
  rotorRange: [0, 21702],
  motorLagS: [0.15, 0.15],
  stepS: 0.01,
};

const L2F_PY: Airframe = {
  name: "crazyflie-l2f-py",
  source: "rl-tools/rl-tools f2252ce, parameters/dynamics/crazyflie.h: the simulator of the paper's authors",
  massKg: 0.027,
  inertia: [1.029e-5, 1.105e-5, 2.005e-5],
  thrust: [0.0213, -0.0112, 0.1201],
  torquePerThrust: 0.004665,
  armM: 0.028,
  rotorRange: [0, 1],
  motorLagS: [0.072, 0.072],
  stepS: 0.01,
};

/** An estimate, as no source weighs it: a Teensy 4.0 with its carrier and wires, in the middle of the drone. */
const TEENSY_KG = 0.005;

const scaled = ([c0, c1, c2]: Airframe["thrust"], factor: number): Airframe["thrust"] => [
  factor * c0,
  factor * c1,
  factor * c2,
];

/** Its inertia is that of the bare drone: the board adds less than a tenth, and mostly about z. */
const withTeensy = (airframe: Airframe, name: string): Airframe => ({
  ...airframe,
  name,
  source: `${airframe.source}; with the mass of a Teensy 4.0, estimated`,
  massKg: airframe.massKg + TEENSY_KG,
});

const L2F_ALTERED: Airframe = {
  ...withTeensy(L2F, "crazyflie-l2f-altered"),
  source:
    "the paper's altered drone: crazyflie-l2f with 40 % more thrust (20 mm motors, first submission) and the mass of a Teensy 4.0, estimated",
  thrust: scaled(L2F.thrust, 1.4),
};

const RL_TOOLS_2026: Airframe = {
  name: "crazyflie-2026",
  source: "rl-tools/rl-tools, February 2026, parameters/dynamics/crazyflie.h",
  massKg: 0.027 + 0.0017 + 0.0003 + 0.0016, // take-off, SD card deck, SD card, flow deck
  inertia: [9.416556729130406e-6, 9.644051701582312e-6, 1.745951732253285e-5],
  thrust: [0.00352526, 0.01437313, 0.09223048],
  torquePerThrust: 0.004665,
  armM: 0.028,
  rotorRange: [0, 1],
  motorLagS: [0.05545454545454546, 0.24939393939393945],
  stepS: 0.01,
};

const MEASURED: Airframe = {
  name: "crazyflie-21",
  source:
    "Foerster 2015 (BSc thesis, ETH Zurich) for inertia, thrust over PWM and torque per thrust, as controller_lee.c and other firmware have them; mass by Bitcraze; motor lag of crazyflie-2026",
  massKg: 0.027,
  inertia: [16.57171e-6, 16.655602e-6, 29.261652e-6],
  thrust: [0, 0.067673604, 0.091492681],
  torquePerThrust: 0.005964552,
  armM: 0.0283,
  rotorRange: [0, 1],
  motorLagS: RL_TOOLS_2026.motorLagS,
  stepS: 0.01,
};

/** Drones by name, each with its source. */
export const AIRFRAMES = {
  "crazyflie-l2f": L2F,
  "crazyflie-l2f-py": L2F_PY,
  "crazyflie-l2f-altered": L2F_ALTERED,
  "crazyflie-2026": RL_TOOLS_2026,
  "crazyflie-21": MEASURED,
  "crazyflie-21-teensy": withTeensy(MEASURED, "crazyflie-21-teensy"),
} as const;
export type AirframeName = keyof typeof AIRFRAMES;
