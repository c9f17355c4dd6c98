import { type Core, SHARDS, type ShardPool } from "@spikewing/core";
import type { Actor } from "./actor.js";
import type { ReplayBuffer } from "./replay-buffer.js";
import { createEnvironments, type TaskBlocks } from "./task.js";

export interface RolloutOptions {
  /** Drones in all shards together, a multiple of 4 SHARDS. */
  readonly environments: number;
  readonly explorationStd: number;
  /** Noisy actions are clipped to +- this. */
  readonly actionLimit: number;
  readonly seed: number;
}

/** What a stretch of flying brought. */
export interface FlightStatistics {
  readonly episodes: number;
  readonly crashes: number;
  /** Mean over the episodes that ended; NaN if none did. */
  readonly meanReturn: number;
  /** Mean over the steps flown of the jump start of their episodes. */
  readonly jumpStartSteps: number;
}

/** Flies for experience: a guide for the first steps of every episode, then the actor with exploration noise. */
export interface Rollout {
  /** `steps` control periods with every drone. The jump start holds for episodes that begin from now on. */
  fly(steps: number, jumpStartSteps: number): FlightStatistics;
}

export function createRollout(
  core: Core,
  pool: ShardPool,
  blocks: TaskBlocks,
  actor: Actor,
  guide: Actor | undefined,
  replay: ReplayBuffer,
  options: RolloutOptions,
): Rollout {
  const { kernels } = core;
  const n = options.environments / SHARDS;
  const shards = Array.from({ length: SHARDS }, (_, shard) => {
    const environments = createEnvironments(core, blocks, n, options.seed);
    const at = core.allocate(kernels.rolloutBytes(n, actor.at, guide?.at ?? 0));
    const { explorationStd, actionLimit } = options;
    kernels.rolloutInit(
      at,
      environments,
      actor.at,
      guide?.at ?? 0,
      replay.at,
      shard,
      explorationStd,
      actionLimit,
    );
    return at;
  });

  return {
    fly(steps, jumpStartSteps) {
      for (const at of shards) {
        kernels.rolloutSetJumpStart(at, jumpStartSteps);
        kernels.rolloutClearCounters(at);
      }
      pool.run("rolloutFly", (shard) => [shards[shard]!, steps]);
      const sum = (read: (at: number) => number) => shards.reduce((total, at) => total + read(at), 0);
      const episodes = sum(kernels.rolloutEpisodes);
      return {
        episodes,
        crashes: sum(kernels.rolloutCrashes),
        meanReturn: sum(kernels.rolloutReturnSum) / episodes,
        jumpStartSteps: sum(kernels.rolloutMeanJumpStart) / SHARDS,
      };
    },
  };
}
