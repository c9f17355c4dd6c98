import { workerData } from "node:worker_threads";
import { instantiateCore } from "./core.js";
import { serveBoard } from "./shard-pool.js";

interface Inheritance {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: SharedArrayBuffer;
}

const { module, memory, board } = workerData as Inheritance;
serveBoard(instantiateCore(module, memory), board);
