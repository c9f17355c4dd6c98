import { type Core, createCore, createMemory } from "./core.js";
import { BOARD_BYTES, createBoardPool, postFault, SHARDS, type ShardPool } from "./shard-pool.js";

/** What a helper thread gets: enough to bind the same core and to find its work. */
export interface Inheritance {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: SharedArrayBuffer;
}

export interface PooledCore {
  readonly core: Core;
  readonly pool: ShardPool;
}

/**
 * A core on shared memory and the pool that works on it.
 *
 * @param module the `threads` build
 * @param workers threads in all, the calling one included; more than SHARDS find no work
 * @param start starts a helper that calls serveBoard(), and gives back what ends it; tells `failed` if it cannot serve
 */
export function createHelperPool(
  module: WebAssembly.Module,
  workers: number,
  start: (inheritance: Inheritance, failed: (error: unknown) => void) => () => void,
): PooledCore {
  const memory = createMemory("threads");
  const core = createCore(module, memory);
  const board = new SharedArrayBuffer(BOARD_BYTES);
  const helpers = Array.from({ length: Math.min(workers, SHARDS) - 1 }, () =>
    start({ module, memory, board }, (error) => postFault(board, error)),
  );
  const pool = createBoardPool(core.kernels, board, helpers.length + 1, () => {
    for (const end of helpers) end();
  });
  return { core, pool };
}
