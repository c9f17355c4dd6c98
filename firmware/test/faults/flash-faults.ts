// Faults in the flash of the board. The self-test at power-on must refuse to arm, for ever, and say why.
import { ACTION_WORDS, OBSERVATION_WORDS, placeImage } from "@spikewing/core";
import { expect } from "vitest";
import type { PolicyData } from "../../src/library/policy-data.js";
import { createReceiver, encodeMessage } from "../../src/protocol/codec.js";
import type { SelfTest } from "../../src/protocol/table.js";
import type { Board } from "./board.js";
import { expectSafe } from "./board.js";
import { buildBench, type Change, core, flipBitInFlash, SHIPPED_DATA } from "./builds.js";

export interface FlashFault {
  readonly selfTest: SelfTest;
  /** The ELF file with the fault; `changes` are made to the sources. */
  readonly flash: (changes?: readonly Change[]) => string;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Whether the policy still gives the actions of its example. */
function repeatsExample({ image, observations, actions }: PolicyData): boolean {
  const pilot = core.create("Pilot", { image: placeImage(core, image) });
  const { quantised, action } = core.view("Pilot", pilot);
  for (let step = 0; step < actions.length / ACTION_WORDS; step++) {
    const seen = observations.subarray(OBSERVATION_WORDS * step, OBSERVATION_WORDS * (step + 1));
    core.i16(quantised, OBSERVATION_WORDS).set(seen);
    core.kernels.pilotStepQuantised(pilot);
    if (core.i16(action, ACTION_WORDS).some((x, i) => x !== actions[ACTION_WORDS * step + i])) return false;
  }
  return true;
}

/** A byte of the weights whose lowest bit the example does not reveal: only the checksum does. */
function hiddenByte(): number {
  const first = 256 + 8 * 1024; // behind the header, in the weights of the first layer
  for (let at = first; at < first + 64; at++) {
    const image = SHIPPED_DATA.image.slice();
    image[at]! ^= 1;
    if (repeatsExample({ ...SHIPPED_DATA, image })) return at;
  }
  throw new Error("every bit of these weights is revealed by the example");
}

export const FLASH_FAULTS: Readonly<Record<string, FlashFault>> = {
  "a flipped bit in the weights that the example does not reveal": {
    selfTest: "CHECKSUM",
    flash: (changes) => flipBitInFlash(buildBench(SHIPPED_DATA, changes), SHIPPED_DATA.image, hiddenByte()),
  },
  "a flipped bit in the sizes of the layers": {
    selfTest: "CHECKSUM",
    flash: (changes) => flipBitInFlash(buildBench(SHIPPED_DATA, changes), SHIPPED_DATA.image, 1),
  },
  "a flipped bit in the observations of the example": {
    selfTest: "CHECKSUM",
    flash: (changes) =>
      flipBitInFlash(buildBench(SHIPPED_DATA, changes), bytesOf(SHIPPED_DATA.observations), 100),
  },
  "a flipped bit in the actions of the example": {
    selfTest: "CHECKSUM",
    flash: (changes) => flipBitInFlash(buildBench(SHIPPED_DATA, changes), bytesOf(SHIPPED_DATA.actions), 100),
  },
  "a policy core that gives another action in the last step of the example": {
    selfTest: "EXAMPLE",
    flash: (changes) => {
      const actions = SHIPPED_DATA.actions.slice();
      actions[actions.length - 1]! ^= 1;
      return buildBench({ ...SHIPPED_DATA, actions }, changes);
    },
  },
  "a linear memory that is too small": {
    selfTest: "MEMORY",
    flash: (changes = []) =>
      buildBench(SHIPPED_DATA, [
        {
          file: "controller/sw_policy.c",
          from: "allocate(sizeof(sw_estimate_t))",
          to: "allocate(SW_LEGACY_STATE_PAYLOAD_BYTES + 64)",
        },
        ...changes,
      ]),
  },
  "an example without a step": {
    selfTest: "EXAMPLE",
    flash: (changes) =>
      buildBench({ ...SHIPPED_DATA, observations: new Int16Array(0), actions: new Int16Array(0) }, changes),
  },
};

/** The board says why, and stays at FAULT whatever comes: no step, motors stopped. */
export async function expectFault(board: Board, selfTest: SelfTest): Promise<void> {
  const { sent, report } = await board.send(encodeMessage({ kind: "HELLO_REQUEST", sequence: 77 }));
  expect(report).toMatchObject({ selfTest, status: "FAULT", reason: "SELF_TEST" });
  expect(createReceiver("Crazyflie").receive(sent)).toMatchObject([
    { kind: "HELLO", sequence: 77, selfTest, status: "FAULT" },
  ]);
  for (const arm of [false, true, true, false, true])
    expectSafe(await board.exchange({ arm }), "FAULT", "SELF_TEST", { steps: 0 });
  await board.bench.reboot();
  expectSafe(await board.exchange({ arm: false }), "FAULT", "SELF_TEST", { steps: 0 });
  expectSafe(await board.exchange(), "FAULT", "SELF_TEST", { steps: 0 });
}
