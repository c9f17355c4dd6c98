import { expect, test } from "vitest";

test("typed arrays are equal where their numbers are, and where one differs they are not", () => {
  expect({ at: Float32Array.of(Number.NaN, 1) }).toEqual({ at: Float32Array.of(Number.NaN, 1) });
  expect(Uint8Array.of(0, 1, 2, 3).subarray(1, 3)).toEqual(Uint8Array.of(1, 2));
  expect(Uint8Array.of(1, 2)).not.toEqual(Uint8Array.of(1, 3));
  expect(Uint8Array.of(1, 2)).not.toEqual(Uint8Array.of(1, 2, 3));
  expect(Uint8Array.of(1, 0)).not.toEqual(Uint16Array.of(1));
});
