import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { crc32c, encodeFileVersion, encodeRecord, encodeScalars, maskedCrc32c } from "../src/tensorboard.js";

const text = (value: string) => new TextEncoder().encode(value);

describe("crc32c", () => {
  // RFC 3720, appendix B.4.
  test.each([
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ["0 .. 31", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ["31 .. 0", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ["the check value", text("123456789"), 0xe3069283],
  ])("of %s is the published one", (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  test("is masked as TensorFlow masks it, and can be unmasked", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const rotated = (maskedCrc32c(bytes) - 0xa282ead8) >>> 0;
        expect(((rotated >>> 17) | (rotated << 15)) >>> 0).toBe(crc32c(bytes));
      }),
    );
  });
});

test("a record is length, masked crc of it, data, masked crc of it", () => {
  const record = encodeRecord(text("abc"));
  const view = new DataView(record.buffer);
  expect(record).toHaveLength(8 + 4 + 3 + 4);
  expect(view.getBigUint64(0, true)).toBe(3n);
  expect(view.getUint32(8, true)).toBe(maskedCrc32c(record.subarray(0, 8)));
  expect(record.subarray(12, 15)).toEqual(text("abc"));
  expect(view.getUint32(15, true)).toBe(maskedCrc32c(text("abc")));
});

test("the first record names the version of the format", () => {
  const hex = Buffer.from(encodeFileVersion(1)).subarray(12, -4).toString("hex");
  // wall_time = 1 (field 1, double), file_version (field 3) = "brain.Event:2"
  expect(hex).toBe(`09000000000000f03f1a0d${Buffer.from("brain.Event:2").toString("hex")}`);
});

test("scalars are written as Event and Summary have them", () => {
  const hex = Buffer.from(encodeScalars(2, 300, new Map([["a/b", 0.5]])))
    .subarray(12, -4)
    .toString("hex");
  // wall_time = 2; step (field 2) = 300; summary (field 5) with one value (field 1): tag (1), simple_value (2)
  expect(hex).toBe("090000000000000040" + "10ac02" + "2a0c" + "0a0a" + "0a03612f62" + "150000003f");
});

/** TensorFlow's own declarations (tensorflow/core/util/event.proto and framework/summary.proto), as far as scalars go. */
const EVENT_PROTO = `
syntax = "proto3";
message Summary { message Value { string tag = 1; oneof value { float simple_value = 2; } } repeated Value value = 1; }
message Event {
  double wall_time = 1;
  int64 step = 2;
  oneof what { string file_version = 3; bytes graph_def = 4; Summary summary = 5; }
}`;

test("a file is read by protobuf.js with TensorFlow's declarations, record after record", () => {
  const Event = protobuf.parse(EVENT_PROTO).root.lookupType("Event");
  const steps = [0, 1, 127, 128, 2 ** 31, 2 ** 40];
  const values = new Map([
    ["policy/evaluation/meanReturn", 471.25],
    ["guide/criticLoss", -1e-30],
  ]);
  const file = Buffer.concat([
    encodeFileVersion(5),
    ...steps.map((step) => encodeScalars(6.5, step, values)),
  ]);
  const events: object[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const event = Event.decode(file.subarray(at + 12, at + 12 + length));
    events.push(Event.toObject(event, { longs: Number }));
    at += 16 + length;
  }
  const value = [...values].map(([tag, simpleValue]) => ({ tag, simpleValue: Math.fround(simpleValue) }));
  expect(events).toEqual([
    { wallTime: 5, fileVersion: "brain.Event:2" },
    ...steps.map((step) => ({ wallTime: 6.5, step, summary: { value } })),
  ]);
});
