import {
  type Address,
  airframeFields,
  type Core,
  type Given,
  gustFields,
  levelGusts,
  rewardFields,
  type SensorNoise,
  type Variation,
  variationFields,
} from "@spikewing/core";
import { airframeOf, type TaskAirframe } from "./airframe.js";
import {
  boundsOf,
  rewardOf,
  sensorNoiseOf,
  startOf,
  type TaskBounds,
  type TaskReward,
  type TaskSensorNoise,
  type TaskStart,
} from "./task-parts.js";

/** What is flown: parts by the names of presets or of the user's own, how late commands arrive, and how else episodes vary. */
export interface Task {
  readonly airframe: TaskAirframe;
  readonly start: TaskStart;
  readonly sensorNoise: TaskSensorNoise;
  readonly bounds: TaskBounds;
  readonly reward: TaskReward;
  /** An episode's delay between state and motors is uniform in this range, s. */
  readonly delayS: readonly [number, number];
  readonly variation?: Variation | undefined;
}

/** A task as the protocol scores it, whatever was varied in training. */
export function withoutVariation({ variation, ...task }: Task): Task {
  return { ...task, delayS: DEFAULT_TASK.delayS };
}

/** The task of every published number. */
export const DEFAULT_TASK: Task = {
  airframe: "crazyflie-l2f",
  start: "l2f",
  sensorNoise: "l2f",
  bounds: "l2f",
  reward: "paper-start",
  delayS: [0, 0],
};

/** A task in the core's memory. */
export interface TaskBlocks {
  /** Of any batch that flies it. */
  readonly fields: Omit<Given<"Environments">, "n" | "seed">;
  /** Of the gusts that blow in every episode. */
  readonly gust: Address<"Gust"> | undefined;
}

export function writeTask(core: Core, task: Task): TaskBlocks {
  const airframe = airframeOf(task.airframe);
  const { variation } = task;
  const gustsMn = variation?.gustsMn ?? 0;
  const [delayMinS, delayMaxS] = task.delayS;
  const noise = scaleNoise(sensorNoiseOf(task.sensorNoise), variation?.noise ?? 1);
  return {
    fields: {
      airframe: core.create("Airframe", airframeFields(airframe)),
      start: core.create("Start", startOf(task.start)),
      noise: core.create("SensorNoise", noise),
      reward: core.create("Reward", rewardFields(rewardOf(task.reward))),
      bounds: core.create("Bounds", boundsOf(task.bounds)),
      variation: variation ? core.create("Variation", variationFields(variation)) : 0,
      delayMinS,
      delayMaxS,
    },
    gust:
      gustsMn > 0 ? core.create("Gust", gustFields(levelGusts(gustsMn / 1000), airframe.stepS)) : undefined,
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

/** A batch of n environments, a multiple of 4. */
export function createEnvironments(
  core: Core,
  { fields, gust }: TaskBlocks,
  n: number,
  seed: number,
): Address<"Environments"> {
  const environments = core.create("Environments", { n, seed, ...fields });
  if (gust) core.view("Environments", environments).gusts = core.create("Gusts", { environments, gust });
  return environments;
}
