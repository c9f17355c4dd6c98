import fc from "fast-check";
import { expect, test } from "vitest";
import {
  SLOPE_MAX,
  SLOPE_MIN,
  type SlopeSchedule,
  slopeAt,
  slopeScheduleSchema,
} from "../src/surrogate-slope.js";

const adaptive: SlopeSchedule = { kind: "adaptive", first: 2, window: 10, rewardRange: 400 };

test("a fixed slope stays", () => {
  expect(slopeAt({ kind: "fixed", slope: 25 }, 0.7, [1, 2, 3])).toBe(25);
});

test("an interval schedule rises in equal steps from its first value to its last", () => {
  const schedule: SlopeSchedule = { kind: "interval", from: 1, to: 100, steps: 20 };
  expect(slopeAt(schedule, 0, [])).toBe(1);
  expect(slopeAt(schedule, 0.047, [])).toBe(1);
  expect(slopeAt(schedule, 0.048, [])).toBeCloseTo(5.95);
  expect(slopeAt(schedule, 0.952, [])).toBeCloseTo(95.05);
  expect(slopeAt(schedule, 0.953, [])).toBe(100);
  expect(slopeAt(schedule, 0.999, [])).toBe(100);
});

test("an interval schedule of fewer rises than rounds reaches its last value in the last round", () => {
  for (let rounds = 21; rounds <= 1000; rounds++) {
    const last = slopeAt({ kind: "interval", from: 1, to: 100, steps: 20 }, (rounds - 1) / rounds, []);
    expect(last).toBe(100);
  }
});

test("the adaptive schedule holds 50 at a steady return of 400, and more while it rises", () => {
  expect(slopeAt(adaptive, 0.5, Array(20).fill(400))).toBeCloseTo(50);
  const rising = Array.from({ length: 20 }, (_, i) => 20 * i);
  const mean = rising.slice(-10).reduce((sum, score) => sum + score, 0) / 10;
  expect(slopeAt(adaptive, 0.5, rising)).toBeCloseTo(((mean + 20) * 0.5 * 100) / 400);
});

test("each weight of the adaptive schedule counts for its own term, and both are one half where none is given", () => {
  const rising = Array.from({ length: 20 }, (_, i) => 20 * i);
  const by = (weights: [number, number]) => slopeAt({ ...adaptive, weights }, 0.5, rising);
  expect(by([0.5, 0.5])).toBe(slopeAt(adaptive, 0.5, rising));
  const mean = rising.slice(-10).reduce((sum, score) => sum + score, 0) / 10;
  expect(by([0.5, 0])).toBeCloseTo((0.5 * mean * 100) / 400);
  expect(by([0, 4])).toBeCloseTo((4 * 20 * 100) / 400);
});

test("the adaptive schedule begins at its first slope and is 1 for returns below 0", () => {
  expect(slopeAt(adaptive, 0, [])).toBe(2);
  expect(slopeAt(adaptive, 0, [-30, -20])).toBe(1);
});

test("every schedule stays in bounds", () => {
  const scores = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { maxLength: 40 });
  const progress = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(progress, scores, (done, given) => {
      for (const schedule of [adaptive, { kind: "interval", from: 1, to: 100, steps: 7 } as const]) {
        const slope = slopeAt(schedule, done, given);
        expect(slope).toBeGreaterThanOrEqual(SLOPE_MIN);
        expect(slope).toBeLessThanOrEqual(SLOPE_MAX);
      }
    }),
  );
});

test("a slope out of bounds is refused", () => {
  expect(slopeScheduleSchema.safeParse({ kind: "fixed", slope: 101 }).success).toBe(false);
});
