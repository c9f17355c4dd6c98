import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createInlinePool } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import {
  createActor,
  createEvaluator,
  createFlight,
  DEFAULT_TASK,
  decodePolicy,
  type Evaluation,
  initialiseActor,
  loadPolicy,
  rateInterval,
  standardError,
} from "../src/index.js";

const shape = { kind: "dense", hidden: [8], activation: "tanh", history: false } as const;
const SEED = 5;
/** Too heavy to fly: every episode ends early. */
const task = { ...DEFAULT_TASK, variation: { mass: [5, 5], noise: 0 } } as const;

function evaluator(episodes: number): ReturnType<typeof createEvaluator> {
  const core = loadCore("simd");
  const actor = createActor(core, shape);
  initialiseActor(core, actor, 1, 0);
  const pool = createInlinePool(core.kernels);
  return createEvaluator(core, pool, task, actor, { episodes, seed: SEED, otherReward: "paper-end" });
}

const evaluate = (episodes: number): Evaluation => evaluator(episodes).run();

test("an evaluation of more episodes begins with the same ones", () => {
  expect(evaluate(16).returns.slice(0, 8)).toEqual(evaluate(8).returns);
});

test("an evaluation flies block after block, tells how far it is, and flies the same in other blocks", () => {
  const told: number[] = [];
  const { returns } = evaluator(1200).run(0, (flown) => told.push(flown));
  expect(told).toEqual([1024, 1200]);
  const half = evaluator(600);
  expect([...half.run(0).returns, ...half.run(600).returns]).toEqual(returns);
});

test("an evaluation flies the episodes that a flight flies, with what varies them", () => {
  const core = loadCore("simd");
  const actor = createActor(core, shape);
  initialiseActor(core, actor, 1, 0);
  const flight = createFlight(core, task, actor, SEED);
  const returns = Array.from({ length: 8 }, (_, episode) => {
    flight.reset(episode);
    while (!flight.state().crashed) flight.step();
    return flight.state().episodeReturn;
  });
  const evaluation = evaluate(8);
  expect(evaluation.returns).toEqual(returns);
  expect(evaluation.crashRate).toBe(1);
  expect(evaluation.settled.positionErrorM).toBeNaN(); // nobody was left to settle
});

/** What an evaluation of four episodes finds of the shipped expert, and a flight of the same. */
function judgeExpert() {
  const file = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/guide-expert.safetensors"));
  const core = loadCore("simd");
  const actor = loadPolicy(core, decodePolicy(readFileSync(file), file));
  const options = { episodes: 4, seed: SEED, otherReward: "paper-end" } as const;
  const evaluator = createEvaluator(core, createInlinePool(core.kernels), DEFAULT_TASK, actor, options);
  return { ...evaluator.run(), flight: createFlight(core, DEFAULT_TASK, actor, SEED) };
}

test("the error of a flight that holds its place splits into what the evaluation calls offset, and unrest", () => {
  const { settled, crashRate, flight } = judgeExpert();
  expect(crashRate).toBe(0);
  const splits = Array.from({ length: 4 }, (_, episode) => {
    flight.reset(episode);
    for (let step = 0; step < 500; step++) flight.step();
    return flight.errorSplit();
  });
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  expect(mean(splits.map(({ offsetM }) => offsetM))).toBeCloseTo(settled.offsetM, 8);
  expect(Math.sqrt(mean(splits.map(({ errorM }) => errorM ** 2)))).toBeCloseTo(settled.positionErrorM, 8);

  flight.reset(0);
  for (let step = 0; step < 300; step++) flight.step();
  const before = flight.errorSplit();
  flight.disturb();
  flight.setDisturbance([0.2, 0, 0], [0, 0, 0]);
  for (let step = 0; step < 20; step++) flight.step();
  const { catchM, ...held } = flight.errorSplit();
  expect({ ...held, catchM: before.catchM }).toEqual(before); // a push is caught, and no steady offset
  expect(catchM).not.toBe(before.catchM);
});

test("what a settled flight is judged by is what the flight shows from 2 s on", () => {
  const { settled, crashRate, flight } = judgeExpert();
  expect(crashRate).toBeLessThan(1);
  const judged = Array.from({ length: 4 }, (_, episode) => {
    flight.reset(episode);
    const states = Array.from({ length: 500 }, () => {
      flight.step();
      return flight.state();
    });
    const seen = states.slice(200);
    const average = (of: (i: number) => number) => seen.reduce((sum, _, i) => sum + of(i), 0) / seen.length;
    const offset = [0, 1, 2].map((axis) => average((i) => seen[i]!.position[axis]!));
    return {
      crashed: states.at(-1)!.crashed,
      square: average((i) => Math.hypot(...seen[i]!.position) ** 2),
      offset: Math.hypot(...offset),
      change: average((i) =>
        seen[i]!.action.reduce((sum, a, motor) => sum + Math.abs(a - states[199 + i]!.action[motor]!) / 4, 0),
      ),
    };
  }).filter(({ crashed }) => !crashed);
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  expect(settled.positionErrorM).toBeCloseTo(Math.sqrt(mean(judged.map(({ square }) => square))), 9);
  expect(settled.offsetM).toBeCloseTo(mean(judged.map(({ offset }) => offset)), 9);
  expect(settled.commandChange).toBeCloseTo(mean(judged.map(({ change }) => change)), 9);
});

// Computed by hand: Brown, Cai & DasGupta 2001, equation 4, with z = 1.96.
test.each([
  [0, 100, 0, 0.037],
  [0.07, 100, 0.0343, 0.1375],
  [0.01, 4000, 0.0074, 0.0136],
  [1, 100, 0.963, 1],
])("a rate of %d in %d has Wilson's interval", (rate, n, low, high) => {
  const interval = rateInterval(rate, n);
  expect(interval[0]).toBeCloseTo(low, 3);
  expect(interval[1]).toBeCloseTo(high, 3);
});

test("the standard error is that of a sample", () => {
  const evaluation = { ...evaluate(4), returns: [1, 2, 3, 4], standardDeviation: Math.sqrt(1.25) };
  expect(standardError(evaluation)).toBeCloseTo(Math.sqrt(5 / 3) / 2, 12);
});
