import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, startBench } from "../../src/emulator/bench.js";
import { type Board, createBoard } from "./board.js";
import { buildBench, removeBuilds } from "./builds.js";
import { FAULTS } from "./faults.js";

let bench: Bench;
let board: Board;
beforeAll(async () => {
  bench = await startBench(buildBench());
  board = createBoard(bench);
});
afterAll(async () => {
  await bench?.stop();
  removeBuilds();
});

test.each(Object.entries(FAULTS))("%s", async (_name, fault) => {
  expect.hasAssertions();
  await fault(board);
});
