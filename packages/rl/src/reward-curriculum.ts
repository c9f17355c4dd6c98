import { differInWeightsAlone, REWARDS, type Reward, type RewardName } from "@spikewing/core";
import { z } from "zod";
import { taskPartSchemas } from "./task-part-schemas.js";
import { rewardOf, type TaskReward } from "./task-parts.js";

/** How the weights of the reward move during training (docs/REFERENCE.md, 3.1): the buffer is scored by those of the hour. */
export const rewardCurriculumSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  /** `steps` equal steps from the task's weights to those of `to`, between steps + 1 stretches of training of equal length. */
  z.strictObject({
    kind: z.literal("linear"),
    to: taskPartSchemas.reward,
    steps: z.number().int().min(1).max(1000),
  }),
]);
export type RewardCurriculum = z.infer<typeof rewardCurriculumSchema>;

/** The reward at `progress` in [0, 1) of training. */
export function rewardAt(
  reward: TaskReward,
  curriculum: RewardCurriculum | undefined,
  progress: number,
): Reward {
  const start = rewardOf(reward);
  if (curriculum === undefined || curriculum.kind === "none") return start;
  const { to, steps } = curriculum;
  const end = rewardOf(to);
  const share = Math.floor(progress * (steps + 1)) / steps;
  const between = (key: "position" | "velocity" | "angularVelocity" | "action" | "orientation") =>
    start[key] + (end[key] - start[key]) * share;
  return {
    ...start,
    position: between("position"),
    velocity: between("velocity"),
    angularVelocity: between("angularVelocity"),
    action: between("action"),
    orientation: between("orientation"),
  };
}

/** Whether a curriculum may lead from one reward to another. */
export const isBeside = (reward: TaskReward, other: TaskReward): boolean =>
  differInWeightsAlone(rewardOf(reward), rewardOf(other));

/** Presets that a curriculum may lead to from this one. */
export const rewardsBeside = (reward: TaskReward): readonly RewardName[] =>
  (Object.keys(REWARDS) as RewardName[]).filter((other) => isBeside(reward, other));
