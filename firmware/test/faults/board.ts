// A board on the bench, flown like the Crazyflie does: one exchange every 10 ms of simulated time.
import { loadCore } from "@spikewing/core/node";
import { expect } from "vitest";
import type { Bench, BenchReport } from "../../src/emulator/bench.js";
import { CONTROL_PERIOD_US } from "../../src/hil/fly-on-wire.js";
import {
  createReceiver,
  encodeMessage,
  type MotorsMessage,
  type StateMessage,
} from "../../src/protocol/codec.js";
import type { Reason, Status } from "../../src/protocol/table.js";
import { createWireNumbers } from "../../src/protocol/wire-numbers.js";

export const wire = createWireNumbers(loadCore());

/** A STATE before its numbers are rounded. */
export interface Seen extends Omit<StateMessage, "observation"> {
  readonly observation: Float32Array;
}

export const stateFrame = (state: Seen): Uint8Array =>
  encodeMessage({ ...state, observation: wire.ofObservation(state.observation) });

export interface Result {
  readonly report: BenchReport;
  /** What the board sent, byte by byte and as MOTORS. */
  readonly sent: Uint8Array;
  readonly answers: readonly MotorsMessage[];
}

export interface Board {
  readonly bench: Bench;
  /** Simulated time of the last exchange, us. */
  nowUs: number;
  /** The next STATE, one period later, with the next sequence number and an estimate like no other; or as `changes` say. */
  nextState(changes?: Partial<Seen>): Seen;
  /** Bytes reach the board now, or at `atUs`. */
  send(bytes: Uint8Array, atUs?: number, polled?: boolean): Promise<Result>;
  /** Sends nextState(changes) at its time. */
  exchange(changes?: Partial<Seen>): Promise<Result>;
  /** Reboots, arms, and flies three steps. */
  takeOff(): Promise<void>;
}

/** Level and almost still; `step` tells one estimate from another. */
export function estimate(step: number): Float32Array {
  const sway = ((step * 37) % 101) / 1000;
  return Float32Array.of(sway, -sway, 0.01, 1, 0, 0, 0, 1, 0, 0, 0, 1, sway, 0, 0, 0, sway, 0);
}

export function createBoard(bench: Bench): Board {
  const receiver = createReceiver("Crazyflie");
  let sequence = 0;
  const board: Board = {
    bench,
    nowUs: 0,
    nextState(changes = {}) {
      board.nowUs += CONTROL_PERIOD_US;
      sequence = (sequence + 1) & 0xffff;
      const state: Seen = {
        kind: "STATE",
        sequence,
        timeUs: board.nowUs,
        arm: true,
        observation: estimate(sequence),
        ...changes,
      };
      sequence = state.sequence;
      return state;
    },
    async send(bytes, atUs = board.nowUs, polled = true) {
      board.nowUs = atUs;
      const { sent, report } = await bench.take(bytes, atUs, polled);
      const answers = receiver.receive(sent).filter((message) => message.kind === "MOTORS");
      return { report, sent, answers };
    },
    exchange: (changes) => board.send(stateFrame(board.nextState(changes))),
    async takeOff() {
      bench.setStepTime(0);
      await bench.reboot();
      expectStandby(await board.exchange({ arm: false }));
      for (let step = 1; step <= 3; step++) expectFlying(await board.exchange(), step);
    },
  };
  return board;
}

/** The one answer of a board that flies; `steps` of the policy since power-on. */
export function expectFlying({ report, answers }: Result, steps: number): void {
  expect(report, "status").toMatchObject({ status: "ARMED", reason: "NONE" });
  expect(report.steps, "steps of the policy").toBe(steps);
  expect(answers, "answers").toHaveLength(1);
  expect(answers[0], "answer").toMatchObject({ status: "ARMED", reason: "NONE" });
  expect(wire.toMotors(answers[0]!.motors), "motors").not.toContain(-1);
}

/** Every answer stops the motors and says why; the policy has not stepped beyond `steps`. */
export function expectSafe(
  { report, answers }: Result,
  status: Status,
  reason: Reason,
  expected: { readonly steps: number; readonly answers?: number },
): void {
  expect({ status: report.status, reason: report.reason }, "status").toEqual({ status, reason });
  expect(report.steps, "steps of the policy").toBe(expected.steps);
  expect(answers, "answers").toHaveLength(expected.answers ?? 1);
  for (const answer of answers) {
    expect(answer, "answer").toMatchObject({ status, reason });
    expect(Array.from(wire.toMotors(answer.motors)), "motors").toEqual([-1, -1, -1, -1]);
  }
}

export function expectStandby(result: Result, steps = 0): void {
  expectSafe(result, "STANDBY", "NONE", { steps });
}
