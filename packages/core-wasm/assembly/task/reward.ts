// The reward family that all published presets belong to (REFERENCE section 3):
//
//   r = constant - scale * ( wp P + wv V + ww W + wa A + wq O )
//
// P, V, W, A are squared norms of position, velocity, angular velocity and action minus baseline (or plain norms,
// for l2f-py's own reward), O one of four measures of the attitude error. The replay buffer keeps the five terms, so
// a curriculum that changes weights re-scores everything it holds for nothing. Presets: src/presets/rewards.ts.

import { acosOneMinus, acosUnit } from "../deterministic-math";
import { abs, add, laneCount, loadF, mul, mulAdd, splat, sqrt, storeF, sub } from "../lanes";
import { Body } from "../physics/rigid-body";

/** Terms: P, V, W, A, O. */
// @ts-ignore: decorator
@shared
export namespace RewardTerm {
  export const POSITION: usize = 0;
  export const VELOCITY: usize = 1;
  export const ANGULAR_VELOCITY: usize = 2;
  export const ACTION: usize = 3;
  export const ORIENTATION: usize = 4;
  export const COUNT: usize = 5;
}
// @ts-ignore: decorator
@shared
export const REWARD_TERMS: i32 = <i32>RewardTerm.COUNT;

// @ts-ignore: decorator
@shared
export namespace Orientation {
  /** (2 acos |qw|)^2: the squared rotation-vector angle, rad^2 (paper). */
  export const ANGLE_SQUARED: i32 = 0;
  /** 1 - qw^2 (L2F). */
  export const ONE_MINUS_QW_SQUARED: i32 = 1;
  /** 2 acos(1 - qz^2) (the authors' code; sees yaw only). */
  export const YAW_ACOS: i32 = 2;
  /** 2 acos(1 - |qz|) (l2f-py's own). */
  export const YAW_ACOS_ABSOLUTE: i32 = 3;
  export const COUNT: i32 = 4;
}

@unmanaged
export abstract class Reward {
  constant: f32;
  scale: f32;
  position: f32;
  velocity: f32;
  angularVelocity: f32;
  action: f32;
  orientation: f32;
  actionBaseline: f32; // in [-1, 1], the same for all motors
  orientationKind: i32;
  plainNorms: bool; // norms, else squared norms
  scoresStateBefore: bool; // the state before the step (L2F), else after it
  zeroWhenTerminated: bool; // a step that ends the episode scores 0
}

// @ts-ignore: decorator
@inline
function squaredNorm<F>(body: usize, group: usize, first: usize): F {
  const x = loadF<F>(body + first * group);
  const y = loadF<F>(body + (first + 1) * group);
  const z = loadF<F>(body + (first + 2) * group);
  return add<F>(add<F>(mul<F>(x, x), mul<F>(y, y)), mul<F>(z, z));
}

/** Terms (REWARD_TERMS words a lane group) of body (23 words) and action (4 words, raw: the reward does not clamp it). */
export function rewardTerms<F, I>(reward: Reward, body: usize, action: usize, terms: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  let p = squaredNorm<F>(body, group, Body.POSITION);
  let v = squaredNorm<F>(body, group, Body.VELOCITY);
  let w = squaredNorm<F>(body, group, Body.ANGULAR_VELOCITY);
  let a = splat<F>(0.0);
  for (let i = 0; i < 4; i++) {
    const gap = sub<F>(loadF<F>(action + <usize>i * group), splat<F>(reward.actionBaseline));
    a = mulAdd<F>(gap, gap, a);
  }
  if (reward.plainNorms) {
    p = sqrt<F>(p);
    v = sqrt<F>(v);
    w = sqrt<F>(w);
  }
  storeF<F>(terms + RewardTerm.POSITION * group, p);
  storeF<F>(terms + RewardTerm.VELOCITY * group, v);
  storeF<F>(terms + RewardTerm.ANGULAR_VELOCITY * group, w);
  storeF<F>(terms + RewardTerm.ACTION * group, a);
  storeF<F>(terms + RewardTerm.ORIENTATION * group, attitudeError<F>(reward.orientationKind, body, group));
}

// @ts-ignore: decorator
@inline
function attitudeError<F>(kind: i32, body: usize, group: usize): F {
  const one = splat<F>(1.0);
  const qw = loadF<F>(body + <usize>Body.QUATERNION * group);
  const qz = loadF<F>(body + <usize>(Body.QUATERNION + 3) * group);
  if (kind == Orientation.ANGLE_SQUARED) {
    const angle = mul<F>(splat<F>(2.0), acosUnit<F>(abs<F>(qw)));
    return mul<F>(angle, angle);
  }
  if (kind == Orientation.ONE_MINUS_QW_SQUARED) return sub<F>(one, mul<F>(qw, qw));
  if (kind == Orientation.YAW_ACOS) return mul<F>(splat<F>(2.0), acosOneMinus<F>(mul<F>(qz, qz)));
  return mul<F>(splat<F>(2.0), acosOneMinus<F>(abs<F>(qz)));
}

/** The reward of one step from its terms; `stride` bytes lie between two terms. */
export function scoreTerms(reward: Reward, terms: usize, stride: usize, terminated: bool): f32 {
  if (terminated && reward.zeroWhenTerminated) return 0.0;
  let cost = reward.position * load<f32>(terms + RewardTerm.POSITION * stride);
  cost += reward.velocity * load<f32>(terms + RewardTerm.VELOCITY * stride);
  cost += reward.angularVelocity * load<f32>(terms + RewardTerm.ANGULAR_VELOCITY * stride);
  cost += reward.action * load<f32>(terms + RewardTerm.ACTION * stride);
  cost += reward.orientation * load<f32>(terms + RewardTerm.ORIENTATION * stride);
  return reward.constant - reward.scale * cost;
}
