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

/** Whether the ring has room for every episode in the air and as many finished ones. */
export function holdsItsEpisodes(config: { bufferEpisodes: number; environments: number }): boolean {
  return config.bufferEpisodes >= 2 * config.environments;
}

/** What a schema says when it has not. */
export const BUFFER_TOO_SMALL = { path: ["bufferEpisodes"], error: "expected at least twice environments" };
