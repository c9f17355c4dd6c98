import { expect, test } from "vitest";
import { startBench } from "../../src/emulator/bench.js";
import { policyId } from "../../src/library/policy-data.js";
import { createReceiver, encodeMessage } from "../../src/protocol/codec.js";
import { createBoard } from "./board.js";
import { buildBench, SHIPPED_DATA } from "./builds.js";
import { expectFault, FLASH_FAULTS } from "./flash-faults.js";

test.each(Object.entries(FLASH_FAULTS))("%s: the board refuses to arm", async (_name, fault) => {
  expect.hasAssertions();
  const bench = await startBench(fault.flash());
  try {
    await expectFault(createBoard(bench), fault.selfTest);
  } finally {
    await bench.stop();
  }
});

test("a whole policy passes, and says which it is", async () => {
  const bench = await startBench(buildBench());
  try {
    const { sent } = await bench.take(encodeMessage({ kind: "HELLO_REQUEST", sequence: 0xffff }), 0);
    expect(createReceiver("Crazyflie").receive(sent)).toEqual([
      {
        kind: "HELLO",
        sequence: 0xffff,
        selfTest: "PASSED",
        status: "STANDBY",
        hidden: [256, 128],
        policyId: Buffer.from(policyId(SHIPPED_DATA)).toString("hex"),
      },
    ]);
  } finally {
    await bench.stop();
  }
});
