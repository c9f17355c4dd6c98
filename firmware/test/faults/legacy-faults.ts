// The faults of the authors' frames: these carry no sequence number, time or ARM, and a board that must not fly is
// silent. As faults.ts: each begins with a reboot.
import { expect } from "vitest";
import type { Bench, BenchReport } from "../../src/emulator/bench.js";
import { CONTROL_PERIOD_US } from "../../src/hil/fly-on-wire.js";
import { createLegacyReceiver, encodeLegacyState } from "../../src/protocol/legacy-codec.js";
import { LIMITS, type Reason } from "../../src/protocol/table.js";
import { estimate } from "./board.js";
import { core } from "./builds.js";

export interface LegacyResult {
  readonly report: BenchReport;
  readonly answers: readonly Float32Array[];
}

export interface LegacyBoard {
  readonly bench: Bench;
  nowUs: number;
  /** The next frame, one period later: of this observation (18, order of training), else of one like no other. */
  nextFrame(observation?: Float32Array): Uint8Array;
  send(bytes: Uint8Array, atUs?: number, polled?: boolean): Promise<LegacyResult>;
  /** Reboots and flies three steps. */
  takeOff(): Promise<void>;
}

const observed = core.allocate("F32s", 18);
const payload = core.allocate("F32s", 18);

/** What the authors' Crazyflie sends for an observation in the order and units of training. */
export function legacyPayload(observation: Float32Array): Float32Array {
  core.f32(observed, 18).set(observation);
  core.kernels.observationToLegacy(observed, payload);
  return core.f32(payload, 18).slice();
}

export function createLegacyBoard(bench: Bench): LegacyBoard {
  const receiver = createLegacyReceiver();
  let count = 0;
  const board: LegacyBoard = {
    bench,
    nowUs: 0,
    nextFrame(observation = estimate(++count)) {
      board.nowUs += CONTROL_PERIOD_US;
      return encodeLegacyState(legacyPayload(observation));
    },
    async send(bytes, atUs = board.nowUs, polled = true) {
      board.nowUs = atUs;
      const { sent, report } = await bench.take(bytes, atUs, polled);
      return { report, answers: receiver.receive(sent) };
    },
    async takeOff() {
      bench.setStepTime(0);
      await bench.reboot();
      for (let step = 1; step <= FLOWN; step++) expectFlying(await board.send(board.nextFrame()), step);
    },
  };
  return board;
}

const FLOWN = 3;

export function expectFlying({ report, answers }: LegacyResult, steps: number): void {
  expect(report, "status").toMatchObject({ status: "ARMED", reason: "NONE", steps });
  expect(answers, "answers").toHaveLength(1);
}

/** No answer to this frame, nor to any good one after it. */
async function expectSilence(board: LegacyBoard, result: LegacyResult, reason: Reason, steps: number) {
  for (let i = 0; i < 5; i++) {
    expect(result.report, "status").toMatchObject({ status: "FAILSAFE", reason, steps });
    expect(result.answers, "answers").toEqual([]);
    result = await board.send(board.nextFrame());
  }
}

const withWord = (word: number, value: number): Float32Array =>
  estimate(1).map((x, i) => (i === word ? value : x));

export type LegacyFault = (board: LegacyBoard) => Promise<void>;

export const LEGACY_FAULTS: Readonly<Record<string, LegacyFault>> = {
  "a wrong sum": async (board) => {
    await board.takeOff();
    const frame = board.nextFrame();
    for (const at of [1, 40, 72, 73]) {
      const { report, answers } = await board.send(frame.map((byte, i) => (i === at ? byte ^ 4 : byte)));
      expect(report).toMatchObject({ status: "ARMED", steps: FLOWN });
      expect(answers).toEqual([]);
    }
    expectFlying(await board.send(frame), FLOWN + 1);
  },

  "a frame cut short": async (board) => {
    await board.takeOff();
    let steps = FLOWN;
    for (const length of [1, 2, 30, 73]) {
      const cut = board.nextFrame().subarray(0, length);
      const frame = board.nextFrame();
      expectFlying(await board.send(Uint8Array.of(...cut, ...frame)), ++steps);
    }
  },

  "a number that is not finite": async (board) => {
    for (const word of [0, 3, 12, 15]) {
      await board.takeOff();
      const result = await board.send(board.nextFrame(withWord(word, Number.NaN)));
      await expectSilence(board, result, "NOT_FINITE", FLOWN);
    }
  },

  "a value out of its range": async (board) => {
    for (const [word, value] of [
      [0, 4.01],
      [4, -1.07],
      [13, 8.01],
      [17, -35.01], // rad/s: -2006 deg/s on the wire
    ] as const) {
      await board.takeOff();
      const result = await board.send(board.nextFrame(withWord(word, value)));
      await expectSilence(board, result, "OUT_OF_RANGE", FLOWN);
    }
  },

  "an estimate that stands still": async (board) => {
    await board.takeOff();
    const observation = estimate(500);
    for (let step = 1; step <= LIMITS.staleFrames.value; step++)
      expectFlying(await board.send(board.nextFrame(observation)), FLOWN + step);
    const result = await board.send(board.nextFrame(observation));
    await expectSilence(board, result, "STALE_STATE", FLOWN + LIMITS.staleFrames.value);
  },

  "a lost link": async (board) => {
    await board.takeOff();
    const last = board.nowUs;
    expect(await board.bench.poll(last + LIMITS.linkTimeoutUs.value)).toMatchObject({ status: "ARMED" });
    expect(await board.bench.poll(last + LIMITS.linkTimeoutUs.value + 1)).toMatchObject({
      status: "FAILSAFE",
      reason: "LINK_LOST",
    });
    await expectSilence(board, await board.send(board.nextFrame()), "LINK_LOST", FLOWN);
  },

  "a lost link that a loop, held up, did not see": async (board) => {
    await board.takeOff();
    const frame = board.nextFrame();
    const result = await board.send(frame, board.nowUs + LIMITS.linkTimeoutUs.value, false);
    await expectSilence(board, result, "LINK_LOST", FLOWN);
  },

  "a policy step that takes too long": async (board) => {
    await board.takeOff();
    board.bench.setStepTime(LIMITS.deadlineUs.value + 1);
    await expectSilence(board, await board.send(board.nextFrame()), "DEADLINE_MISSED", FLOWN + 1);
  },

  "a bad first frame": async (board) => {
    board.bench.setStepTime(0);
    await board.bench.reboot();
    const { report, answers } = await board.send(board.nextFrame(withWord(2, Number.POSITIVE_INFINITY)));
    expect(report).toMatchObject({ status: "STANDBY", steps: 0 });
    expect(answers).toEqual([]);
    expectFlying(await board.send(board.nextFrame()), 1);
  },
};

/** A board whose self-test failed says nothing and steps nothing. */
export async function expectMute(board: LegacyBoard): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const { report, answers } = await board.send(board.nextFrame());
    expect(report).toMatchObject({ status: "FAULT", reason: "SELF_TEST", steps: 0 });
    expect(answers).toEqual([]);
  }
}
