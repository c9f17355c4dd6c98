import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { createHelperPool } from "../dist/helper-pool.js";
import { compileCore } from "../dist/node.js";
import { createNodePool } from "../dist/node-entry.js";
import { BOARD_BYTES, createBoardPool } from "../dist/shard-pool.js";

/** Serves a board with one kernel, which says that it has begun, and traps. */
const TRAPPING_HELPER = `
  import { parentPort, workerData } from "node:worker_threads";
  const { script, board, begun } = workerData;
  const { serveBoard } = await import(script);
  parentPort.postMessage("listening");
  serveBoard({ work: () => {
    Atomics.store(begun, 0, 1);
    Atomics.notify(begun, 0);
    throw new WebAssembly.RuntimeError("unreachable");
  } }, board);
`;

test("a trap in a helper's kernel reaches the caller, who does not wait for its shard", async () => {
  const board = new SharedArrayBuffer(BOARD_BYTES);
  const begun = new Int32Array(new SharedArrayBuffer(4));
  const script = new URL("../dist/shard-pool.js", import.meta.url).href;
  const source = new URL(`data:text/javascript,${encodeURIComponent(TRAPPING_HELPER)}`);
  const helper = new Worker(source, { workerData: { script, board, begun } });
  await new Promise((resolve) => helper.once("message", resolve));
  let calls = 0;
  /** Holds its first shard until the helper is in one. */
  const work = () => {
    calls++;
    Atomics.wait(begun, 0, 0);
  };
  const pool = createBoardPool({ work } as never, board, 2, () => void helper.terminate());
  expect(() => pool.run("work" as never, () => [] as never)).toThrow("work: unreachable");
  expect(calls).toBeLessThan(4); // the helper had one at least, and more where this thread slept
  pool.close();
});

test.each([1, 2, 4])("a kernel that traps in every shard throws with %i threads", (workers) => {
  const { core, pool } = createNodePool(workers);
  try {
    const beyond = core.memory.buffer.byteLength;
    expect(() => pool.run("polyakUpdate", () => [beyond, beyond, 1024, 0.5] as never)).toThrow(
      /out of bounds/,
    );
  } finally {
    pool.close();
  }
});

test("a helper that cannot start is no silence: the next run throws what it says", () => {
  const { pool } = createHelperPool(compileCore("threads"), 2, (_, failed) => {
    failed(new Error("no thread left"));
    return () => {};
  });
  expect(() => pool.run("gemmScratchBytes", () => [16])).toThrow("no thread left");
});
