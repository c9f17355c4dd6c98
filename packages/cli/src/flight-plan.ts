import { levelGusts } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import {
  airframeOf,
  createFlight,
  type FlightState,
  loadPolicy,
  type Policy,
  type Task,
  TRAJECTORY_DEFAULTS,
  type TrajectoryName,
} from "@spikewing/rl";

/** What to fly; size in m, period in s, gusts (standard deviation of their force) in mN. */
export interface FlightPlan {
  readonly trajectory: TrajectoryName;
  readonly size: number;
  readonly period: number;
  readonly seconds: number;
  readonly seed: number;
  readonly gusts: number;
}

export interface FlightSample extends FlightState {
  readonly t: number;
  /** 1 for every neuron that fired in the step, layer after layer; empty of a pilot elsewhere, who tells none. */
  readonly spikes: Uint8Array;
}

/** Size and period as L2F's firmware has them, and two rounds with time to settle, where nothing else is asked for. */
export function planFlight(flags: Partial<FlightPlan>): FlightPlan {
  const trajectory = flags.trajectory ?? "figure-eight";
  const { size, period } = TRAJECTORY_DEFAULTS[trajectory];
  const wanted = { size: flags.size ?? size, period: flags.period ?? period };
  const seconds = flags.seconds ?? (trajectory === "hover" ? 5 : 2 * wanted.period + 2);
  return { trajectory, ...wanted, seconds, seed: flags.seed ?? 0, gusts: flags.gusts ?? 0 };
}

/** Farther than this from its target, m, a drone is lost and its flight over. */
const LOST_M = 5;

/** Control periods of a plan, where the drone is not lost. */
export const stepsOf = ({ seconds }: FlightPlan, stepS: number): number => Math.round(seconds / stepS);

/** Flies one episode from the policy's rest; with a pilot elsewhere, if one is given. `tell` hears of every step. */
export async function flyPlan(
  policy: Policy,
  task: Task,
  plan: FlightPlan,
  pilot?: { step(observation: Float32Array): Promise<Float32Array> },
  tell?: (step: number) => void,
): Promise<FlightSample[]> {
  const core = loadCore();
  const flight = createFlight(core, task, loadPolicy(core, policy), plan.seed);
  const { stepS } = airframeOf(task.airframe);
  flight.follow(plan.trajectory, plan.size, plan.period);
  flight.reset(0);
  if (plan.gusts > 0) flight.setGusts(levelGusts(plan.gusts / 1000));
  const spikes = () => (pilot ? new Uint8Array(0) : flight.spikes());
  const samples: FlightSample[] = [{ t: 0, ...flight.state(), spikes: spikes() }];
  for (let step = 1; step <= stepsOf(plan, stepS); step++) {
    tell?.(step);
    if (pilot) flight.stepWith(await pilot.step(flight.observe()));
    else flight.step();
    const state = flight.state();
    const height = state.position[2]! - state.target[2]!;
    if (!(Math.hypot(errorXy(state), height) <= LOST_M)) break; // NaN is lost too
    samples.push({ t: step * stepS, ...state, spikes: spikes() });
  }
  return samples;
}

/** Distance to the target in the horizontal plane, m. */
export function errorXy({ position, target }: FlightState): number {
  return Math.hypot(position[0]! - target[0]!, position[1]! - target[1]!);
}

export function summariseFlight(samples: readonly FlightSample[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const lost = samples.find(({ crashed }) => crashed);
  return {
    meanPositionErrorXyM: mean(samples.map(errorXy)),
    meanHeightErrorM: mean(samples.map(({ position, target }) => Math.abs(position[2]! - target[2]!))),
    /** When the drone first left the bounds of its task; null if never. */
    leftBoundsAtS: lost?.t ?? null,
    steps: samples.length - 1,
    episodeReturn: samples.at(-1)!.episodeReturn,
  };
}

const AXES = ["x", "y", "z"] as const;
const CSV_COLUMNS = [
  "t",
  ...AXES.map((axis) => `position_${axis}`),
  ...AXES.map((axis) => `target_${axis}`),
  ...AXES.map((axis) => `target_velocity_${axis}`),
  ...["w", ...AXES].map((part) => `quaternion_${part}`),
  ...AXES.map((axis) => `velocity_${axis}`),
  ...AXES.map((axis) => `angular_velocity_${axis}`),
  ...[1, 2, 3, 4].map((rotor) => `rotor_${rotor}`),
  ...[1, 2, 3, 4].map((rotor) => `action_${rotor}`),
  "reward",
];

/** SI units, rotors in the airframe's; f32 values with the digits that tell them apart. */
export function flightCsv(samples: readonly FlightSample[]): string {
  const rows = samples.map((sample) =>
    [
      ...sample.position,
      ...sample.target,
      ...sample.quaternion,
      ...sample.velocity,
      ...sample.angularVelocity,
      ...sample.rotors,
      ...sample.action,
      sample.reward,
    ].map((value) => Number(value.toPrecision(9))),
  );
  const lines = rows.map((row, i) => [Number(samples[i]!.t.toFixed(6)), ...row].join(","));
  return `${[CSV_COLUMNS.join(","), ...lines].join("\n")}\n`;
}
