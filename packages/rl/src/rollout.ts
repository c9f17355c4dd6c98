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
  /**
   * `steps` control periods with every drone; what the last stretch brought where they are 0. The jump start holds for
   * episodes that begin from now on.
   */
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
  const { explorationStd, actionLimit, seed } = options;
  const shards = Array.from({ length: SHARDS }, (_, shard) => {
    const environments = createEnvironments(core, blocks, n, seed);
    const pilots = { actor: actor.at, guide: guide?.at ?? 0 } as const;
    const to = { replay: replay.at, shard };
    return core.create("Rollout", { environments, ...pilots, ...to, explorationStd, actionLimit });
  });
  const views = shards.map((at) => core.view("Rollout", at));

  return {
    fly(steps, jumpStartSteps) {
      if (steps > 0) {
        shards.forEach((at, shard) => {
          views[shard]!.jumpStartSteps = jumpStartSteps;
          kernels.rolloutClearCounters(at);
        });
        pool.run("rolloutFly", (shard) => [shards[shard]!, steps]);
      }
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      const episodes = sum(views.map((rollout) => rollout.episodes));
      return {
        episodes,
        crashes: sum(views.map(({ crashes }) => crashes)),
        meanReturn: sum(views.map(({ returnSum }) => returnSum)) / episodes,
        jumpStartSteps: sum(shards.map(kernels.rolloutMeanJumpStart)) / SHARDS,
      };
    },
  };
}
