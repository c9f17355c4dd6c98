// Every fault on the line or in the loop that the firmware must survive, injected on the emulated chip. What it must
// do, and when, is asserted here and nowhere else: fail-safes.test.ts runs these against the firmware,
// guard-removal.test.ts against firmware without the guard. Each begins with a reboot.
import crc32 from "crc/calculators/crc32";
import { expect } from "vitest";
import {
  CRC_BYTES,
  frameBytes,
  LIMITS,
  OBSERVATION_BITS,
  OBSERVATION_FIELDS,
  PROTOCOL_VERSION,
  type Reason,
  STATE,
  SYNC,
} from "../../src/protocol/table.js";
import { type Board, estimate, expectFlying, expectSafe, expectStandby, stateFrame } from "./board.js";

export type Fault = (board: Board) => Promise<void>;

/** Steps of the policy that takeOff flies; one frame more, without ARM, comes before. */
const FLOWN = 3;
const TIMEOUT_US = LIMITS.linkTimeoutUs.value;
const STATE_BYTES = frameBytes(STATE);
const DEADLINE_US = LIMITS.deadlineUs.value;

const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));

/** Bytes as good as random, none of which can begin a frame. */
const noise = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => {
    const byte = Math.imul(i + 1, 0x9e3779b1) >>> 24;
    return byte === SYNC[0] ? 0 : byte;
  });

/** The frame of another protocol version, whole in itself. */
function ofVersion(version: number, frame: Uint8Array): Uint8Array {
  const changed = frame.slice();
  changed[SYNC.length] = version;
  const crcAt = frame.length - CRC_BYTES;
  new DataView(changed.buffer).setUint32(crcAt, crc32(changed.subarray(SYNC.length, crcAt)), true);
  return changed;
}

/** The next number away from zero that a STATE can hold. */
const beyond = (x: number, bits: number): number => x + Math.sign(x) * 2 ** -bits;

/** The numbers of each group of the observation, as their places in it. */
const GROUPS = OBSERVATION_FIELDS.map((field, i) => {
  const first = OBSERVATION_FIELDS.slice(0, i).reduce((sum, { count }) => sum + count, 0);
  return {
    ...field,
    bits: OBSERVATION_BITS[i]!,
    words: Array.from({ length: field.count }, (_, word) => first + word),
  };
});

const withWord = (word: number, value: number): Float32Array =>
  estimate(1).map((x, i) => (i === word ? value : x));

/** In flight, a STATE with each of these in turn stops the motors at once; without ARM the board flies again. */
async function expectRefused(board: Board, observations: readonly Float32Array[], reason: Reason) {
  await board.takeOff();
  let steps = FLOWN;
  for (const observation of observations) {
    expectSafe(await board.exchange({ observation }), "FAILSAFE", reason, { steps });
    expectSafe(await board.exchange(), "FAILSAFE", reason, { steps });
    expectStandby(await board.exchange({ arm: false }), steps);
    expectFlying(await board.exchange(), ++steps);
  }
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  "noise on the line": async (board) => {
    await board.takeOff();
    const likeFrame = join(Uint8Array.of(...SYNC, PROTOCOL_VERSION, STATE.type), noise(STATE_BYTES - 4));
    const state = board.nextState();
    const result = await board.send(join(noise(500), likeFrame, stateFrame(state)));
    expectFlying(result, FLOWN + 1);
    expect(result.answers[0]!.sequence).toBe(state.sequence);
    expect(result.report).toMatchObject({ frames: FLOWN + 2, badCrc: 1, noiseBytes: 500 + STATE_BYTES - 2 });
  },

  "a frame cut short": async (board) => {
    await board.takeOff();
    let steps = FLOWN;
    for (const length of [1, 2, 3, 5, 40, STATE_BYTES - 1]) {
      const cut = stateFrame(board.nextState()).subarray(0, length);
      const state = board.nextState();
      const result = await board.send(join(cut, stateFrame(state)));
      expectFlying(result, ++steps);
      expect(result.answers[0]!.sequence).toBe(state.sequence);
    }
  },

  "a wrong CRC": async (board) => {
    await board.takeOff();
    const frame = stateFrame(board.nextState());
    for (const at of [4, 6, 10, 12, STATE_BYTES - 5, STATE_BYTES - 4, STATE_BYTES - 1]) {
      const { report, sent } = await board.send(frame.map((byte, i) => (i === at ? byte ^ 1 : byte)));
      expect(report, `bit flipped in byte ${at}`).toMatchObject({ status: "ARMED", steps: FLOWN });
      expect(sent).toHaveLength(0);
    }
    const result = await board.send(frame);
    expectFlying(result, FLOWN + 1);
    expect(result.report.badCrc).toBe(7);
  },

  "another protocol version": async (board) => {
    await board.takeOff();
    const frame = stateFrame(board.nextState());
    const { report, sent } = await board.send(ofVersion(PROTOCOL_VERSION + 1, frame));
    expect(report).toMatchObject({ status: "ARMED", steps: FLOWN, badVersion: 1 });
    expect(sent).toHaveLength(0);
    expectFlying(await board.send(frame), FLOWN + 1);
  },

  "an echo of its own answers": async (board) => {
    await board.takeOff();
    const { sent } = await board.exchange();
    const echoed = await board.send(sent);
    expect(echoed.report).toMatchObject({ status: "ARMED", steps: FLOWN + 1, badType: 1 });
    expect(echoed.sent).toHaveLength(0);
  },

  "as many lost frames as are flown over": async (board) => {
    await board.takeOff();
    for (let lost = 0; lost < LIMITS.maxLostFrames.value; lost++) board.nextState();
    expectFlying(await board.exchange(), FLOWN + 1);
  },

  "one lost frame too many": async (board) => {
    await board.takeOff();
    for (let lost = 0; lost <= LIMITS.maxLostFrames.value; lost++) board.nextState();
    expectSafe(await board.exchange(), "FAILSAFE", "SEQUENCE", { steps: FLOWN });
  },

  "a repeated frame": async (board) => {
    await board.takeOff();
    const frame = stateFrame(board.nextState());
    const first = await board.send(frame);
    expectFlying(first, FLOWN + 1);
    const again = await board.send(frame);
    expectFlying(again, FLOWN + 1);
    expect(again.sent).toEqual(first.sent);
  },

  "a repeated frame without ARM": async (board) => {
    await board.takeOff();
    const state = board.nextState({ arm: false });
    for (let time = 0; time <= LIMITS.staleFrames.value; time++)
      expectStandby(await board.send(stateFrame(state)), FLOWN);
    expectFlying(await board.exchange({ observation: state.observation }), FLOWN + 1); // stale for the first time
  },

  "a sender that repeats one frame for ever": async (board) => {
    await board.takeOff();
    const frame = stateFrame(board.nextState());
    const first = board.nowUs;
    for (let later = 0; later <= TIMEOUT_US; later += 10_000)
      expectFlying(await board.send(frame, first + later), FLOWN + 1);
    const result = await board.send(frame, first + TIMEOUT_US + 1);
    expectSafe(result, "FAILSAFE", "LINK_LOST", { steps: FLOWN + 1 });
  },

  "frames out of order": async (board) => {
    await board.takeOff();
    const older = stateFrame(board.nextState());
    expectFlying(await board.exchange(), FLOWN + 1);
    expectSafe(await board.send(older), "FAILSAFE", "SEQUENCE", { steps: FLOWN + 1 });
  },

  "a lost link": async (board) => {
    await board.takeOff();
    const last = board.nowUs;
    expect(await board.bench.poll(last + TIMEOUT_US)).toMatchObject({ status: "ARMED" });
    expect(await board.bench.poll(last + TIMEOUT_US + 1)).toMatchObject({
      status: "FAILSAFE",
      reason: "LINK_LOST",
      steps: FLOWN,
    });
    expectSafe(await board.exchange(), "FAILSAFE", "LINK_LOST", { steps: FLOWN });
  },

  "a lost link that a loop, held up, did not see": async (board) => {
    await board.takeOff();
    const frame = stateFrame(board.nextState());
    const result = await board.send(frame, board.nowUs + TIMEOUT_US, false);
    expectSafe(result, "FAILSAFE", "LINK_LOST", { steps: FLOWN });
  },

  "a link lost on standby, and ARM when it comes back": async (board) => {
    await board.takeOff();
    expectStandby(await board.exchange({ arm: false }), FLOWN);
    await board.bench.poll(board.nowUs + TIMEOUT_US + 1);
    for (let i = 0; i < 3; i++) expectStandby(await board.exchange(), FLOWN);
    expectStandby(await board.exchange({ arm: false }), FLOWN);
    expectFlying(await board.exchange(), FLOWN + 1);
  },

  "ARM held after a fault": async (board) => {
    await board.takeOff();
    const steps = FLOWN;
    await board.exchange({ observation: withWord(0, Number.NaN) });
    for (let i = 0; i < 10; i++) expectSafe(await board.exchange(), "FAILSAFE", "NOT_FINITE", { steps });
    expectStandby(await board.exchange({ arm: false }), steps);
    expectFlying(await board.exchange(), steps + 1);
  },

  "a clock that stands still": async (board) => {
    await board.takeOff();
    const timeUs = board.nowUs;
    for (let stale = 1; stale < LIMITS.staleFrames.value; stale++)
      expectFlying(await board.exchange({ timeUs }), FLOWN + stale);
    const steps = FLOWN + LIMITS.staleFrames.value - 1;
    expectSafe(await board.exchange({ timeUs }), "FAILSAFE", "STALE_STATE", { steps });
  },

  "an estimate that stands still": async (board) => {
    await board.takeOff();
    const observation = estimate(1);
    expectFlying(await board.exchange({ observation }), FLOWN + 1);
    for (let stale = 1; stale < LIMITS.staleFrames.value; stale++)
      expectFlying(await board.exchange({ observation }), FLOWN + 1 + stale);
    const steps = FLOWN + LIMITS.staleFrames.value;
    expectSafe(await board.exchange({ observation }), "FAILSAFE", "STALE_STATE", { steps });
  },

  "a number that is not finite": (board) => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const observations = Array.from({ length: 18 }, (_, word) => withWord(word, values[word % 3]!));
    return expectRefused(board, [...observations, withWord(0, Number.NaN)], "NOT_FINITE");
  },

  "a bad observation without ARM": async (board) => {
    await board.takeOff();
    const observation = withWord(5, Number.NaN);
    const result = await board.exchange({ arm: false, observation });
    expectSafe(result, "FAILSAFE", "NOT_FINITE", { steps: FLOWN });
    expectSafe(await board.exchange(), "FAILSAFE", "NOT_FINITE", { steps: FLOWN });
  },

  ...Object.fromEntries(
    GROUPS.flatMap(({ name, words, range, bits }) =>
      (["below", "above"] as const).map((side): [string, Fault] => [
        `${name} ${side} its range`,
        async (board) => {
          const limit = range![side === "below" ? 0 : 1];
          await expectRefused(
            board,
            words.map((word) => withWord(word, beyond(limit, bits))),
            "OUT_OF_RANGE",
          );
          expectFlying(
            await board.exchange({ observation: withWord(words[0]!, limit) }),
            FLOWN + words.length + 1,
          );
        },
      ]),
    ),
  ),

  "a policy step that takes too long": async (board) => {
    await board.takeOff();
    board.bench.setStepTime(DEADLINE_US);
    const inTime = await board.exchange();
    expectFlying(inTime, FLOWN + 1);
    expect(inTime.answers[0]!.stepUs).toBe(DEADLINE_US);
    board.bench.setStepTime(DEADLINE_US + 1);
    const late = await board.exchange();
    expectSafe(late, "FAILSAFE", "DEADLINE_MISSED", { steps: FLOWN + 2 });
    expect(late.answers[0]!.stepUs).toBe(DEADLINE_US + 1);
  },

  "a loop that was held up": async (board) => {
    await board.takeOff();
    const frame = stateFrame(board.nextState());
    await board.bench.poll(board.nowUs);
    const result = await board.send(frame, board.nowUs + DEADLINE_US + 1, false);
    expectSafe(result, "FAILSAFE", "DEADLINE_MISSED", { steps: FLOWN + 1 });
  },

  "a reboot in flight": async (board) => {
    await board.takeOff();
    await board.bench.reboot();
    for (let i = 0; i < 10; i++) expectStandby(await board.exchange());
    expectStandby(await board.exchange({ arm: false }));
    expectFlying(await board.exchange(), 1);
  },

  "ARM withdrawn, and given again": async (board) => {
    await board.takeOff();
    await board.exchange({ arm: false });
    const observation = estimate(50);
    const first = await board.exchange({ observation });
    for (let i = 0; i < 5; i++) await board.exchange();
    expectStandby(await board.exchange({ arm: false }), FLOWN + 6);
    const second = await board.exchange({ observation }); // membranes begin at zero again
    expectFlying(second, FLOWN + 7);
    expect(second.answers[0]!.motors).toEqual(first.answers[0]!.motors);
  },
};
