import {
  ACTION_WORDS,
  type Address,
  type Airframe,
  airframeFields,
  Body,
  type Core,
  EPISODE_STEPS,
  type Gusts,
  gustFields,
  layerMembranes,
  levelGusts,
  NO_ARRAY,
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
  type SensorNoise,
  TARGET_WORDS,
  Trajectory,
} from "@spikewing/core";
import type { Actor } from "./actor.js";
import { airframeOf } from "./airframe.js";
import { LANES, readWords, writeWords } from "./drone-words.js";
import { type ErrorSplit, errorSplit, readSplit, SETTLED_S } from "./error-split.js";
import { widthsOf } from "./layers.js";
import { type Task, writeTask } from "./task.js";

/** Reference trajectories. */
export const TRAJECTORIES = {
  hover: Trajectory.HOVER,
  circle: Trajectory.CIRCLE,
  "figure-eight": Trajectory.FIGURE_EIGHT,
  "figure-eight-l2f": Trajectory.FIGURE_EIGHT,
  square: Trajectory.SQUARE,
} as const;
export type TrajectoryName = keyof typeof TRAJECTORIES;

/**
 * Size (m) and period (s). The paper states none; L2F's firmware flies figure-eight-l2f, 2 m wide and 1 m deep, and the
 * square. figure-eight is half as large, at half the speed.
 */
export const TRAJECTORY_DEFAULTS = {
  hover: { size: 0, period: 1 },
  circle: { size: 1, period: 5.5 },
  "figure-eight": { size: 1, period: 5.5 },
  "figure-eight-l2f": { size: 2, period: 5.5 },
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
  /** What step() has shown to the actor, (18) f32. */
  sensed(): Float32Array;
  /** One control period with these motor commands, (4) in [-1, 1], instead of the actor's. */
  stepWith(motors: ArrayLike<number>): void;
  state(): FlightState;
  /** What the position error so far is made of. */
  errorSplit(): ErrorSplit;
  /** Something was done to the drone: the error split calls what follows catching, for SETTLED_S. */
  disturb(): void;
  /** What it adds up. */
  readonly errors: Address<"ErrorSplit">;
  /** 1 for every neuron that fired in the last step, layer after layer; empty for an actor that does not spike. */
  spikes(): Uint8Array;
  /** Membranes of layer after layer, q16; empty for an actor that does not spike. */
  membranes(): Int32Array;
  setTarget(position: readonly number[], velocity: readonly number[]): void;
  /** The target follows a trajectory from the next reset on. */
  follow(trajectory: TrajectoryName, size: number, period: number): void;
  /** World force (N) and body torque (N m) on top of what the episode drew, until set again or reset. */
  setDisturbance(force: readonly number[], torque: readonly number[]): void;
  /** Whether what the episode drew acts at all, from the next setDisturbance() on; it does until told otherwise. */
  holdDrawn(isHeld: boolean): void;
  /** Gusts on top of every other force, from the next step on; undefined: calm. */
  setGusts(gusts: Gusts | undefined): void;
  setAirframe(airframe: Airframe): void;
  setSensorNoise(noise: SensorNoise): void;
  /** These motors (0 .. 3) get the lowest command whatever the actor says, until set again. */
  stopMotors(motors: readonly number[]): void;
  /** Address of the batch of environments; the drone is number 0. */
  readonly environments: Address<"Environments">;
}

/** Lays out one drone of a task; reset() begins a flight. */
export function createFlight(core: Core, task: Task, actor: Actor, seed: number): Flight {
  const { kernels } = core;
  const blocks = writeTask(core, task);
  const environments = core.create("Environments", { n: LANES, seed, ...blocks.fields });
  const widths = actor.shape.kind === "spiking" ? widthsOf(actor.shape) : [];
  const neurons = widths.reduce((sum, width) => sum + width, 0);
  const stateBytes = kernels.actorStateBytes(actor.at);
  const states = core.allocate("Scratch", stateBytes);
  const spikes = core.allocate("U8s", neurons);
  const workspace = core.allocate("Scratch", kernels.actorActBytes(actor.at, 1));
  const { body, action, target, observation, terminated } = core.view("Environments", environments);
  const onPath = core.allocate("F32s", TARGET_WORDS);
  const gustsMn = task.variation?.gustsMn ?? 0; // the flight calls its gusts, which may change
  const gust = core.create("Gust", gustFields(levelGusts(gustsMn / 1000), airframeOf(task.airframe).stepS));
  const gusts = core.create("Gusts", { environments, gust });
  const settleSteps = Math.round(SETTLED_S / airframeOf(task.airframe).stepS);
  const errors = core.create("ErrorSplit", { environments, drone: 0, settleSteps });
  let gusty = gustsMn > 0;
  let step = 0;
  let episodeReturn = 0;
  let reward = 0;
  let crashed = false;
  let stopped: readonly number[] = [];
  let drawn: Float32Array = new Float32Array(6); // force and torque of the episode
  let steady = drawn;
  let drawnActs = true;
  let path: { kind: number; size: number; period: number } | undefined;

  // The drone is the first of a batch.
  const words = (at: Address<"F32s">, first: number, count: number) =>
    readWords(core, at, LANES, 0, first, count);
  const setWords = (at: Address<"F32s">, first: number, values: ArrayLike<number>) =>
    writeWords(core, at, LANES, 0, first, values);
  /** Force and torque without gusts. */
  const setSteady = (values: Float32Array) => {
    steady = values;
    setWords(body, Body.FORCE, values);
    kernels.gustsHold(gusts, 0);
  };
  const moveTarget = () => {
    if (!path) return;
    kernels.trajectoryTarget(
      path.kind,
      step * airframeOf(task.airframe).stepS,
      path.size,
      path.period,
      onPath,
    );
    setWords(target, 0, core.f32(onPath, TARGET_WORDS));
  };

  /** Moves the drone by what stands at `action`. */
  const advance = () => {
    for (const motor of stopped) core.f32(action, ACTION_WORDS)[motor] = -1;
    if (gusty) kernels.gustsStep(gusts);
    kernels.environmentsStep(environments);
    step++;
    reward = kernels.environmentReward(environments, 0);
    episodeReturn += reward;
    crashed ||= core.bytes(terminated, 1)[0] !== 0;
    moveTarget();
    kernels.errorSplitAdd(errors);
  };

  return {
    environments,
    errors,

    reset(episode) {
      for (let i = 0; i < LANES; i++) kernels.environmentReset(environments, i, episode);
      core.bytes(states, stateBytes).fill(0);
      step = 0;
      episodeReturn = 0;
      reward = 0;
      crashed = false;
      drawn = words(body, Body.FORCE, 6);
      setSteady(drawn);
      moveTarget();
      kernels.errorSplitBegin(errors);
    },

    step() {
      kernels.environmentsObserve(environments);
      kernels.actorAct(
        actor.at,
        observation,
        4 * OBSERVATION_WITH_HISTORY_WORDS,
        1,
        NO_ARRAY,
        states,
        action,
        workspace,
      );
      advance();
    },
    observe() {
      kernels.environmentsObserve(environments);
      return core.f32(observation, OBSERVATION_WORDS).slice();
    },
    sensed: () => core.f32(observation, OBSERVATION_WORDS).slice(),
    stepWith(motors) {
      core.f32(action, ACTION_WORDS).set(motors);
      advance();
    },

    state: () => ({
      step,
      position: words(body, Body.POSITION, 3),
      quaternion: words(body, Body.QUATERNION, 4),
      velocity: words(body, Body.VELOCITY, 3),
      angularVelocity: words(body, Body.ANGULAR_VELOCITY, 3),
      rotors: words(body, Body.ROTOR, 4),
      target: words(target, 0, TARGET_WORDS),
      action: core.f32(action, ACTION_WORDS).slice(),
      force: words(body, Body.FORCE, 3),
      reward,
      episodeReturn,
      crashed,
    }),

    errorSplit: () => errorSplit([readSplit(core, errors)]),
    disturb: () => kernels.errorSplitDisturb(errors),

    spikes() {
      if (neurons > 0) kernels.policySpikes(actor.image, states, spikes);
      return core.bytes(spikes, neurons).slice();
    },
    membranes: () =>
      Int32Array.from(widths.flatMap((_, l) => [...layerMembranes(core, actor.image, l, states)])),

    setTarget(position, velocity) {
      path = undefined;
      setWords(target, 0, [...position, ...velocity]);
    },
    follow(trajectory, size, period) {
      path = { kind: TRAJECTORIES[trajectory], size, period };
    },
    setDisturbance(force, torque) {
      setSteady(Float32Array.from([...force, ...torque], (value, i) => (drawnActs ? drawn[i]! : 0) + value));
    },
    holdDrawn(isHeld) {
      drawnActs = isHeld;
    },
    setGusts(next) {
      gusty = next !== undefined;
      if (next) core.assign("Gust", gust, gustFields(next, airframeOf(task.airframe).stepS));
      else setSteady(steady);
    },
    setAirframe: (airframe) => {
      core.assign("Airframe", blocks.fields.airframe, airframeFields(airframe));
      kernels.environmentsPrepare(environments);
    },
    setSensorNoise: (noise) => {
      core.assign("SensorNoise", blocks.fields.noise, noise);
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
  const flight = createFlight(core, task, actor, seed);
  flight.reset(0);
  const observations = new Int16Array(steps * OBSERVATION_WORDS);
  const actions = new Int16Array(steps * ACTION_WORDS);
  const pilot = core.create("Pilot", { image: actor.image });
  const { observation } = core.view("Environments", flight.environments);
  const { quantised, action } = Object.assign(core.view("Pilot", pilot), { observation });
  for (let t = 0; t < Math.min(steps, EPISODE_STEPS); t++) {
    flight.step(); // leaves the observation that it acted on in place
    core.kernels.pilotStep(pilot);
    observations.set(core.i16(quantised, OBSERVATION_WORDS), t * OBSERVATION_WORDS);
    actions.set(core.i16(action, ACTION_WORDS), t * ACTION_WORDS);
  }
  return { observations, actions };
}
