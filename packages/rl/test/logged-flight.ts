import { readFileSync } from "node:fs";
import { AIRFRAMES } from "@spikewing/core";
import { createNodePool } from "@spikewing/core/node";
import { createFlight, DEFAULT_TASK, decodePolicy, loadPolicy, type Task } from "../src/index.js";

const POLICY = new URL("../policies/snn.safetensors", import.meta.url);
/** The target jumps this often, so that the drone pitches, rolls, climbs and turns. */
const HOLD_S = 0.7;
const TARGETS = [
  [0.2, 0, 0.1],
  [0, -0.2, -0.1],
  [-0.15, 0.15, 0.15],
  [0, 0, -0.15],
  [0.1, 0.1, 0],
] as const;

export const LOG_HEADER = [
  "Timestamp",
  ...["x", "y", "z", "qw", "qx", "qy", "qz", "vx", "vy", "vz"].map((name) => `stateEstimate.${name}`),
  ...["x", "y", "z"].map((axis) => `gyro.${axis}`),
  ...[1, 2, 3, 4].map((motor) => `motor.m${motor}`),
  "pm.vbat",
];

/** What the air does at a time, s: force (N, world) and torque (N m, body). */
export type Air = (time: number) => readonly [force: readonly number[], torque: readonly number[]];
const STEADY_AIR: Air = () => [
  [0.004, -0.003, 0],
  [4e-6, -2e-6, 3e-6],
];

/** The share of the PWM by which a motor with this curve lifts what the command means on the airframe. */
export function pwmShare(command: number, curve: readonly number[], volts: number): number {
  const { rotorRange, thrust } = AIRFRAMES["crazyflie-l2f"];
  const rotor = rotorRange[0] + ((command + 1) / 2) * (rotorRange[1] - rotorRange[0]);
  const wanted = thrust[0] + rotor * (thrust[1] + rotor * thrust[2]);
  let [low, high] = [0.5, 6];
  for (let i = 0; i < 50; i++) {
    const v = (low + high) / 2;
    if (curve[0]! + v * (curve[1]! + v * (curve[2]! + v * curve[3]!)) < wanted) low = v;
    else high = v;
  }
  return low / volts;
}

export interface Logging {
  /** Metres a second, radians and a tenth of metres. */
  readonly noise?: number;
  readonly air?: Air;
  /** The motors' curve, and the battery's volts at a time, s; without, the share of the PWM is that of the rotor's range. */
  readonly battery?: { readonly curve: readonly number[]; readonly volts: (time: number) => number };
}

/** A flight of `seconds` as cfclient would log it at 100 Hz, by the shipped policy on the drone of `varied`. */
export function loggedFlight(
  varied: Partial<Task>,
  seconds: number,
  { noise = 0, air = STEADY_AIR, battery }: Logging = {},
): string {
  const { core, pool } = createNodePool(1);
  const task: Task = { ...DEFAULT_TASK, start: "l2f-py", sensorNoise: "none", ...varied };
  const flight = createFlight(core, task, loadPolicy(core, decodePolicy(readFileSync(POLICY), "snn")), 7);
  flight.reset(0);
  const lines = [LOG_HEADER.join(",")];
  let draws = 1;
  const noisy = (values: ArrayLike<number>, scale: number) =>
    Array.from(values, (value) => {
      draws = (draws * 48271) % 2147483647; // Lehmer's generator
      return value + scale * noise * (2 * (draws / 2147483647) - 1);
    });
  for (let t = 0; t < seconds * 100; t++) {
    flight.setDisturbance(...air(t / 100));
    flight.setTarget(TARGETS[Math.floor(t / (100 * HOLD_S)) % TARGETS.length]!, [0, 0, 0]);
    const { position, quaternion, velocity, angularVelocity } = flight.state();
    flight.step();
    const states = [
      ...noisy(position, 0.1),
      ...noisy(quaternion, 0.5),
      ...noisy(velocity, 1),
      ...noisy(angularVelocity, 5).map((value) => (value * 180) / Math.PI),
    ];
    const volts = battery?.volts(t / 100) ?? 4;
    const shareOf = (command: number) =>
      battery ? pwmShare(command, battery.curve, volts) : (command + 1) / 2;
    const pwm = [...flight.state().action].map((command) => Math.round(65535 * shareOf(command)));
    lines.push([10 * t, ...states.map((value) => value.toFixed(5)), ...pwm, volts.toFixed(3)].join(","));
  }
  pool.close();
  return lines.join("\n");
}
