import {
  type Address,
  AIRFRAMES,
  type AirframeName,
  airframeFields,
  BOUNDS,
  type BoundsName,
  type Core,
  REWARDS,
  type RewardName,
  rewardFields,
  SENSOR_NOISES,
  type SensorNoiseName,
  STARTS,
  type StartName,
} from "@spikewing/core";

/** What is flown: names of presets. */
export interface Task {
  readonly airframe: AirframeName;
  readonly start: StartName;
  readonly sensorNoise: SensorNoiseName;
  readonly bounds: BoundsName;
  readonly reward: RewardName;
}

export const DEFAULT_TASK: Task = {
  airframe: "crazyflie-l2f",
  start: "l2f",
  sensorNoise: "l2f",
  bounds: "l2f",
  reward: "paper-start",
};

/** The parameter blocks of a task in the core's memory. */
export interface TaskBlocks {
  readonly airframe: Address<"Airframe">;
  readonly start: Address<"Start">;
  readonly noise: Address<"SensorNoise">;
  readonly reward: Address<"Reward">;
  readonly bounds: Address<"Bounds">;
}

export function writeTask(core: Core, task: Task): TaskBlocks {
  return {
    airframe: core.create("Airframe", airframeFields(AIRFRAMES[task.airframe])),
    start: core.create("Start", STARTS[task.start]),
    noise: core.create("SensorNoise", SENSOR_NOISES[task.sensorNoise]),
    reward: core.create("Reward", rewardFields(REWARDS[task.reward])),
    bounds: core.create("Bounds", BOUNDS[task.bounds]),
  };
}
