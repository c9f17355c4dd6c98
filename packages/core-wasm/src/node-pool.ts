import { Worker } from "node:worker_threads";
import { type Core, createCore, createMemory } from "./core.js";
import { compileCore } from "./node.js";
import { BOARD_BYTES, createBoardPool, createInlinePool, SHARDS, type ShardPool } from "./shard-pool.js";

/** A core and the pool that works on it, with 1 to SHARDS threads in all. */
export function createNodePool(workers: number): { core: Core; pool: ShardPool } {
  if (workers <= 1) {
    const core = createCore(compileCore("simd"), createMemory("simd"));
    return { core, pool: createInlinePool(core.kernels) };
  }
  const module = compileCore("threads");
  const memory = createMemory("threads");
  const core = createCore(module, memory);
  const board = new SharedArrayBuffer(BOARD_BYTES);
  const script = new URL("./node-worker.js", import.meta.url);
  const helpers = Array.from({ length: Math.min(workers, SHARDS) - 1 }, () => {
    const helper = new Worker(script, { workerData: { module, memory, board } });
    helper.unref();
    return helper;
  });
  const pool = createBoardPool(core.kernels, board, helpers.length + 1, () => {
    for (const helper of helpers) void helper.terminate();
  });
  return { core, pool };
}
