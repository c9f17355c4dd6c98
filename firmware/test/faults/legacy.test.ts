import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, startBench } from "../../src/emulator/bench.js";
import { createReferencePilot } from "../../src/hil/reference-pilot.js";
import { estimate } from "./board.js";
import { expectBroken } from "./broken.js";
import { buildBench, core, SHIPPED_DATA } from "./builds.js";
import { FLASH_FAULTS } from "./flash-faults.js";
import { LEGACY_GUARDS } from "./guards.js";
import {
  createLegacyBoard,
  expectMute,
  LEGACY_FAULTS,
  type LegacyBoard,
  legacyPayload,
} from "./legacy-faults.js";

let bench: Bench;
let board: LegacyBoard;
beforeAll(async () => {
  bench = await startBench(buildBench(), "legacy");
  board = createLegacyBoard(bench);
});
afterAll(async () => {
  await bench?.stop();
});

/** The observation as it comes out of a legacy frame: the gyro has been in deg/s. */
function throughLegacy(observation: Float32Array): Float32Array {
  const payload = core.allocate("F32s", 18);
  const back = core.allocate("F32s", 18);
  core.f32(payload, 18).set(legacyPayload(observation));
  core.kernels.observationFromLegacy(payload, back);
  return core.f32(back, 18).slice();
}

test("the authors' frames give the motors of the policy, bit for bit", async () => {
  await bench.reboot();
  const pilot = createReferencePilot(core, SHIPPED_DATA.image);
  for (let step = 0; step < 100; step++) {
    const observation = estimate(step).map((x, i) => (i > 11 ? x + 0.01 * (step % 13) - 0.005 * i : x));
    const { answers } = await board.send(board.nextFrame(observation));
    expect(answers).toEqual([pilot.step(throughLegacy(observation))]);
  }
});

test.each(Object.entries(LEGACY_FAULTS))("%s", async (_name, fault) => {
  expect.hasAssertions();
  await fault(board);
});

const SELF_TEST_FAULT =
  FLASH_FAULTS["a policy core that gives another action in the last step of the example"]!;

async function onBench(elf: string, use: (board: LegacyBoard) => Promise<void>): Promise<void> {
  const other = await startBench(elf, "legacy");
  try {
    await use(createLegacyBoard(other));
  } finally {
    await other.stop();
  }
}

test("a board whose self-test failed is mute", async () => {
  expect.hasAssertions();
  await onBench(SELF_TEST_FAULT.flash(), expectMute);
});

test("without its guard a board whose self-test failed is not mute", async () => {
  const change = {
    file: "controller/sw_legacy.c",
    from: "if (supervisor->status == SW_STATUS_FAULT) return;",
    to: "if (supervisor->status == SW_STATUS_FAULT) supervisor->status = SW_STATUS_STANDBY;",
  };
  await onBench(SELF_TEST_FAULT.flash([change]), (other) => expectBroken("mute", () => expectMute(other)));
});

test.each(Object.entries(LEGACY_GUARDS))("without %s its faults are noticed", async (_name, guard) => {
  await onBench(buildBench(undefined, [guard]), async (other) => {
    for (const name of guard.faults) await expectBroken(name, () => LEGACY_FAULTS[name]!(other));
  });
});

test("every legacy fault has a guard whose removal it shows", () => {
  const shown = Object.values(LEGACY_GUARDS).flatMap(({ faults }) => faults);
  expect(Object.keys(LEGACY_FAULTS).filter((name) => !shown.includes(name))).toEqual([]);
});
