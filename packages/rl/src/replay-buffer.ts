import { type Core, EPISODE_STEPS, SHARDS } from "@spikewing/core";

/** A ring of whole episodes for each shard, in the core's memory. */
export interface ReplayBuffer {
  readonly at: number;
  readonly episodes: number;
}

/** `episodes` is a multiple of SHARDS. One takes 112 kB. */
export function createReplayBuffer(core: Core, episodes: number): ReplayBuffer {
  const perShard = episodes / SHARDS;
  const at = core.allocate(core.kernels.replayBytes(SHARDS, perShard, EPISODE_STEPS));
  core.kernels.replayInit(at, SHARDS, perShard, EPISODE_STEPS);
  return { at, episodes };
}
