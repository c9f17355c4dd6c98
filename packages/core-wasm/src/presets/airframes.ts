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

export const AIRFRAMES = { "crazyflie-l2f": L2F, "crazyflie-l2f-py": L2F_PY } as const;
export type AirframeName = keyof typeof AIRFRAMES;
