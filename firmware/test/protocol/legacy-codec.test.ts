import { expect, test } from "vitest";
import {
  createLegacyReceiver,
  encodeLegacyMotors,
  encodeLegacyState,
} from "../../src/protocol/legacy-codec.js";

test("a state frame is 0x9A, 18 f32, and the sum of their bytes", () => {
  const frame = encodeLegacyState(
    Float32Array.from({ length: 18 }, (_, i) => (i === 0 ? 1 : i === 17 ? -2 : 0)),
  );
  expect(frame).toHaveLength(74);
  expect(Array.from(frame.subarray(0, 5))).toEqual([0x9a, 0, 0, 0x80, 0x3f]);
  expect(Array.from(frame.subarray(69))).toEqual([0, 0, 0, 0xc0, (0x80 + 0x3f + 0xc0) & 0xff]);
});

test("motors come back from their frame, between noise and a frame with a wrong sum", () => {
  const motors = Float32Array.from([-1, 0.5, 0.25, 1]);
  const good = encodeLegacyMotors(motors);
  const wrong = good.map((byte, i) => (i === 17 ? byte ^ 1 : byte));
  const receiver = createLegacyReceiver();
  expect(receiver.receive(Uint8Array.of(7, 8))).toEqual([]);
  expect(receiver.receive(wrong)).toEqual([]);
  expect(receiver.receive(good)).toEqual([motors]);
  expect(receiver.counts).toEqual({ frames: 1, badSum: 1, badField: 0, noiseBytes: 2 + 17 });
});

test("a frame cut short does not swallow the next", () => {
  const motors = Float32Array.from([0.125, 0.5, 0.25, 1]);
  const good = encodeLegacyMotors(motors);
  for (let length = 1; length < good.length; length++) {
    const receiver = createLegacyReceiver();
    receiver.receive(good.subarray(0, length));
    expect(receiver.receive(good), `cut after ${length} bytes`).toEqual([motors]);
  }
});

test("motors outside -1 .. 1 are dropped by name", () => {
  const receiver = createLegacyReceiver();
  expect(receiver.receive(encodeLegacyMotors([0, 0, 0, 1.5]))).toEqual([]);
  expect(receiver.counts).toMatchObject({ frames: 0, badField: 1 });
});
