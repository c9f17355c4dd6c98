import fc from "fast-check";
import { expect, test } from "vitest";
import { fixed } from "../src/number-text.js";

test("a number has a minus and no hyphen, and no sign where it rounds to nothing", () => {
  expect([fixed(-127.4, 0), fixed(-5.01, 2), fixed(3, 1), fixed(-0.04, 1), fixed(-0, 0)]).toEqual([
    "−127",
    "−5.01",
    "3.0",
    "0.0",
    "0",
  ]);
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.nat(4), (value, digits) => {
      const text = fixed(value, digits);
      expect(text).toMatch(/^−?[\d.]+$/);
      expect(Number(text.replace("−", "-"))).toBe(Number(value.toFixed(digits)) + 0);
    }),
  );
});
