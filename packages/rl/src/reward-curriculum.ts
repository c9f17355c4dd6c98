import { differInWeightsAlone, REWARDS, type Reward, type RewardName } from "@spikewing/core";
import { z } from "zod";

const rewardName = z.enum(Object.keys(REWARDS) as [RewardName, ...RewardName[]]);

/** How the weights of the reward move during training (docs/REFERENCE.md, 3.1): the buffer is scored by those of the hour. */
export const rewardCurriculumSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  /** `steps` equal steps from the task's weights to those of `to`, between steps + 1 stretches of training of equal length. */
  z.strictObject({ kind: z.literal("linear"), to: rewardName, steps: z.number().int().min(1).max(1000) }),
]);
export type RewardCurriculum = z.infer<typeof rewardCurriculumSchema>;

/** The reward at `progress` in [0, 1) of training. */
export function rewardAt(
  reward: RewardName,
  curriculum: RewardCurriculum | undefined,
  progress: number,
): Reward {
  const start = REWARDS[reward];
  if (curriculum === undefined || curriculum.kind === "none") return start;
  const { to, steps } = curriculum;
  const end = REWARDS[to];
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

/** Rewards that a curriculum may lead to from this one. */
export const rewardsBeside = (reward: RewardName): readonly RewardName[] =>
  (Object.keys(REWARDS) as RewardName[]).filter((other) =>
    differInWeightsAlone(REWARDS[reward], REWARDS[other]),
  );
