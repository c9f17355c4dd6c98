/**
 * The core: kernels on linear memory, what lies there, and presets as data.
 *
 * @module @spikewing/core
 */
export {
  ACTION_BITS,
  ACTION_WORDS,
  Activation,
  ActorKind,
  type Address,
  BODY_WORDS,
  Body,
  DRAW_BYTES,
  GRAVITY_M_PER_S2,
  HISTORY_WORDS,
  Input,
  LAYOUTS,
  LEAK_LIMIT,
  LOGGED_WORDS,
  MAX_FAN_IN,
  MAX_HIDDEN,
  Neuron,
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
  PRIVILEGED_WORDS,
  REWARD_TERMS,
  Surrogate,
  TARGET_WORDS,
  Trajectory,
  WeightFormat,
} from "../build/layout.js";
export * from "./blocks.js";
export * from "./closed-loop.js";
export {
  CORE_MEMORY_BYTES,
  type Core,
  type CoreBuild,
  type CoreExports,
  CoreMemoryError,
  createCore,
  createMemory,
  instantiateCore,
  NO_ARRAY,
  PAGE_BYTES,
} from "./core.js";
export type { PooledCore } from "./helper-pool.js";
export type { Given } from "./objects.js";
export {
  createImage,
  imageTensors,
  type LayerFields,
  layerMembranes,
  layerWeights,
  neuronRow,
  pilotBytes,
  placeImage,
  unpackI4,
  viewLayer,
} from "./policy-image.js";
export { AIRFRAMES, type Airframe, type AirframeName } from "./presets/airframes.js";
export { GUST_CORRELATION_S, type Gusts, levelGusts } from "./presets/gusts.js";
export {
  differInWeightsAlone,
  ORIENTATION_KINDS,
  REWARDS,
  type Reward,
  type RewardName,
} from "./presets/rewards.js";
export * from "./presets/task.js";
export { FULL_BATTERY_V, type Range, VARIED, type Variation } from "./presets/variation.js";
export { createInlinePool, SHARDS, type ShardPool } from "./shard-pool.js";
