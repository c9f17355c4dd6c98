import {
  AIRFRAMES,
  type AirframeName,
  BOUNDS,
  type BoundsName,
  type Core,
  REWARDS,
  type RewardName,
  SENSOR_NOISES,
  type SensorNoiseName,
  STARTS,
  type StartName,
  writeAirframe,
  writeBounds,
  writeReward,
  writeSensorNoise,
  writeStart,
} from "@spikewing/core";

/** What is flown: names of presets, and how late commands arrive. */
export interface Task {
  readonly airframe: AirframeName;
  readonly start: StartName;
  readonly sensorNoise: SensorNoiseName;
  readonly bounds: BoundsName;
  readonly reward: RewardName;
  /** An episode's delay between state and motors is uniform in this range, s. */
  readonly delayS: readonly [number, number];
}

export const DEFAULT_TASK: Task = {
  airframe: "crazyflie-l2f",
  start: "l2f",
  sensorNoise: "l2f",
  bounds: "l2f",
  reward: "paper-start",
  delayS: [0, 0],
};

/** The parameter blocks of a task in the core's memory. */
export interface TaskBlocks {
  readonly airframe: number;
  readonly start: number;
  readonly noise: number;
  readonly reward: number;
  readonly bounds: number;
  readonly delayS: readonly [number, number];
}

export function writeTask(core: Core, task: Task): TaskBlocks {
  return {
    airframe: writeAirframe(core, AIRFRAMES[task.airframe]),
    start: writeStart(core, STARTS[task.start]),
    noise: writeSensorNoise(core, SENSOR_NOISES[task.sensorNoise]),
    reward: writeReward(core, REWARDS[task.reward]),
    bounds: writeBounds(core, BOUNDS[task.bounds]),
    delayS: task.delayS,
  };
}

/** A batch of n environments (a multiple of 4); returns its address. */
export function createEnvironments(core: Core, blocks: TaskBlocks, n: number, seed: number): number {
  const at = core.allocate(core.kernels.environmentsBytes(n));
  const { airframe, start, noise, reward, bounds } = blocks;
  core.kernels.environmentsInit(at, n, seed, airframe, start, noise, reward, bounds);
  core.kernels.environmentsSetDelay(at, ...blocks.delayS);
  return at;
}
