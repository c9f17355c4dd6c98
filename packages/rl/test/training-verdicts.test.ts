import { expect, test } from "vitest";
import { verdictOnBeating, verdictOnLikeness } from "../src/experiments/sweep-report.js";
import { estimate } from "../src/index.js";

const around = (mean: number, spread: number) => estimate([mean - spread, mean, mean + spread]);

test("of trainings that did not learn nothing is said, however alike or far apart they are", () => {
  expect(verdictOnLikeness(around(20, 1), around(21, 1))).toBe("not learned");
  expect(verdictOnBeating(around(60, 1), around(-20, 1))).toBe("not learned");
});

test("alike is what lies apart by less than a quarter, error included; an error that hides a difference decides nothing", () => {
  expect(verdictOnLikeness(around(400, 5), around(390, 5))).toBe("reproduces");
  expect(verdictOnLikeness(around(400, 5), around(200, 5))).toBe("does not reproduce");
  expect(verdictOnLikeness(around(400, 200), around(390, 200))).toBe("undecided");
  expect(verdictOnLikeness(estimate([400]), estimate([400]))).toBe("undecided");
  expect(verdictOnLikeness(around(400, 5), estimate([]))).toBe("undecided");
});

test("one training beats another beyond the error, and a difference within it is none", () => {
  expect(verdictOnBeating(around(400, 5), around(20, 5))).toBe("reproduces");
  expect(verdictOnBeating(around(20, 5), around(400, 5))).toBe("does not reproduce");
  expect(verdictOnBeating(around(400, 200), around(300, 200))).toBe("undecided");
  expect(verdictOnBeating(estimate([]), around(300, 2))).toBe("undecided");
});
