// What a task is put together from: a preset by its name, or an object of a user's own with the same fields.

import {
  BOUNDS,
  type Bounds,
  type BoundsName,
  REWARDS,
  type Reward,
  type RewardName,
  SENSOR_NOISES,
  type SensorNoise,
  type SensorNoiseName,
  STARTS,
  type Start,
  type StartName,
} from "@spikewing/core";

export type TaskStart = StartName | Start;
export type TaskSensorNoise = SensorNoiseName | SensorNoise;
export type TaskBounds = BoundsName | Bounds;
export type TaskReward = RewardName | Reward;

export const startOf = (start: TaskStart): Start => (typeof start === "string" ? STARTS[start] : start);
export const sensorNoiseOf = (noise: TaskSensorNoise): SensorNoise =>
  typeof noise === "string" ? SENSOR_NOISES[noise] : noise;
export const boundsOf = (bounds: TaskBounds): Bounds =>
  typeof bounds === "string" ? BOUNDS[bounds] : bounds;
export const rewardOf = (reward: TaskReward): Reward =>
  typeof reward === "string" ? REWARDS[reward] : reward;

/** As tables and pictures call a part. */
export const partName = (part: string | { readonly name: string }): string =>
  typeof part === "string" ? part : part.name;

/** Whether the paper scores by it too, whose weights grow in training. */
export const isPaperReward = (reward: TaskReward): boolean =>
  typeof reward === "string" && reward.startsWith("paper");
