// The host's end of the link with a simulated drone behind it.
import type { Core } from "@spikewing/core";
import {
  createReceiver,
  createWireNumbers,
  encodeMessage,
  type Message,
  type MotorsMessage,
  REASON_MEANINGS,
  type Reason,
  STATUS_MEANINGS,
} from "@spikewing/firmware";
import { SpikewingError } from "@spikewing/rl";
import { type BoardPilot, createRoundTrips, MOTORS_OFF, within } from "./board-pilot.js";
import type { ByteLink } from "./byte-link.js";

const CONTROL_PERIOD_US = 10_000;
/** On target, level, still. */
const AT_REST = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
const HELLO_WAIT_MS = 300;
const HELLO_TRIES = 10;
/**
 * An answer takes 3 ms, 20 with the latency timer of a USB adapter; a board waits 50 ms for the next frame. One that is
 * sent again is answered, not stepped. From the third on the wait doubles: 2.8 s in all.
 */
const ANSWER_WAIT_MS = 22;
const ANSWER_TRIES = 9;
/** Control periods in a row without ARMED, motors off: in 0.1 s a drone falls 5 cm. Past that the board is not flying. */
const MOST_REFUSED = 10;

/**
 * Says hello and checks that the board flies this policy. Its frames follow one another as fast as they are answered.
 *
 * @param policyId 16 hexadecimal digits; `file` is where it is from
 * @throws SpikewingError naming the port: silent, another policy, or a self-test that failed
 */
export async function connectBoard(
  link: ByteLink,
  core: Core,
  policyId: string,
  file: string,
): Promise<BoardPilot> {
  const wire = createWireNumbers(core);
  const receiver = createReceiver("Crazyflie");
  const roundTrips = createRoundTrips();
  const failSafes: Partial<Record<Reason, number>> = {};
  let repeated = 0;
  let sequence = 0;
  let timeUs = 0;
  let awaited: {
    readonly accepts: (message: Message) => boolean;
    readonly resolve: (message: Message) => void;
  };
  awaited = { accepts: () => false, resolve: () => {} };
  link.onBytes((bytes) => {
    for (const message of receiver.receive(bytes)) if (awaited.accepts(message)) awaited.resolve(message);
  });

  /** Sends until the answer of this kind and sequence comes; undefined if none does. */
  async function ask<K extends Message["kind"]>(
    message: Message,
    kind: K,
    tries: number,
    waits: (attempt: number) => number,
  ): Promise<Extract<Message, { kind: K }> | undefined> {
    const frame = encodeMessage(message);
    const answer = new Promise<Message>((resolve) => {
      awaited = { accepts: (other) => other.kind === kind && other.sequence === message.sequence, resolve };
    });
    const start = performance.now();
    for (let attempt = 0; attempt < tries; attempt++) {
      if (attempt > 0) repeated++;
      const written = link.write(frame);
      const given = await within(Promise.race([written.then(() => answer), link.broken]), waits(attempt));
      if (!given) continue;
      if (kind === "MOTORS") roundTrips.add(performance.now() - start);
      return given as Extract<Message, { kind: K }>;
    }
    return undefined;
  }

  async function exchange(arm: boolean, seen: Float32Array): Promise<MotorsMessage> {
    const observation = wire.ofObservation(seen);
    sequence = (sequence + 1) & 0xffff;
    timeUs = (timeUs + CONTROL_PERIOD_US) >>> 0;
    const state: Message = { kind: "STATE", sequence, timeUs, arm, observation };
    const answer = await ask(
      state,
      "MOTORS",
      ANSWER_TRIES,
      (attempt) => ANSWER_WAIT_MS * 2 ** Math.max(0, attempt - 2),
    );
    if (!answer) throw new SpikewingError(link.name, `the board has stopped answering, at frame ${sequence}`);
    return answer;
  }

  const hello = await ask({ kind: "HELLO_REQUEST", sequence }, "HELLO", HELLO_TRIES, () => HELLO_WAIT_MS);
  if (!hello)
    throw new SpikewingError(
      link.name,
      "the board is silent",
      "power it, wire its TX to RX and RX to TX, and build its library with this protocol",
    );
  if (hello.selfTest !== "PASSED")
    throw new SpikewingError(
      link.name,
      `the board's self-test ended with ${hello.selfTest}; expected PASSED`,
    );
  if (hello.policyId !== policyId)
    throw new SpikewingError(
      link.name,
      `the board flies policy ${hello.policyId}; expected ${policyId} of ${file}`,
      `flash what spikewing firmware build --target teensy --policy ${file} makes`,
    );
  repeated = 0;

  /**
   * From any state of the board to ARMED and the first step. The STATE without ARM shows another observation: two alike
   * would count as stale.
   */
  async function arm(observation: Float32Array): Promise<MotorsMessage> {
    await exchange(false, AT_REST);
    return exchange(true, observation);
  }

  const doesNotFly = ({ status, reason }: MotorsMessage) =>
    new SpikewingError(
      link.name,
      `the board does not fly: at frame ${sequence} it answers ${status}, ${STATUS_MEANINGS[status]}; ${reason}, ${REASON_MEANINGS[reason]}`,
    );

  let flying = false;
  let refused = 0;
  return {
    async step(observation) {
      let answer = flying ? await exchange(true, observation) : await arm(observation);
      if (answer.status !== "ARMED") {
        failSafes[answer.reason] = (failSafes[answer.reason] ?? 0) + 1;
        answer = await arm(observation);
      }
      flying = answer.status === "ARMED";
      refused = flying ? 0 : refused + 1;
      if (answer.status === "FAULT" || refused > MOST_REFUSED) throw doesNotFly(answer);
      return flying ? wire.toMotors(answer.motors) : MOTORS_OFF;
    },
    report: () => {
      const { badVersion, badType, badCrc, badField } = receiver.counts;
      const dropped = badVersion + badType + badCrc + badField;
      return { ...roundTrips.report(), repeated, dropped, failSafes };
    },
  };
}
