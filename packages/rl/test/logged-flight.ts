import { readFileSync } from "node:fs";
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
];

/** A flight of `seconds` as cfclient would log it at 100 Hz, by the shipped policy on the drone of `varied`; `noise` in
 * metres a second, radians and a tenth of metres. */
export function loggedFlight(varied: Partial<Task>, seconds: number, noise = 0): string {
  const { core, pool } = createNodePool(1);
  const task: Task = { ...DEFAULT_TASK, start: "l2f-py", sensorNoise: "none", ...varied };
  const flight = createFlight(core, task, loadPolicy(core, decodePolicy(readFileSync(POLICY), "snn")), 7);
  flight.reset(0);
  flight.setDisturbance([0.004, -0.003, 0], [4e-6, -2e-6, 3e-6]);
  const lines = [LOG_HEADER.join(",")];
  let draws = 1;
  const noisy = (values: ArrayLike<number>, scale: number) =>
    Array.from(values, (value) => {
      draws = (draws * 48271) % 2147483647; // Lehmer's generator
      return value + scale * noise * (2 * (draws / 2147483647) - 1);
    });
  for (let t = 0; t < seconds * 100; t++) {
    flight.setTarget(TARGETS[Math.floor(t / (100 * HOLD_S)) % TARGETS.length]!, [0, 0, 0]);
    const { position, quaternion, velocity, angularVelocity } = flight.state();
    flight.step();
    const states = [
      ...noisy(position, 0.1),
      ...noisy(quaternion, 0.5),
      ...noisy(velocity, 1),
      ...noisy(angularVelocity, 5).map((value) => (value * 180) / Math.PI),
    ];
    const pwm = [...flight.state().action].map((value) => Math.round(32767.5 * (value + 1)));
    lines.push([10 * t, ...states.map((value) => value.toFixed(5)), ...pwm].join(","));
  }
  pool.close();
  return lines.join("\n");
}
