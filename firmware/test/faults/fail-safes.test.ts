import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, startBench } from "../../src/emulator/bench.js";
import { createReceiver, encodeMessage } from "../../src/protocol/codec.js";
import { type Board, createBoard, expectFlying, expectStandby } from "./board.js";
import { buildBench } from "./builds.js";
import { FAULTS } from "./faults.js";

let bench: Bench;
let board: Board;
beforeAll(async () => {
  bench = await startBench(buildBench());
  board = createBoard(bench);
});
afterAll(async () => {
  await bench?.stop();
});

test.each(Object.entries(FAULTS))("%s", async (_name, fault) => {
  expect.hasAssertions();
  await fault(board);
});

test("a HELLO_REQUEST in flight is answered and changes nothing", async () => {
  await board.takeOff();
  const hello = await board.send(encodeMessage({ kind: "HELLO_REQUEST", sequence: 7 }));
  expect(createReceiver("Crazyflie").receive(hello.sent)).toMatchObject([
    { kind: "HELLO", sequence: 7, selfTest: "PASSED", status: "ARMED" },
  ]);
  expectFlying(await board.exchange(), 4);
});

test("sequence numbers and both clocks may wrap in flight", async () => {
  await board.takeOff();
  board.nowUs = 2 ** 32 - 45_000; // of the board, and as the Crazyflie's in every STATE
  expectStandby(await board.exchange({ arm: false, sequence: 65533 }), 3);
  const sequences: number[] = [];
  for (let step = 4; step < 12; step++) {
    const result = await board.exchange();
    expectFlying(result, step);
    sequences.push(result.answers[0]!.sequence);
  }
  expect(sequences).toEqual([65534, 65535, 0, 1, 2, 3, 4, 5]);
  expect(board.nowUs).toBeGreaterThan(2 ** 32);
});
