import { type Address, type Core, EPISODE_STEPS, SHARDS } from "@spikewing/core";

/** A ring of whole episodes for each shard, in the core's memory. */
export interface ReplayBuffer {
  readonly at: Address<"Replay">;
  readonly episodes: number;
}

/** `episodes` is a multiple of SHARDS. One takes 112 kB. */
export function createReplayBuffer(core: Core, episodes: number): ReplayBuffer {
  const slotsPerShard = episodes / SHARDS;
  const at = core.create("Replay", { shards: SHARDS, slotsPerShard, maxSteps: EPISODE_STEPS });
  return { at, episodes };
}
