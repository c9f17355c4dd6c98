import { BOUNDS, ORIENTATION_KINDS, REWARDS, type Reward, SENSOR_NOISES, STARTS } from "@spikewing/core";
import { z } from "zod";
import { own } from "./airframe.js";

const upTo = (most: number) => z.number().min(0).max(most);
const weight = z.number().min(-1000).max(1000);

/** What a start of a user's own must be. */
export const startSchema = z.strictObject({
  ...own,
  guidance: upTo(1).describe("probability of a start at the origin and level"),
  positionM: upTo(10).describe("half-width of a uniform range, each axis, m"),
  // An attitude is drawn until its angle is small enough: below 0.3 rad one in 1,400 is.
  angleRad: z.number().min(0.3).max(3.15).describe("largest rotation angle, rad"),
  velocityMPerS: upTo(20).describe("half-width, each axis, m/s"),
  angularVelocityRadPerS: upTo(50).describe("half-width, each axis, rad/s"),
  forceStd: upTo(1).describe("standard deviation of the episode's constant force, in weights"),
  torqueStd: upTo(0.01).describe("and of its torque, in weights times metre"),
  bothQuaternionSigns: z.boolean(),
  guidanceAtRest: z.boolean().describe("a guided start has zero velocities too"),
  rotorsAtHalf: z.boolean().describe("rotors at half range; otherwise each uniform over its range"),
});

/** What a sensor noise of a user's own must be. */
export const sensorNoiseSchema = z.strictObject({
  ...own,
  positionM: upTo(1).describe("standard deviation, m"),
  rotation: upTo(1).describe("standard deviation of each entry of the rotation matrix"),
  velocityMPerS: upTo(10).describe("standard deviation, m/s"),
  angularVelocityRadPerS: upTo(10).describe("standard deviation, rad/s"),
});

/** What bounds of a user's own must be. */
export const boundsSchema = z.strictObject({
  ...own,
  positionM: z.number().min(0.01).max(1000).describe("an episode ends where an axis leaves it, m"),
  velocityMPerS: z.number().min(0.01).max(1000).describe("m/s"),
  angularVelocityRadPerS: z.number().min(0.01).max(1000).describe("rad/s"),
});

/** What a reward of a user's own must be. */
export const rewardSchema = z.strictObject({
  ...own,
  constant: weight.describe("reward of a step that errs in nothing"),
  scale: z
    .number()
    .min(1e-6)
    .max(1000)
    .describe("factor on the sum of the weighted terms, which is taken off"),
  position: weight.describe("weight of |p|^2"),
  velocity: weight.describe("weight of |v|^2"),
  angularVelocity: weight.describe("weight of |w|^2"),
  action: weight.describe("weight of |action - baseline|^2, actions in [-1, 1]"),
  orientation: weight.describe("weight of the attitude error"),
  actionBaseline: z.number().min(-1).max(1),
  orientationKind: z.enum(Object.keys(ORIENTATION_KINDS) as [Reward["orientationKind"]]),
  plainNorms: z.boolean().describe("norms instead of squared norms"),
  scoresStateBefore: z.boolean().describe("the state before the step is scored, not the one behind it"),
  zeroWhenTerminated: z.boolean().describe("a step that ends the episode earns nothing"),
});

const oneOf = <K extends string>(table: Readonly<Record<K, unknown>>) =>
  z.enum(Object.keys(table) as [K, ...K[]]);

/** The fields of a task that have presets, by their names or as objects. */
export const taskPartSchemas = {
  start: z.union([oneOf(STARTS), startSchema]),
  sensorNoise: z.union([oneOf(SENSOR_NOISES), sensorNoiseSchema]),
  bounds: z.union([oneOf(BOUNDS), boundsSchema]),
  reward: z.union([oneOf(REWARDS), rewardSchema]),
};
