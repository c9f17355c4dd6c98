import {
  AIRFRAMES,
  type AirframeName,
  BOUNDS,
  type BoundsName,
  type Core,
  levelGusts,
  REWARDS,
  type RewardName,
  SENSOR_NOISES,
  type SensorNoise,
  type SensorNoiseName,
  STARTS,
  type StartName,
  type Variation,
  writeAirframe,
  writeBounds,
  writeGusts,
  writeReward,
  writeSensorNoise,
  writeStart,
  writeVariation,
} from "@spikewing/core";

/** What is flown: names of presets, how late commands arrive, and how else episodes vary. */
export interface Task {
  readonly airframe: AirframeName;
  readonly start: StartName;
  readonly sensorNoise: SensorNoiseName;
  readonly bounds: BoundsName;
  readonly reward: RewardName;
  /** An episode's delay between state and motors is uniform in this range, s. */
  readonly delayS: readonly [number, number];
  readonly variation?: Variation | undefined;
}

/** A task as the protocol scores it, whatever was varied in training. */
export function withoutVariation({ variation, ...task }: Task): Task {
  return { ...task, delayS: DEFAULT_TASK.delayS };
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
  readonly variation: number | undefined;
  /** Block of the gusts that blow in every episode. */
  readonly gust: number | undefined;
}

export function writeTask(core: Core, task: Task): TaskBlocks {
  const airframe = AIRFRAMES[task.airframe];
  const { variation } = task;
  const gustsMn = variation?.gustsMn ?? 0;
  return {
    airframe: writeAirframe(core, airframe),
    start: writeStart(core, STARTS[task.start]),
    noise: writeSensorNoise(core, scaleNoise(SENSOR_NOISES[task.sensorNoise], variation?.noise ?? 1)),
    reward: writeReward(core, REWARDS[task.reward]),
    bounds: writeBounds(core, BOUNDS[task.bounds]),
    variation: variation && writeVariation(core, variation),
    delayS: task.delayS,
    gust: gustsMn > 0 ? writeGusts(core, levelGusts(gustsMn / 1000), airframe.stepS) : undefined,
  };
}

function scaleNoise(noise: SensorNoise, factor: number): SensorNoise {
  return {
    ...noise,
    positionM: noise.positionM * factor,
    rotation: noise.rotation * factor,
    velocityMPerS: noise.velocityMPerS * factor,
    angularVelocityRadPerS: noise.angularVelocityRadPerS * factor,
  };
}

/** A batch of n environments (a multiple of 4); returns its address. */
export function createEnvironments(core: Core, blocks: TaskBlocks, n: number, seed: number): number {
  const { kernels } = core;
  const at = core.allocate(kernels.environmentsBytes(n));
  const { airframe, start, noise, reward, bounds, variation, delayS, gust } = blocks;
  kernels.environmentsInit(at, n, seed, airframe, start, noise, reward, bounds);
  kernels.environmentsSetDelay(at, ...delayS);
  if (variation !== undefined) kernels.environmentsVary(at, variation);
  if (gust !== undefined) {
    const gusts = core.allocate(kernels.gustsBytes(n));
    kernels.gustsInit(gusts, at, gust);
    kernels.environmentsUseGusts(at, gusts);
  }
  return at;
}
