import { loadCore } from "@spikewing/core/node";
import { describe, expect, test } from "vitest";
import { createReceiver, encodeMessage, type Message, observationFault } from "../../src/protocol/codec.js";
import { createWireNumbers } from "../../src/protocol/wire-numbers.js";

const SEEN = Float32Array.from([0.5, -1, 2, 1, 0, 0, 0, 1, 0, 0, 0, 1, -0.25, 0.125, 3, 7, -8, 34]);
const OBSERVATION = createWireNumbers(loadCore()).ofObservation(SEEN);

const MESSAGES: readonly Message[] = [
  { kind: "STATE", sequence: 0xfffe, timeUs: 0xfedcba98, arm: true, observation: OBSERVATION },
  { kind: "STATE", sequence: 1, timeUs: 0, arm: false, observation: new Int16Array(18) },
  {
    kind: "MOTORS",
    sequence: 258,
    status: "FAILSAFE",
    reason: "SEQUENCE",
    stepUs: 65535,
    motors: Int16Array.from([-16384, 16384, 8192, -4096]),
  },
  { kind: "HELLO_REQUEST", sequence: 513 },
  {
    kind: "HELLO",
    sequence: 3,
    selfTest: "EXAMPLE",
    status: "FAULT",
    hidden: [256, 128],
    policyId: "0123456789abcdef",
  },
];
const receiverOf = (message: Message) =>
  createReceiver(message.kind === "STATE" || message.kind === "HELLO_REQUEST" ? "Teensy" : "Crazyflie");

const ARMED: Message = {
  kind: "MOTORS",
  sequence: 1,
  status: "ARMED",
  reason: "NONE",
  stepUs: 100,
  motors: Int16Array.from([0, 4096, 8192, 16384]),
};

test("HELLO_REQUEST has the bytes that the table and IEEE 802.3 say", () => {
  // zlib.crc32 of 03 03 34 12 is 0x79244c14
  const bytes = [0xa5, 0x5a, 3, 3, 0x34, 0x12, 0x14, 0x4c, 0x24, 0x79];
  expect(Array.from(encodeMessage({ kind: "HELLO_REQUEST", sequence: 0x1234 }))).toEqual(bytes);
});

test.each(MESSAGES)("$kind $sequence comes back from its frame", (message) => {
  expect(receiverOf(message).receive(encodeMessage(message))).toEqual([message]);
});

test("a message comes whole from single bytes", () => {
  for (const message of MESSAGES) {
    const receiver = receiverOf(message);
    const received = Array.from(encodeMessage(message), (byte) => receiver.receive(Uint8Array.of(byte)));
    expect(received.flat()).toEqual([message]);
    expect(received.at(-1)).toEqual([message]);
  }
});

describe("the receiver drops and counts", () => {
  const good = encodeMessage(ARMED);
  const receive = (...parts: readonly Uint8Array[]) => {
    const receiver = createReceiver("Crazyflie");
    const messages = parts.flatMap((part) => receiver.receive(part));
    return { messages, counts: receiver.counts };
  };
  const changed = (at: number, xor: number) => good.map((byte, i) => (i === at ? byte ^ xor : byte));

  test("noise before a frame", () => {
    const { messages, counts } = receive(Uint8Array.of(1, 2, 3, 0xa5, 4), good);
    expect(messages).toEqual([ARMED]);
    expect(counts).toMatchObject({ frames: 1, noiseBytes: 5 });
  });

  test("another version", () => {
    const { messages, counts } = receive(changed(2, 1), good);
    expect(messages).toEqual([ARMED]);
    expect(counts).toMatchObject({ frames: 1, badVersion: 1 });
  });

  test("a type that is unknown, or that this end sends itself", () => {
    const { messages, counts } = receive(
      changed(3, 0x40),
      encodeMessage({ kind: "HELLO_REQUEST", sequence: 1 }),
    );
    expect(messages).toEqual([]);
    expect(counts).toMatchObject({ frames: 0, badType: 2 });
  });

  test("a frame with any one bit of it flipped", () => {
    for (let bit = 8 * 4; bit < 8 * good.length; bit++) {
      const { messages, counts } = receive(changed(bit >> 3, 1 << (bit & 7)), good);
      expect(messages).toEqual([ARMED]);
      expect(counts).toMatchObject({ frames: 1, badCrc: 1 });
    }
  });

  test("a frame cut short anywhere, and finds the next one at its last byte", () => {
    for (let length = 1; length < good.length; length++) {
      const { messages } = receive(good.subarray(0, length), good);
      expect(messages, `cut after ${length} bytes`).toEqual([ARMED]);
    }
  });

  test("motors outside -1 .. 1, codes that no list has", () => {
    for (const motors of [
      [0, 0, 0, 16385],
      [-16385, 0, 0, 0],
      [0, -32768, 0, 0],
    ]) {
      const { messages, counts } = receive(encodeMessage({ ...ARMED, motors: Int16Array.from(motors) }));
      expect(messages).toEqual([]);
      expect(counts).toMatchObject({ frames: 0, badField: 1 });
    }
    const unknown = { ...ARMED, status: "FLYING" as "ARMED" };
    expect(receive(encodeMessage(unknown)).counts).toMatchObject({ badField: 1 });
  });
});

test("an observation of another length is refused by name", () => {
  const observation = new Int16Array(17);
  expect(() => encodeMessage({ kind: "STATE", sequence: 0, timeUs: 0, arm: false, observation })).toThrow(
    /^STATE: angularVelocity has 2 values; expected 3$/,
  );
});

test("an observation that a board would refuse is named with value, unit and range", () => {
  expect(observationFault(SEEN)).toBeUndefined();
  expect(observationFault(SEEN.map((x, i) => (i === 1 ? -5 : x)))).toBe(
    "positionError is -5 m; expected -4 .. 4",
  );
  expect(observationFault(SEEN.map((x, i) => (i === 17 ? Number.NaN : x)))).toBe(
    "angularVelocity is NaN rad/s; expected -35 .. 35",
  );
});
