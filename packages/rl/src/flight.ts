import {
  AIRFRAMES,
  type Airframe,
  type Core,
  EPISODE_STEPS,
  type Gusts,
  levelGusts,
  type SensorNoise,
  writeAirframe,
  writeGusts,
  writeSensorNoise,
} from "@spikewing/core";
import { ACTION_SIZE, type Actor, OBSERVATION_SIZE, OBSERVATION_WITH_HISTORY_SIZE } from "./actor.js";
import { createEnvironments, type Task, writeTask } from "./task.js";

/** Reference trajectories, with their numbers in the core's namespace Trajectory. */
export const TRAJECTORIES = { hover: 0, circle: 1, "figure-eight": 2, square: 3 } as const;
export type TrajectoryName = keyof typeof TRAJECTORIES;

/** Size (m) and period (s) that L2F's firmware flies; the paper states none. */
export const TRAJECTORY_DEFAULTS = {
  hover: { size: 0, period: 1 },
  circle: { size: 1, period: 5.5 },
  "figure-eight": { size: 1, period: 5.5 },
  square: { size: 0.5, period: 16 },
} as const satisfies Record<TrajectoryName, { size: number; period: number }>;

/** One moment of a flight; arrays are copies. */
export interface FlightState {
  readonly step: number;
  /** m, world, z up. */
  readonly position: Float32Array;
  /** w, x, y, z, body to world. */
  readonly quaternion: Float32Array;
  readonly velocity: Float32Array;
  /** rad/s, body. */
  readonly angularVelocity: Float32Array;
  /** Rotor states in the airframe's unit (rpm or throttle). */
  readonly rotors: Float32Array;
  /** Position (3) and velocity (3) of the target. */
  readonly target: Float32Array;
  /** What was commanded last, [-1, 1]. */
  readonly action: Float32Array;
  /** World force on the drone in the last step, N: episode's, wind, pushes and gusts. */
  readonly force: Float32Array;
  readonly reward: number;
  readonly episodeReturn: number;
  /** The drone has left the bounds of the task at some time in this flight. */
  readonly crashed: boolean;
}

/** One drone flown by one actor, step by step. The same core, task and episode give the same bytes everywhere. */
export interface Flight {
  /** Starts an episode: start and sensor noise are functions of the seed and this number. */
  reset(episode: number): void;
  /** One control period. */
  step(): void;
  /** For a pilot elsewhere: what its sensors show in this period, (18) f32 in the order of training; then stepWith. */
  observe(): Float32Array;
  /** One control period with these motor commands, (4) in [-1, 1], instead of the actor's. */
  stepWith(motors: ArrayLike<number>): void;
  state(): FlightState;
  /** 1 for every neuron that fired in the last step, layer 1 then layer 2; empty for a dense actor. */
  spikes(): Uint8Array;
  /** Membranes of layer 1 then layer 2, q16; empty for a dense actor. */
  membranes(): Int32Array;
  setTarget(position: readonly number[], velocity: readonly number[]): void;
  /** The target follows a trajectory from the next reset on. */
  follow(trajectory: TrajectoryName, size: number, period: number): void;
  /** World force (N) and body torque (N m) on top of what the episode drew, until set again or reset. */
  setDisturbance(force: readonly number[], torque: readonly number[]): void;
  /** Gusts on top of every other force, from the next step on; undefined: calm. */
  setGusts(gusts: Gusts | undefined): void;
  setAirframe(airframe: Airframe): void;
  setSensorNoise(noise: SensorNoise): void;
  /** These motors (0 .. 3) get the lowest command whatever the actor says, until set again. */
  stopMotors(motors: readonly number[]): void;
  /** Address of the batch of environments; the drone is number 0. */
  readonly environments: number;
}

/** Lanes of a batch; the drone is the first. */
const LANES = 4;

/** Where force (3) and torque (3) lie in a body: assembly/physics/rigid-body.ts. */
const FORCE_WORD = 17;

export function createFlight(core: Core, task: Task, actor: Actor, seed: number): Flight {
  const { kernels } = core;
  const blocks = { ...writeTask(core, task), gust: undefined }; // the flight calls its gusts, which may change
  const environments = createEnvironments(core, blocks, LANES, seed);
  const neurons = actor.shape.kind === "spiking" ? actor.shape.hidden[0] + actor.shape.hidden[1] : 0;
  const states = core.allocate(4 * neurons);
  const spikes = core.allocate(neurons);
  const workspace = core.allocate(kernels.actorActBytes(actor.at, 1));
  const body = kernels.environmentBodyAt(environments);
  const action = kernels.environmentActionAt(environments);
  const target = kernels.environmentTargetAt(environments);
  const observation = kernels.environmentObservationAt(environments);
  const scratch = core.allocate(24);
  const gustsMn = task.variation?.gustsMn ?? 0;
  const gustBlock = writeGusts(core, levelGusts(gustsMn / 1000), AIRFRAMES[task.airframe].stepS);
  const gusts = core.allocate(kernels.gustsBytes(LANES));
  kernels.gustsInit(gusts, environments, gustBlock);
  let gusty = gustsMn > 0;
  let step = 0;
  let episodeReturn = 0;
  let reward = 0;
  let crashed = false;
  let stopped: readonly number[] = [];
  let drawn: Float32Array = new Float32Array(6); // force and torque of the episode
  let steady = drawn;
  let path: { kind: number; size: number; period: number } | undefined;

  /** Words first .. first + count - 1 of the drone, out of a structure of arrays. */
  const words = (at: number, first: number, count: number) =>
    Float32Array.from({ length: count }, (_, i) => core.f32(at + 4 * LANES * (first + i), 1)[0]!);
  const setWords = (at: number, first: number, values: ArrayLike<number>) => {
    for (let i = 0; i < values.length; i++) core.f32(at + 4 * LANES * (first + i), 1)[0] = values[i]!;
  };
  /** Force and torque without gusts. */
  const setSteady = (values: Float32Array) => {
    steady = values;
    setWords(body, FORCE_WORD, values);
    kernels.gustsHold(gusts, 0);
  };
  const moveTarget = () => {
    if (!path) return;
    kernels.trajectoryTarget(
      path.kind,
      step * AIRFRAMES[task.airframe].stepS,
      path.size,
      path.period,
      scratch,
    );
    setWords(target, 0, core.f32(scratch, 6));
  };

  /** Moves the drone by what stands at `action`. */
  const advance = () => {
    for (const motor of stopped) core.f32(action, ACTION_SIZE)[motor] = -1;
    if (gusty) kernels.gustsStep(gusts);
    kernels.environmentsStep(environments);
    step++;
    reward = kernels.environmentReward(environments, 0);
    episodeReturn += reward;
    crashed ||= core.bytes(kernels.environmentTerminatedAt(environments), 1)[0] !== 0;
    moveTarget();
  };

  return {
    environments,

    reset(episode) {
      for (let i = 0; i < LANES; i++) kernels.environmentReset(environments, i, episode);
      core.bytes(states, 4 * neurons).fill(0);
      step = 0;
      episodeReturn = 0;
      reward = 0;
      crashed = false;
      drawn = words(body, FORCE_WORD, 6);
      setSteady(drawn);
      moveTarget();
    },

    step() {
      kernels.environmentsObserve(environments);
      kernels.actorAct(
        actor.at,
        observation,
        4 * OBSERVATION_WITH_HISTORY_SIZE,
        1,
        0,
        states,
        action,
        workspace,
      );
      advance();
    },
    observe() {
      kernels.environmentsObserve(environments);
      return core.f32(observation, OBSERVATION_SIZE).slice();
    },
    stepWith(motors) {
      core.f32(action, ACTION_SIZE).set(motors);
      advance();
    },

    state: () => ({
      step,
      position: words(body, 0, 3),
      quaternion: words(body, 3, 4),
      velocity: words(body, 7, 3),
      angularVelocity: words(body, 10, 3),
      rotors: words(body, 13, 4),
      target: words(target, 0, 6),
      action: core.f32(action, ACTION_SIZE).slice(),
      force: words(body, FORCE_WORD, 3),
      reward,
      episodeReturn,
      crashed,
    }),

    spikes() {
      if (neurons > 0) kernels.policySpikes(actor.image, states, spikes);
      return core.bytes(spikes, neurons).slice();
    },
    membranes: () => core.i32(states, neurons).slice(),

    setTarget(position, velocity) {
      path = undefined;
      setWords(target, 0, [...position, ...velocity]);
    },
    follow(trajectory, size, period) {
      path = { kind: TRAJECTORIES[trajectory], size, period };
    },
    setDisturbance(force, torque) {
      setSteady(Float32Array.from([...force, ...torque], (value, i) => drawn[i]! + value));
    },
    setGusts(next) {
      gusty = next !== undefined;
      if (next) writeGusts(core, next, AIRFRAMES[task.airframe].stepS, gustBlock);
      else setSteady(steady);
    },
    setAirframe: (airframe) => {
      writeAirframe(core, airframe, blocks.airframe);
      kernels.environmentsUseAirframe(environments);
    },
    setSensorNoise: (noise) => {
      writeSensorNoise(core, noise, blocks.noise);
    },
    stopMotors: (motors) => {
      stopped = motors;
    },
  };
}

/** Steps of the example flight that a policy file carries. */
export const EXAMPLE_STEPS = 64;

/** The observations (n, 18) i16 and actions (n, 4) i16 of a flight from rest membranes: a policy file's example. */
export function recordExample(core: Core, task: Task, actor: Actor, steps: number, seed: number) {
  const { kernels } = core;
  const flight = createFlight(core, task, actor, seed);
  flight.reset(0);
  const observations = new Int16Array(steps * OBSERVATION_SIZE);
  const actions = new Int16Array(steps * ACTION_SIZE);
  const quantised = core.allocate(64);
  const state = core.allocate(4 * flight.membranes().length);
  const scratch = core.allocate(kernels.actorActBytes(actor.at, 1));
  const seen = kernels.environmentObservationAt(flight.environments);
  for (let t = 0; t < Math.min(steps, EPISODE_STEPS); t++) {
    flight.step(); // leaves the observation that it acted on in place
    kernels.quantiseObservation(seen, quantised);
    kernels.policyStepInPlace(actor.image, state, quantised, quantised + 40, scratch);
    observations.set(core.i16(quantised, OBSERVATION_SIZE), t * OBSERVATION_SIZE);
    actions.set(core.i16(quantised + 40, ACTION_SIZE), t * ACTION_SIZE);
  }
  return { observations, actions };
}
