// Serial streams as a fuzzer sends them: random bytes, frames with bytes changed, cut, joined, repeated; frames that
// are whole but say impossible things; and between them whole frames in the order of a flight.
import crc32 from "crc/calculators/crc32";
import { encodeMessage } from "../../src/protocol/codec.js";
import { estimate, wire } from "../faults/board.js";

export interface SerialCase {
  /** That pass before it, us. */
  readonly elapsedUs: number;
  readonly bytes: Uint8Array;
  /** It ends with a whole STATE, which a receiver must find at its last byte. */
  readonly frameAtEnd: boolean;
}

/** Uniform u32: xorshift32. */
export function createDraw(seed: number): (below: number) => number {
  let state = (Math.imul(seed, 0x9e3779b1) | 1) >>> 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const NOT_REAL = [Number.NaN, Number.POSITIVE_INFINITY, -1e30, 1e-42, 36, -9];

/** Of an angular velocity: no number, saturated, out of range. */
const NOT_REAL_WORDS = [-32768, 32767, -32767, 17921];

/** Frames of every kind, to damage. */
const FRAMES = [
  ...Array.from({ length: 40 }, (_, i) =>
    encodeMessage({
      kind: "STATE",
      sequence: i * 1531,
      timeUs: i * 123_456_789,
      arm: i % 2 === 0,
      observation: wire.ofObservation(
        estimate(i).map((x, word) => (word === i % 31 ? NOT_REAL[i % NOT_REAL.length]! : x)),
      ),
    }),
  ),
  ...Array.from({ length: 10 }, (_, i) => encodeMessage({ kind: "HELLO_REQUEST", sequence: i * 6553 })),
  ...Array.from({ length: 20 }, (_, i) =>
    encodeMessage({
      kind: "MOTORS",
      sequence: i * 3001,
      status: "ARMED",
      reason: "NONE",
      stepUs: i,
      motors: Int16Array.of(800 * i, -800 * i, i === 7 ? -32768 : 0, i === 9 ? 24576 : 16384),
    }),
  ),
  ...Array.from({ length: 10 }, (_, i) =>
    encodeMessage({
      kind: "HELLO",
      sequence: i,
      selfTest: "PASSED",
      status: "STANDBY",
      hidden: [256, 128],
      policyId: "00a55a0100a55a01",
    }),
  ),
];

/** The same endless stream of cases for the same seed. `bytes` are valid until the next case is drawn. */
export function* serialCases(seed: number): Generator<SerialCase, never> {
  const draw = createDraw(seed);
  const buffer = new Uint8Array(4096);
  let end = 0;
  const put = (bytes: Uint8Array) => {
    buffer.set(bytes, end);
    end += bytes.length;
  };
  const putRandom = (count: number) => {
    // a third of the bytes are of those that frames begin with
    for (let i = 0; i < count; i++)
      buffer[end++] = draw(3) ? draw(256) : [0xa5, 0x5a, 1, 1, 3, 2, 0x9a][draw(7)]!;
  };
  const aFrame = () => FRAMES[draw(FRAMES.length)]!;

  // whole frames of a flight, patched in place
  const flown = encodeMessage({
    kind: "STATE",
    sequence: 0,
    timeUs: 0,
    arm: false,
    observation: wire.ofObservation(estimate(0)),
  });
  const view = new DataView(flown.buffer);
  const crcAt = flown.length - 4;
  let sequence = 0;
  let timeUs = 0;
  const putFlown = () => {
    if (draw(50) > 0) sequence = (sequence + 1 + (draw(20) ? 0 : draw(6))) & 0xffff;
    timeUs = (timeUs + (draw(40) ? 10_000 : 0)) >>> 0;
    view.setUint16(4, sequence, true);
    view.setUint32(6, timeUs, true);
    view.setUint16(10, draw(10) ? 1 : 0, true);
    view.setInt16(12, draw(4096), true);
    view.setInt16(crcAt - 2, draw(200) ? 256 : NOT_REAL_WORDS[draw(NOT_REAL_WORDS.length)]!, true);
    view.setUint32(crcAt, crc32(flown.subarray(2, crcAt)), true);
    put(flown);
  };

  for (;;) {
    end = 0;
    switch (draw(8)) {
      case 0:
        putRandom(draw(100));
        break;
      case 1: {
        const start = end;
        put(aFrame());
        for (let changes = 1 + draw(4); changes > 0; changes--)
          buffer[start + draw(end - start)]! ^= 1 << draw(8);
        break;
      }
      case 2: {
        const frame = aFrame();
        put(frame.subarray(0, draw(frame.length)));
        break;
      }
      case 3:
        for (let joined = 1 + draw(3); joined > 0; joined--) put(aFrame());
        break;
      case 4: {
        const frame = aFrame();
        put(frame.subarray(0, draw(frame.length)));
        putRandom(draw(20));
        put(frame.subarray(draw(frame.length)));
        break;
      }
      default: // straight to the frame of the flight
    }
    const frameAtEnd = draw(3) > 0;
    if (frameAtEnd) putFlown();
    yield {
      elapsedUs: draw(200) ? draw(10_000) : draw(100_000),
      bytes: buffer.subarray(0, end),
      frameAtEnd,
    };
  }
}
