import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { createActor, createFlight, DEFAULT_TASK, initialiseActor, type Task } from "../src/index.js";

const shape = { kind: "dense", hidden: [8], activation: "tanh", history: false } as const;

/** Forces on the drone in 40 steps of an untrained policy, and where it is then. */
function fly(task: Task, gustsMn?: number) {
  const core = loadCore("simd");
  const actor = createActor(core, shape);
  initialiseActor(core, actor, 1, 0);
  const flight = createFlight(core, task, actor, 3);
  flight.reset(2);
  if (gustsMn === 0) flight.setGusts(undefined);
  const forces = Array.from({ length: 40 }, () => {
    flight.step();
    return flight.state().force;
  });
  return { forces, position: flight.state().position };
}

test("a task whose episodes have gusts blows them on a flight, and the flight can end them", () => {
  const calm = fly(DEFAULT_TASK);
  const gusty = fly({ ...DEFAULT_TASK, variation: { gustsMn: 20 } });
  expect(new Set(gusty.forces.map(([x]) => x)).size).toBe(40);
  expect(fly({ ...DEFAULT_TASK, variation: { gustsMn: 20 } }, 0)).toEqual(calm);
});

test("a variation of nothing flies the same bytes", () => {
  expect(fly({ ...DEFAULT_TASK, variation: {} })).toEqual(fly(DEFAULT_TASK));
});

test.each<NonNullable<Task["variation"]>>([
  { mass: [1.1, 1.1] },
  { noise: 5 },
  { sensorBias: { positionM: 0.1, velocityMPerS: 0, angularVelocityRadPerS: 0 } },
])("%j reaches a flight", (variation) => {
  expect(fly({ ...DEFAULT_TASK, variation }).position).not.toEqual(fly(DEFAULT_TASK).position);
});
