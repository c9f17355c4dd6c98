// The TypeScript end of the serial link: messages to frames, and a stream of bytes to messages. Layout and codes are
// those of table.ts; the receiver finds the same frames as c/link/sw_link.c and counts the same drops.
import { MAX_HIDDEN, OBSERVATION_WORDS } from "@spikewing/core";
import { SpikewingError } from "@spikewing/rl";
import crc32 from "crc/calculators/crc32";
import {
  CRC_BYTES,
  FIELD_BYTES,
  type Field,
  FLAG_ARM,
  FRAMES,
  type Frame,
  frameBytes,
  HEADER_BYTES,
  HELLO,
  HELLO_REQUEST,
  layout,
  MOTORS,
  OBSERVATION_FIELDS,
  PROTOCOL_VERSION,
  REASONS,
  type Reason,
  SELF_TESTS,
  type SelfTest,
  STATE,
  STATUSES,
  type Status,
  SYNC,
} from "./table.js";

export interface StateMessage {
  readonly kind: "STATE";
  readonly sequence: number;
  readonly timeUs: number;
  readonly arm: boolean;
  /** (18) in the order of training: position error, rotation, velocity, angular velocity; wire-numbers.ts has them of floats. */
  readonly observation: Int16Array;
}

export interface MotorsMessage {
  readonly kind: "MOTORS";
  readonly sequence: number;
  readonly status: Status;
  readonly reason: Reason;
  readonly stepUs: number;
  /** (4); to be ignored unless status is ARMED. wire-numbers.ts makes floats of them. */
  readonly motors: Int16Array;
}

export interface HelloRequestMessage {
  readonly kind: "HELLO_REQUEST";
  readonly sequence: number;
}

export interface HelloMessage {
  readonly kind: "HELLO";
  readonly sequence: number;
  readonly selfTest: SelfTest;
  readonly status: Status;
  /** Neurons of the two layers; 0 if the self-test found the image damaged. */
  /** Neurons of the hidden layers. */
  readonly hidden: readonly number[];
  /** 16 hexadecimal digits: the first 8 bytes of the SHA-256 of the policy image. */
  readonly policyId: string;
}

export type Message = StateMessage | MotorsMessage | HelloRequestMessage | HelloMessage;

/** Why a frame is refused. */
export const REFUSALS = ["badVersion", "badType", "badCrc", "badField"] as const;
export type Refusal = (typeof REFUSALS)[number];

// --- fields ------------------------------------------------------------------------------------------------------

type Values = Readonly<Record<string, ArrayLike<number>>>;

const setters = {
  u8: (view: DataView, at: number, x: number) => view.setUint8(at, x),
  u16: (view: DataView, at: number, x: number) => view.setUint16(at, x, true),
  i16: (view: DataView, at: number, x: number) => view.setInt16(at, x, true),
  u32: (view: DataView, at: number, x: number) => view.setUint32(at, x, true),
  f32: (view: DataView, at: number, x: number) => view.setFloat32(at, x, true),
};
const getters = {
  u8: (view: DataView, at: number) => view.getUint8(at),
  u16: (view: DataView, at: number) => view.getUint16(at, true),
  i16: (view: DataView, at: number) => view.getInt16(at, true),
  u32: (view: DataView, at: number) => view.getUint32(at, true),
  f32: (view: DataView, at: number) => view.getFloat32(at, true),
};

/** Writes the fields at `start`. @throws SpikewingError naming the field if its number of values is wrong. */
export function writeFields(
  place: string,
  fields: readonly Field[],
  view: DataView,
  start: number,
  values: Values,
): void {
  for (const { name, type, count, at } of layout(fields)) {
    const given = values[name] ?? [];
    if (given.length !== count)
      throw new SpikewingError(place, `${name} has ${given.length} values; expected ${count}`);
    for (let i = 0; i < count; i++) setters[type](view, start + at + FIELD_BYTES[type] * i, given[i]!);
  }
}

export function readFields(
  fields: readonly Field[],
  view: DataView,
  start: number,
): Record<string, number[]> {
  const values: Record<string, number[]> = {};
  for (const { name, type, count, at } of layout(fields)) {
    const numbers: number[] = [];
    for (let i = 0; i < count; i++) numbers.push(getters[type](view, start + at + FIELD_BYTES[type] * i));
    values[name] = numbers;
  }
  return values;
}

/** The first field with a value that is not finite or outside its range. */
export function fieldOutOfRange(
  fields: readonly Field[],
  values: Readonly<Record<string, readonly number[]>>,
): { readonly field: Field; readonly value: number } | undefined {
  for (const field of fields) {
    const [lowest, highest] = field.range ?? [-Infinity, Infinity];
    const value = values[field.name]!.find((x) => !Number.isFinite(x) || x < lowest || x > highest);
    if (value !== undefined) return { field, value };
  }
  return undefined;
}

/** An observation (18) as the values of its groups, and back. */
export function splitObservation(observation: ArrayLike<number>): Record<string, number[]> {
  const numbers = Array.from(observation);
  let end = 0;
  return Object.fromEntries(
    OBSERVATION_FIELDS.map(({ name, count }) => {
      const start = end;
      end += count;
      return [name, numbers.slice(start, end)];
    }),
  );
}
function joinObservation(values: Readonly<Record<string, readonly number[]>>): Int16Array {
  const observation = new Int16Array(OBSERVATION_WORDS);
  let end = 0;
  for (const { name, count } of OBSERVATION_FIELDS) {
    observation.set(values[name]!, end);
    end += count;
  }
  return observation;
}

// --- messages to frames ------------------------------------------------------------------------------------------

function encodeFrame(frame: Frame, sequence: number, values: Values): Uint8Array {
  const bytes = new Uint8Array(frameBytes(frame));
  const view = new DataView(bytes.buffer);
  bytes.set([...SYNC, PROTOCOL_VERSION, frame.type]);
  view.setUint16(4, sequence, true);
  writeFields(frame.name, frame.fields, view, HEADER_BYTES, values);
  const crcAt = bytes.length - CRC_BYTES;
  view.setUint32(crcAt, crc32(bytes.subarray(SYNC.length, crcAt)), true);
  return bytes;
}

const bytesOfHex = (hex: string): number[] =>
  Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/** A whole frame. Numbers are taken modulo their width, as a counter wraps. */
export function encodeMessage(message: Message): Uint8Array {
  const { sequence } = message;
  switch (message.kind) {
    case "STATE":
      return encodeFrame(STATE, sequence, {
        timeUs: [message.timeUs],
        flags: [message.arm ? FLAG_ARM : 0],
        ...splitObservation(message.observation),
      });
    case "MOTORS":
      return encodeFrame(MOTORS, sequence, {
        status: [STATUSES.indexOf(message.status)],
        reason: [REASONS.indexOf(message.reason)],
        stepUs: [message.stepUs],
        motors: message.motors,
      });
    case "HELLO_REQUEST":
      return encodeFrame(HELLO_REQUEST, sequence, {});
    case "HELLO":
      return encodeFrame(HELLO, sequence, {
        selfTest: [SELF_TESTS.indexOf(message.selfTest)],
        status: [STATUSES.indexOf(message.status)],
        widths: Array.from({ length: MAX_HIDDEN }, (_, l) => message.hidden[l] ?? 0),
        policyId: bytesOfHex(message.policyId),
      });
  }
}

// --- frames to messages ------------------------------------------------------------------------------------------

function toMessage(
  frame: Frame,
  sequence: number,
  values: Readonly<Record<string, readonly number[]>>,
): Message {
  const code = (name: string): number => values[name]![0]!;
  switch (frame.name) {
    case "STATE":
      return {
        kind: "STATE",
        sequence,
        timeUs: code("timeUs"),
        arm: (code("flags") & FLAG_ARM) !== 0,
        observation: joinObservation(values),
      };
    case "MOTORS":
      return {
        kind: "MOTORS",
        sequence,
        status: STATUSES[code("status")]!,
        reason: REASONS[code("reason")]!,
        stepUs: code("stepUs"),
        motors: Int16Array.from(values.motors!),
      };
    case "HELLO_REQUEST":
      return { kind: "HELLO_REQUEST", sequence };
    case "HELLO":
      return {
        kind: "HELLO",
        sequence,
        selfTest: SELF_TESTS[code("selfTest")]!,
        status: STATUSES[code("status")]!,
        hidden: values.widths!.filter((width) => width > 0),
        policyId: values.policyId!.map((byte) => byte.toString(16).padStart(2, "0")).join(""),
      };
  }
}

/** What was received: valid frames, and what was dropped under the first check that it failed. */
export interface LinkCounts extends Record<Refusal, number> {
  frames: number;
  /** Bytes of no frame. */
  noiseBytes: number;
}

export interface Receiver {
  /** Takes in bytes as they come and returns the messages that they complete. */
  receive(bytes: Uint8Array): Message[];
  readonly counts: Readonly<LinkCounts>;
}

/**
 * A receiver at one end of the link; it takes the frames that the other end sends. A rejected frame gives up its sync
 * only: the search goes on inside it, so that a frame cut short does not swallow the good one after it. Fields of
 * frames from the Teensy must be in their ranges; those of a STATE are for the Teensy's supervisor to judge.
 */
export function createReceiver(end: Frame["from"]): Receiver {
  const frames = new Map(
    FRAMES.filter(({ from }) => from !== end).map((frame) => [
      frame.type,
      { frame, length: frameBytes(frame) },
    ]),
  );
  const counts: LinkCounts = { frames: 0, noiseBytes: 0, badVersion: 0, badType: 0, badCrc: 0, badField: 0 };
  let waiting = new Uint8Array(0);

  /** Where a frame may begin, from `at` on. */
  function findSync(at: number): number {
    while (at < waiting.length) {
      if (waiting[at] === SYNC[0] && (at + 1 === waiting.length || waiting[at + 1] === SYNC[1])) return at;
      at++;
      counts.noiseBytes++;
    }
    return at;
  }

  return {
    counts,
    receive(bytes) {
      const joined = new Uint8Array(waiting.length + bytes.length);
      joined.set(waiting);
      joined.set(bytes, waiting.length);
      waiting = joined;
      const view = new DataView(waiting.buffer);
      const messages: Message[] = [];
      let at = 0;
      const reject = (refusal: Refusal) => {
        counts[refusal]++;
        at += SYNC.length;
      };
      for (;;) {
        at = findSync(at);
        const left = waiting.length - at;
        if (left <= 2) break;
        if (waiting[at + 2] !== PROTOCOL_VERSION) {
          reject("badVersion");
          continue;
        }
        if (left <= 3) break;
        const known = frames.get(waiting[at + 3]!);
        if (!known) {
          reject("badType");
          continue;
        }
        const { frame, length } = known;
        if (left < length) break;
        const crcAt = at + length - CRC_BYTES;
        if (crc32(waiting.subarray(at + SYNC.length, crcAt)) >>> 0 !== view.getUint32(crcAt, true)) {
          reject("badCrc");
          continue;
        }
        const values = readFields(frame.fields, view, at + HEADER_BYTES);
        if (frame.from === "Teensy" && fieldOutOfRange(frame.fields, values)) counts.badField++;
        else {
          counts.frames++;
          messages.push(toMessage(frame, view.getUint16(at + 4, true), values));
        }
        at += length;
      }
      waiting = waiting.slice(at);
      return messages;
    },
  };
}

/** Why the Teensy would refuse an observation, in words; undefined if it would not. */
export function observationFault(observation: ArrayLike<number>): string | undefined {
  const fault = fieldOutOfRange(OBSERVATION_FIELDS, splitObservation(observation));
  if (!fault) return undefined;
  const { name, unit, range } = fault.field;
  return `${name} is ${fault.value} ${unit}; expected ${range![0]} .. ${range![1]}`;
}
