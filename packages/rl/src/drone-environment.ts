import {
  ACTION_WORDS,
  Body,
  type Core,
  EPISODE_STEPS,
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
} from "@spikewing/core";
import { LANES, readWords } from "./drone-words.js";
import { shown } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";
import { createEnvironments, DEFAULT_TASK, type Task, writeTask } from "./task.js";

// The drone as a task in the shape of Gymnasium (gymnasium.farama.org, 1.0), for trainers of one's own. Every number comes from
// the core, so an episode is the same here, in training and in evaluation.

/** Arrays of this shape, each value within its bounds: gymnasium.spaces.Box. */
export interface Box {
  readonly shape: readonly number[];
  readonly dtype: "float32";
  readonly low: Float32Array;
  readonly high: Float32Array;
}

export interface EnvironmentOptions {
  readonly task?: Task;
  /** Control periods after which an episode is cut off; by default as in evaluation. */
  readonly maxSteps?: number;
  /** The last 32 actions stand behind the observation, as guides have it. */
  readonly history?: boolean;
}

export interface ResetOptions {
  /** From now on; else the seed stays and the next episodes begin. */
  readonly seed?: number;
  /** The first episode: a start and its noise are functions of seed and episode. */
  readonly episode?: number;
}

export interface StepInfo {
  readonly episode: number;
  /** Control periods flown in it. */
  readonly step: number;
}

/** What is true of a drone, without noise: SI units, world frame, body rates; rotors in the airframe's unit. */
export interface DroneState {
  readonly position: Float32Array;
  /** w, x, y, z, body to world. */
  readonly quaternion: Float32Array;
  readonly velocity: Float32Array;
  readonly angularVelocity: Float32Array;
  readonly rotors: Float32Array;
}

/** One drone. */
export interface DroneEnvironment {
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  reset(options?: ResetOptions): { readonly observation: Float32Array; readonly info: StepInfo };
  /** One control period with these motor commands (4). */
  step(action: ArrayLike<number>): {
    readonly observation: Float32Array;
    readonly reward: number;
    /** It has left the bounds: no reward follows. */
    readonly terminated: boolean;
    /** The time is over: reward would have followed. */
    readonly truncated: boolean;
    readonly info: StepInfo;
  };
  state(): DroneState;
}

/** n drones in one call of the core; arrays are rows, a drone each. */
export interface VectorDroneEnvironment {
  readonly environments: number;
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  reset(options?: ResetOptions): { readonly observations: Float32Array; readonly infos: readonly StepInfo[] };
  /**
   * One control period with motor commands (n, 4). A drone whose episode ended in the step before begins its next one
   * instead, whatever its action is, with reward 0: Gymnasium's AutoresetMode.NEXT_STEP.
   */
  step(actions: ArrayLike<number>): {
    readonly observations: Float32Array;
    readonly rewards: Float32Array;
    readonly terminated: readonly boolean[];
    readonly truncated: readonly boolean[];
    readonly infos: readonly StepInfo[];
  };
  state(drone: number): DroneState;
}

const MOST_ENVIRONMENTS = 4096;

function box(shape: readonly number[], bound: number): Box {
  const size = shape.reduce((product, length) => product * length, 1);
  const high = new Float32Array(size).fill(bound);
  return { shape, dtype: "float32", low: high.map((value) => -value), high };
}

function requireInteger(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new SpikewingError(name, `${shown(value)}; expected an integer from ${min} to ${max}`);
}

/**
 * Takes memory of the core for good. Drone i flies the episodes i, i + n, i + 2 n and so on from the first, so what one does
 * changes nothing for the others.
 *
 * @throws SpikewingError naming the argument that is out of its range, or the value of an action that is not finite.
 */
export function createVectorEnvironment(
  core: Core,
  environments: number,
  { task = DEFAULT_TASK, maxSteps = EPISODE_STEPS, history = false }: EnvironmentOptions = {},
): VectorDroneEnvironment {
  requireInteger("environments", environments, 1, MOST_ENVIRONMENTS);
  requireInteger("maxSteps", maxSteps, 1, 0xffffffff);
  const { kernels } = core;
  const n = LANES * Math.ceil(environments / LANES); // those behind the last fall, and nobody looks
  const at = createEnvironments(core, writeTask(core, task), n, 0);
  const batch = core.view("Environments", at);
  const width = history ? OBSERVATION_WITH_HISTORY_WORDS : OBSERVATION_WORDS;
  const each = <T>(value: (drone: number) => T): T[] =>
    Array.from({ length: environments }, (_, i) => value(i));
  let first: number | undefined;
  let next: number[] = [];
  const steps: number[] = [];
  let ended: boolean[] = [];

  const begin = (i: number) => {
    kernels.environmentReset(at, i, next[i]!);
    steps[i] = 0;
    ended[i] = false;
    next[i]! += environments;
  };
  const observe = () => {
    kernels.environmentsObserve(at);
    const rows = core.f32(batch.observation, n * OBSERVATION_WITH_HISTORY_WORDS);
    const observations = new Float32Array(environments * width);
    for (let i = 0; i < environments; i++) {
      const row = i * OBSERVATION_WITH_HISTORY_WORDS;
      observations.set(rows.subarray(row, row + width), i * width);
    }
    return observations;
  };
  const infos = () => each((i): StepInfo => ({ episode: next[i]! - environments, step: steps[i]! }));

  return {
    environments,
    observationSpace: box([width], Number.POSITIVE_INFINITY),
    actionSpace: box([ACTION_WORDS], 1),

    reset({ seed, episode } = {}) {
      if (seed !== undefined) requireInteger("seed", seed, 0, 0xffffffff);
      if (episode !== undefined) requireInteger("episode", episode, 0, 0x7fffffff);
      if (seed !== undefined) batch.seed = seed;
      if (episode !== undefined || seed !== undefined || first === undefined) {
        first = episode ?? 0;
        next = each((i) => first! + i);
      }
      each(begin);
      return { observations: observe(), infos: infos() };
    },

    step(actions) {
      if (first === undefined) throw new SpikewingError("step", "before the first reset; expected reset()");
      if (actions.length !== environments * ACTION_WORDS)
        throw new SpikewingError(
          "actions",
          `${actions.length} values; expected ${environments * ACTION_WORDS}, ${ACTION_WORDS} for each drone`,
        );
      const commands = Float32Array.from(actions);
      const wrong = commands.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0)
        throw new SpikewingError(
          "actions",
          `value ${wrong} is ${actions[wrong]}; expected a finite number of 32 bits`,
        );
      core.f32(batch.action, commands.length).set(commands);
      kernels.environmentsStep(at);
      const begins = ended.slice();
      const rewards = Float32Array.from(each((i) => (begins[i] ? 0 : kernels.environmentReward(at, i))));
      const flags = core.bytes(batch.terminated, n).slice();
      const terminated = each((i) => !begins[i] && flags[i] !== 0);
      each((i) => {
        if (begins[i]) begin(i);
        else steps[i]!++;
      });
      const truncated = each((i) => !begins[i] && steps[i]! >= maxSteps);
      ended = each((i) => terminated[i]! || truncated[i]!);
      return { observations: observe(), rewards, terminated, truncated, infos: infos() };
    },

    state(drone) {
      requireInteger("drone", drone, 0, environments - 1);
      const take = (word: number, count: number) => readWords(core, batch.body, n, drone, word, count);
      return {
        position: take(Body.POSITION, 3),
        quaternion: take(Body.QUATERNION, 4),
        velocity: take(Body.VELOCITY, 3),
        angularVelocity: take(Body.ANGULAR_VELOCITY, 3),
        rotors: take(Body.ROTOR, 4),
      };
    },
  };
}

/** As createVectorEnvironment() with one drone, which begins an episode only by reset(). */
export function createEnvironment(core: Core, options: EnvironmentOptions = {}): DroneEnvironment {
  const vector = createVectorEnvironment(core, 1, options);
  let over = false;
  return {
    observationSpace: vector.observationSpace,
    actionSpace: vector.actionSpace,
    reset(given) {
      const { observations, infos } = vector.reset(given);
      over = false;
      return { observation: observations, info: infos[0]! };
    },
    step(action) {
      if (over) throw new SpikewingError("step", "the episode is over; expected reset()");
      const { observations, rewards, terminated, truncated, infos } = vector.step(action);
      over = terminated[0]! || truncated[0]!;
      return {
        observation: observations,
        reward: rewards[0]!,
        terminated: terminated[0]!,
        truncated: truncated[0]!,
        info: infos[0]!,
      };
    },
    state: () => vector.state(0),
  };
}
