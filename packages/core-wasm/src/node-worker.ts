import { workerData } from "node:worker_threads";
import { instantiateCore } from "./core.js";
import type { Inheritance } from "./helper-pool.js";
import { serveBoard } from "./shard-pool.js";

const { module, memory, board } = workerData as Inheritance;
serveBoard(instantiateCore(module, memory), board);
