import { expect, test } from "vitest";
import { jumpStartStepsAt } from "../src/jump-start.js";

test("the paper's jump start shrinks by 25 steps a round from 450 to 50", () => {
  const paper = { kind: "linear", first: 450, last: 50, rounds: 16 } as const;
  expect([0, 1, 2, 15, 16, 40].map((round) => jumpStartStepsAt(paper, round))).toEqual([
    450, 425, 400, 75, 50, 50,
  ]);
});

test("without a jump start the guide flies no step", () => {
  expect(jumpStartStepsAt({ kind: "none" }, 0)).toBe(0);
});
