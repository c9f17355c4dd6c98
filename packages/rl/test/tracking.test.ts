import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import {
  createActor,
  createFlight,
  DEFAULT_TASK,
  decodePolicy,
  EVALUATION_SEEDS,
  flyTrajectories,
  initialiseActor,
  loadPolicy,
} from "../src/index.js";

test("a policy is as far from a moving target as its flight shows, and farther the faster it moves", () => {
  const file = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/guide-expert.safetensors"));
  const core = loadCore("simd");
  const actor = loadPolicy(core, decodePolicy(readFileSync(file), file));
  const tracked = flyTrajectories(core, DEFAULT_TASK, actor, 1);
  const of = (name: string) => tracked.find(({ trajectory }) => trajectory === name)!;

  const flight = createFlight(core, DEFAULT_TASK, actor, EVALUATION_SEEDS.reserved);
  flight.follow("figure-eight", 1, 5.5);
  flight.reset(0);
  let square = 0;
  for (let step = 1; step <= 750; step++) {
    flight.step();
    const { position, target } = flight.state();
    if (step > 200) square += position.reduce((sum, x, axis) => sum + (x - target[axis]!) ** 2, 0) / 550;
  }
  expect(of("figure-eight").positionErrorM).toBeCloseTo(Math.sqrt(square), 9);
  expect(of("figure-eight-l2f").positionErrorM).toBeGreaterThan(of("figure-eight").positionErrorM);
  expect(tracked.map(({ lost }) => lost)).toEqual([0, 0, 0, 0, 0]);
  for (const { positionErrorM, parts } of tracked) {
    const { errorM, offsetM, trackingM, laggingM, shapeM } = parts;
    expect(errorM).toBe(positionErrorM);
    expect(Math.hypot(offsetM, trackingM)).toBeCloseTo(errorM, 12);
    expect(Math.hypot(laggingM, shapeM)).toBeCloseTo(trackingM, 12);
  }
  expect(of("hover").parts.lagS).toBe(0);
  expect(of("figure-eight").parts.lagS).toBeGreaterThan(0.01);
});

test("a drone that falls away is lost, and its distance counts in no mean", () => {
  const core = loadCore("simd");
  const actor = createActor(core, { kind: "dense", hidden: [8], activation: "tanh", history: false });
  initialiseActor(core, actor, 1, 0);
  for (const { lost, positionErrorM } of flyTrajectories(core, DEFAULT_TASK, actor, 2)) {
    expect(lost).toBe(2);
    expect(positionErrorM).toBeNaN();
  }
});
