import { expect, test } from "vitest";
import { createApgTraining } from "../src/apg.js";
import { createGuidePhase, createPolicyPhase, type GuidedRunConfig, type Policy } from "../src/index.js";
import { asGuide } from "../src/run.js";
import { createTd3bcJsrlTraining } from "../src/td3bc-jsrl.js";
import { poolOf, TINY, TINY_APG, trainTinyGuide } from "./tiny-run.js";

const guide = trainTinyGuide(1);

test("a training stops in the round in which its parameters leave the numbers", () => {
  const { core, pool } = poolOf(1)();
  const training = createTd3bcJsrlTraining(core, pool, TINY.task, TINY.policy, asGuide(guide), TINY.seed);
  const rounds = training.run();
  rounds.next();
  core.f32(training.actor.parameters, training.actor.parameterCount)[7] = Number.NaN;
  expect(() => rounds.next()).toThrow(
    /^policy, round 2: parameter 7 of the actor is NaN; expected a finite number \(lower the learning rates, /,
  );
  expect(training.progress.round).toBe(1);
});

test("a training stops when what it learns from leaves the numbers", () => {
  const weights = new Float32Array(guide.weights.slice().buffer).fill(Number.NaN);
  const mad: Policy = { ...guide, weights: new Uint8Array(weights.buffer) };
  const phase = createPolicyPhase(poolOf(1), TINY, mad);
  expect(() => phase.run().next()).toThrow(/^policy, round 1: \w+ is NaN; expected a finite number/);
});

test("a training through the simulator stops in the round in which no window has a finite gradient", () => {
  if (TINY_APG.algorithm !== "apg") throw new Error("another algorithm");
  const { core, pool } = poolOf(1)();
  const { task, policy, seed } = TINY_APG;
  const steep = { ...policy, cost: { ...policy.cost, position: 3e38 } }; // no config file may say so
  const rounds = createApgTraining(core, pool, task, steep, seed).run();
  expect(() => rounds.next()).toThrow(/^policy, round 1: cost is NaN; expected a finite number \(/);
});

test("nothing is handed out before anything has been scored", () => {
  expect(() => createPolicyPhase(poolOf(1), TINY, guide).finish()).toThrow(
    /^policy: w1 of the best parameters are all zero; expected trained weights/,
  );
  expect(() => createGuidePhase(poolOf(1), TINY).policy("expert")).toThrow(/^guide: parameters of the best /);
});

test("a guide that never came to learn is no guide", () => {
  const guide = { ...TINY.guide, rounds: 3, bufferEpisodes: 128, firstUpdateAt: 30_000 };
  const crowded = { ...TINY, guide } as GuidedRunConfig;
  const phase = createGuidePhase(poolOf(1), crowded);
  expect(() => {
    for (const _ of phase.run());
  }).toThrow(/^guide: the buffer held \d+ transitions at the end; expected 30000 \(guide\.firstUpdateAt\) /);
});
