import { REWARDS } from "@spikewing/core";
import { expect, test } from "vitest";
import { type GuidedRunConfig, resolveRunConfig } from "../src/index.js";
import { rewardAt } from "../src/reward-curriculum.js";
import { createPolicyPhase } from "../src/run.js";
import { poolOf, TINY, trainTinyGuide, trainTinyPolicy } from "./tiny-run.js";

const SIX = { kind: "linear", to: "paper-end", steps: 6 } as const;

test("the paper's penalties rise in six equal steps, and nothing else of the reward moves", () => {
  const progress = [0, 0.99 / 7, 1.01 / 7, 3.5 / 7, 6.01 / 7, 0.999];
  const risen = progress.map((at) => (6 * (rewardAt("paper-start", SIX, at).position - 1)) / 2.5);
  expect(risen.map((steps) => Number(steps.toFixed(12)))).toEqual([0, 0, 1, 3, 6, 6]);
  const { name, source, ...end } = rewardAt("paper-start", SIX, 0.999);
  const { name: _, source: __, ...published } = REWARDS["paper-end"];
  for (const [key, value] of Object.entries(published))
    if (typeof value === "number") expect(end[key as "action"]).toBeCloseTo(value, 12);
    else expect(end[key as "action"]).toEqual(value);
  expect(rewardAt("paper-start", { kind: "none" }, 0.9)).toBe(REWARDS["paper-start"]);
});

const resolve = (overrides: Record<string, unknown>) =>
  resolveRunConfig({ algorithm: "td3bc-jsrl", seed: 1, overrides }, "c");

test("a curriculum that leads to a reward of another kind is refused with those it may lead to", () => {
  expect(() => resolve({ policy: { rewardCurriculum: { ...SIX, to: "l2f-target" } } })).toThrow(
    'c: policy.rewardCurriculum.to is "l2f-target"; expected one of paper-start, paper-end, first-submission-start, ' +
      "first-submission-end (beside task.reward paper-start)",
  );
  expect(() => resolve({ preset: "paper", task: { reward: "gym-start" } })).toThrow(
    /^c: policy\.rewardCurriculum\.to is "paper-end"; expected one of gym-start, gym-end \(beside/,
  );
  expect(() => resolve({ policy: { rewardCurriculum: { ...SIX, steps: 0 } } })).toThrow(
    /^c: policy\.rewardCurriculum\.steps is 0; /,
  );
});

const guide = trainTinyGuide(1);
const tiny = (policy: Partial<GuidedRunConfig["policy"]>): GuidedRunConfig => ({
  ...(TINY as GuidedRunConfig),
  policy: { ...(TINY as GuidedRunConfig).policy, ...policy },
});

test("a policy learns from the weights of the hour, also in a run that was cut", () => {
  const moved = tiny({ rewardCurriculum: { kind: "linear", to: "paper-end", steps: 3 } });
  const whole = trainTinyPolicy(1, guide, moved);
  expect(whole).not.toEqual(trainTinyPolicy(1, guide, tiny({})));
  expect(trainTinyPolicy(1, guide, moved, 2)).toEqual(whole);
});

test("a fixed data set is flown once: steps and flights stand still while the policy learns", () => {
  const phase = createPolicyPhase(poolOf(1), tiny({ stepsPerRound: 0, firstSteps: 700 }), guide);
  const reports = [...phase.run()];
  expect(reports).toHaveLength(4);
  for (const report of reports) {
    expect(report.environmentSteps).toBe(700 * 16);
    expect(report).toMatchObject({ trainingReturn: expect.any(Number) });
    expect((report as { trainingReturn: number }).trainingReturn).toBe(
      (reports[0] as { trainingReturn: number }).trainingReturn,
    );
  }
  phase.pool.close();
});
