import { Worker } from "node:worker_threads";
import { createCore, createMemory } from "./core.js";
import { createHelperPool, type PooledCore } from "./helper-pool.js";
import { compileCore } from "./node.js";
import { createInlinePool } from "./shard-pool.js";

/** A core and the pool that works on it, with 1 to SHARDS threads in all. */
export function createNodePool(workers: number): PooledCore {
  if (workers <= 1) {
    const core = createCore(compileCore("simd"), createMemory("simd"));
    return { core, pool: createInlinePool(core.kernels) };
  }
  const script = new URL("./node-worker.js", import.meta.url);
  return createHelperPool(compileCore("threads"), workers, (inheritance, failed) => {
    const helper = new Worker(script, { workerData: inheritance });
    helper.on("error", failed);
    helper.unref();
    return () => void helper.terminate();
  });
}
