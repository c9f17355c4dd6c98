import { readFileSync } from "node:fs";
import { AIRFRAMES } from "@spikewing/core";
import crc32 from "crc/calculators/crc32";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decompressQuaternion } from "../src/flight-log/compressed-quaternion.js";
import { sdCardTables } from "../src/flight-log/sd-card-log.js";
import { readFlightLog } from "../src/identification-entry.js";

/** By sd-card-log.py, which knows nothing of this package. */
const CARD = new Uint8Array(readFileSync(new URL("./fixtures/sd-card-log.bin", import.meta.url)));
const read = (file: Uint8Array) => readFlightLog(file, undefined, AIRFRAMES["crazyflie-l2f"], "log00");

const ascii = (text: string) => [...new TextEncoder().encode(`${text}\0`)];
/** A card with the CRC that it should have. */
function sealed(...content: readonly number[][]): Uint8Array {
  const bytes = [0xbc, ...content.flat()];
  const crc = crc32(Uint8Array.from(bytes)) >>> 0;
  return Uint8Array.from([...bytes, crc & 0xff, (crc >>> 8) & 0xff, (crc >>> 16) & 0xff, crc >>> 24]);
}
const TWO_EVENTS = [
  [1, 0, 2, 0], // version 1, two kinds of events
  [7, 0, ...ascii("a"), 2, 0, ...ascii("pm.vbat(f)"), ...ascii("x(b)")],
  [9, 0, ...ascii("late"), 1, 0, ...ascii("half(e)")],
];
const EVENT_A = [7, 0, 0x10, 0x27, 0, 0, 0, 0, 0x80, 0x40, 0xfe]; // at 10,000 ms: 4 V and -2
const EVENT_LATE = [9, 0, 0x20, 0x27, 0, 0, 0x00, 0xbe]; // at 10,016 ms: -1.5

test("each kind of event on a card is a table of its own, in its own types", () => {
  const [a, late] = sdCardTables(sealed(...TWO_EVENTS, EVENT_A, EVENT_LATE, EVENT_A), "log00");
  expect(a?.columns).toEqual(["Timestamp", "pm.vbat", "x"]);
  expect(["Timestamp", "pm.vbat", "x"].map((name) => a?.values(name))).toEqual([
    [10_000, 10_000],
    [4, 4],
    [-2, -2],
  ]);
  expect([late?.values("Timestamp"), late?.values("half")]).toEqual([[10_016], [-1.5]]);
});

test("a card's flight in millimetres and compressed quaternions is read at 100 Hz", () => {
  const { steps, states, commands } = read(CARD);
  expect(steps).toBe(601);
  let attitude = 0;
  for (let t = 0; t < steps; t++) {
    const word = (k: number) => states[13 * t + k]!;
    const time = t / 100;
    expect(Math.abs(word(0) - 0.3 * Math.cos(time))).toBeLessThan(0.0015); // cut to mm, and 0.2 ms of jitter
    expect(Math.abs(word(9) - 0.2 * Math.cos(2 * time))).toBeLessThan(0.0015);
    expect(Math.abs(word(10) - 0.6 * Math.sin(2 * time))).toBeLessThan(0.0005);
    expect(Math.hypot(word(3), word(4), word(5), word(6))).toBeCloseTo(1, 4);
    if (t > 0) attitude = Math.max(attitude, Math.abs(word(6) - states[13 * (t - 1) + 6]!));
  }
  expect(attitude).toBeLessThan(0.006); // at most 0.5 rad/s about z, and two steps of its nine bits
  expect(commands[1]! - commands[0]!).toBeCloseTo(2000 / 65535, 6);
});

test("a compressed quaternion has the firmware's order and signs", () => {
  const none = 0b11 << 30;
  expect(decompressQuaternion(none)).toEqual([1, 0, 0, 0]);
  const [w, x, y, z] = decompressQuaternion((none | (511 << 20)) >>> 0); // x is as large as w
  expect([w, x, y, z]).toEqual([expect.closeTo(Math.SQRT1_2, 7), Math.SQRT1_2, 0, 0]);
  const turned = decompressQuaternion((0b10 << 30) | (0x200 | 73)); // z is the largest, w negative
  expect(turned).toEqual([expect.closeTo(-0.1010152, 6), 0, 0, expect.closeTo(0.9948848, 6)]);
});

test("a damaged card is refused by the byte, and by what was expected there", () => {
  const refuse = (file: Uint8Array, problem: RegExp) =>
    expect(() => sdCardTables(file, "log00")).toThrow(problem);
  const whole = sealed(...TWO_EVENTS, EVENT_A);
  refuse(whole.slice(0, 3), /^log00: byte 0: the file is cut short at 3 bytes; expected a header of 5/);
  refuse(sealed([3, 0, 0, 0]), /^log00: byte 1: version is 3; expected 1 or 2$/);
  refuse(whole.slice(0, -5), /^log00: byte 44: the file is cut short at 54 bytes; expected 11 bytes of a /);
  refuse(sealed(...TWO_EVENTS, [8, 0]), /^log00: byte 44: event 8; expected one of the header's: 7, 9$/);
  refuse(
    whole.with(-6, 1),
    /^log00: byte 55: CRC-32 is 0x[0-9a-f]{8}; expected 0x[0-9a-f]{8} \(the file is d/,
  );
  refuse(
    sealed([1, 0, 1, 0], [7, 0, ...ascii("a"), 1, 0, ...ascii("x(q)")]),
    /^log00: byte 11: a variable is "x\(q\)"/,
  );
  refuse(
    sealed([1, 0, 2, 0], [7, 0, ...ascii("a"), 0, 0], [7, 0, ...ascii("b"), 0, 0]),
    /event 7 comes twice/,
  );
  refuse(
    sealed([1, 0, 255, 255]),
    /^log00: byte 5: the file is cut short at 9 bytes; expected the number of an/,
  );
  refuse(
    sealed([1, 0, 1, 0], [7, 0, ...Array(200).fill(65)]),
    /^log00: byte 7: an event's name of over 120 bytes/,
  );
  const [a] = sdCardTables(sealed(...TWO_EVENTS, EVENT_A.with(8, 0xff).with(9, 0x7f)), "log00");
  expect(() => a?.values("pm.vbat")).toThrow(/^log00: a 1, pm\.vbat: NaN; expected a number$/);
});

test("a card cut or changed anywhere is read as a flight or refused by name", () => {
  fc.assert(
    fc.property(fc.nat(CARD.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
      const damaged = isCut ? CARD.slice(0, at) : CARD.with(at, byte);
      if (!isCut && CARD[at] === byte) return;
      expect(() => read(damaged)).toThrow(/^log00: /);
    }),
    { numRuns: 50 },
  );
});
