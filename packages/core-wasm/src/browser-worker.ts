import { instantiateCore } from "./core.js";
import type { Inheritance } from "./helper-pool.js";
import { serveBoard } from "./shard-pool.js";

addEventListener("message", ({ data }: MessageEvent<Inheritance>) => {
  const { module, memory, board } = data;
  const kernels = instantiateCore(module, memory);
  postMessage("listening");
  serveBoard(kernels, board);
});
