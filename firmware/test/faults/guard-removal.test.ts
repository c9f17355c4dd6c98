// A fault test is worth something only if it fails without the guard that it is for: each guard is taken out of the C
// sources, and each fault that it is there for must then break an assertion of its test.
import { expect, test } from "vitest";
import { type Bench, startBench } from "../../src/emulator/bench.js";
import { createBoard } from "./board.js";
import { expectBroken } from "./broken.js";
import { buildBench } from "./builds.js";
import { FAULTS } from "./faults.js";
import { expectFault, FLASH_FAULTS } from "./flash-faults.js";
import { FLASH_GUARDS, GUARDS } from "./guards.js";

async function onBench(elf: string, use: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await startBench(elf);
  try {
    await use(bench);
  } finally {
    await bench.stop();
  }
}

test.each(Object.entries(GUARDS))("without %s its faults are noticed", async (_name, guard) => {
  await onBench(buildBench(undefined, [guard]), async (bench) => {
    for (const name of guard.faults) await expectBroken(name, () => FAULTS[name]!(createBoard(bench)));
  });
});

test.each(Object.entries(FLASH_GUARDS))("without %s its faults are noticed", async (_name, guard) => {
  for (const name of guard.faults) {
    const { flash, selfTest } = FLASH_FAULTS[name]!;
    await onBench(flash([guard]), (bench) =>
      expectBroken(name, () => expectFault(createBoard(bench), selfTest)),
    );
  }
});

test("every fault has a guard whose removal it shows", () => {
  const shown = [...Object.values(GUARDS), ...Object.values(FLASH_GUARDS)].flatMap(({ faults }) => faults);
  const faults = [...Object.keys(FAULTS), ...Object.keys(FLASH_FAULTS)];
  expect(faults.filter((name) => !shown.includes(name))).toEqual([]);
});
