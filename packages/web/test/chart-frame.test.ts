import fc from "fast-check";
import { expect, test } from "vitest";
import { roundTicks } from "../src/chart-frame.js";

test("a scale has two to five round values, all of them on it", () => {
  const range = fc.tuple(
    fc.double({ min: -30, max: 30, noNaN: true }),
    fc.double({ min: 0.01, max: 1000, noNaN: true }),
    fc.constantFrom(1, 100),
  );
  fc.assert(
    fc.property(range, ([low, span, scale]) => {
      const high = low + span;
      const ticks = roundTicks([low, high], scale);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(5);
      for (const { at } of ticks) {
        expect(at).toBeGreaterThanOrEqual(low - span * 1e-9);
        expect(at).toBeLessThanOrEqual(high + span * 1e-9);
      }
    }),
  );
  expect(roundTicks([-0.97, 0.97], 100).map(({ label }) => label)).toEqual(["−50", "0", "50"]); // an offset, cm
});
