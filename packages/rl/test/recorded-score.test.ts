import { expect, test } from "vitest";
import { recordedScore } from "../src/index.js";

const evaluation = {
  protocol: { episodes: 101, seeds: "reserved" },
  meanReturn: 482.5,
  standardDeviation: 8,
  crashRate: 0.01,
};

test("a recorded score comes with the standard error of its mean", () => {
  expect(recordedScore({ record: { evaluation } })).toEqual({
    episodes: 101,
    meanReturn: 482.5,
    standardError: 0.8, // 8 / sqrt(100)
    crashRate: 0.01,
  });
});

test.each([
  ["none", undefined],
  ["one that is text", { ...evaluation, meanReturn: "500" }],
  ["one without its spread", { ...evaluation, standardDeviation: undefined }],
  ["one of a single episode", { ...evaluation, protocol: { episodes: 1 } }],
  ["one that crashed more often than it flew", { ...evaluation, crashRate: 2 }],
])("of a record with %s nothing is said", (_, given) => {
  expect(recordedScore({ record: { evaluation: given } })).toBeUndefined();
});
