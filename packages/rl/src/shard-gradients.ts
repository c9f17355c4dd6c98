import { type Address, type Core, SHARDS } from "@spikewing/core";

/** A gradient of n parameters a shard, and their sum. */
export interface ShardGradients {
  clear(): void;
  /** Where a shard adds its own. */
  of(shard: number): Address<"F32s">;
  /** The sum in rising order of shards, which takes the place of the first. */
  sum(): Address<"F32s">;
}

export function createShardGradients(core: Core, n: number): ShardGradients {
  const gradients = Array.from({ length: SHARDS }, () => core.allocate("F32s", n));
  const [first, ...others] = gradients as [Address<"F32s">, ...Address<"F32s">[]];
  return {
    clear() {
      for (const gradient of gradients) core.f32(gradient, n).fill(0);
    },
    of: (shard) => gradients[shard]!,
    sum() {
      for (const other of others) core.kernels.addShard(first, other, n);
      return first;
    },
  };
}
