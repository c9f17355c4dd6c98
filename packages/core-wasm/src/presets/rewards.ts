/** Rewards of the family in assembly/task/reward.ts (docs/REFERENCE.md, section 3). */

import { Orientation } from "../../build/layout.js";

export interface Reward {
  readonly name: string;
  readonly source: string;
  readonly constant: number;
  readonly scale: number;
  /** Weights of |p|^2, |v|^2, |w|^2, |action - baseline|^2 (actions in [-1, 1]) and the attitude error. */
  readonly position: number;
  readonly velocity: number;
  readonly angularVelocity: number;
  readonly action: number;
  readonly orientation: number;
  readonly actionBaseline: number;
  readonly orientationKind: keyof typeof ORIENTATION_KINDS;
  /** Norms instead of squared norms. */
  readonly plainNorms: boolean;
  readonly scoresStateBefore: boolean;
  readonly zeroWhenTerminated: boolean;
}

/** Numbers of the namespace Orientation in the core. */
export const ORIENTATION_KINDS = {
  "angle-squared": Orientation.ANGLE_SQUARED,
  "one-minus-qw-squared": Orientation.ONE_MINUS_QW_SQUARED,
  "yaw-acos": Orientation.YAW_ACOS,
  "yaw-acos-absolute": Orientation.YAW_ACOS_ABSOLUTE,
} as const;

type Weights = Pick<Reward, "position" | "velocity" | "action">;

/**
 * The paper writes its action term in throttle, (a + 1) / 2, with baseline 0.667. In a, the baseline is 0.334 and
 * the weight a quarter.
 */
const paper = (name: string, { position, velocity, action }: Weights): Reward => ({
  name,
  source: "paper section 4.2 and supplement S3; angle 2 acos|qw|, action as throttle",
  constant: 1,
  scale: 1,
  position,
  velocity,
  angularVelocity: 0,
  action: action / 4,
  orientation: 0.25,
  actionBaseline: 0.334,
  orientationKind: "angle-squared",
  plainNorms: false,
  scoresStateBefore: false,
  zeroWhenTerminated: false,
});

const l2f = (name: string, weights: Weights): Reward => ({
  name,
  source: "learning-to-fly, parameters/reward_functions/squared.h",
  constant: 2,
  scale: 0.5,
  ...weights,
  angularVelocity: 0,
  orientation: 5,
  actionBaseline: 0.334,
  orientationKind: "one-minus-qw-squared",
  plainNorms: false,
  scoresStateBefore: true,
  zeroWhenTerminated: true,
});

const gym = (name: string, weights: Weights): Reward => ({
  name,
  source: "SpikingCrazyflie c22b8d3, l2f_gym.py (yaw only, baseline mapped twice)",
  constant: 1,
  scale: 1,
  ...weights,
  angularVelocity: 0.0001,
  orientation: 0.3,
  actionBaseline: -0.332,
  orientationKind: "yaw-acos",
  plainNorms: false,
  scoresStateBefore: false,
  zeroWhenTerminated: false,
});

/** Rewards by name, each with its source. */
export const REWARDS = {
  "paper-start": paper("paper-start", { position: 1, velocity: 0.01, action: 0.14 }),
  "paper-end": paper("paper-end", { position: 3.5, velocity: 0.1, action: 0.5 }),
  "first-submission-start": paper("first-submission-start", { position: 1, velocity: 0.005, action: 0.01 }),
  "first-submission-end": paper("first-submission-end", { position: 2, velocity: 0.2, action: 0.03 }),
  "l2f-stage0": l2f("l2f-stage0", { position: 5, velocity: 0.01, action: 0.01 }),
  "l2f-stage1": l2f("l2f-stage1", { position: 6, velocity: 0.014, action: 0.014 }),
  "l2f-stage2": l2f("l2f-stage2", { position: 7.2, velocity: 0.0196, action: 0.0196 }),
  "l2f-target": l2f("l2f-target", { position: 40, velocity: 1, action: 1 }),
  "gym-start": gym("gym-start", { position: 1, velocity: 0.005, action: 0.01 }),
  "gym-end": gym("gym-end", { position: 5, velocity: 0.2, action: 0.5 }),
  "l2f-py-own": {
    name: "l2f-py-own",
    source: "rl-tools f2252ce, the l2f environment's own reward; action as throttle, baseline 0.6670265",
    constant: 1,
    scale: 0.1,
    position: 10,
    velocity: 0.005,
    angularVelocity: 0,
    action: 0.1 / 4,
    orientation: 2.5,
    actionBaseline: 0.334053,
    orientationKind: "yaw-acos-absolute",
    plainNorms: true,
    scoresStateBefore: true,
    zeroWhenTerminated: true,
  },
} as const satisfies Record<string, Reward>;
export type RewardName = keyof typeof REWARDS;

/** Whether two rewards measure the same terms alike, so that one may turn into the other weight by weight. */
export const differInWeightsAlone = (a: Reward, b: Reward): boolean =>
  (
    [
      "constant",
      "scale",
      "actionBaseline",
      "orientationKind",
      "plainNorms",
      "scoresStateBefore",
      "zeroWhenTerminated",
    ] as const
  ).every((key) => a[key] === b[key]);
