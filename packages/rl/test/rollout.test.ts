import { createNodePool } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { createActor, DEFAULT_TASK, initialiseActor } from "../src/index.js";
import { createReplayBuffer } from "../src/replay-buffer.js";
import { createRollout } from "../src/rollout.js";
import { writeTask } from "../src/task.js";

const DENSE = { kind: "dense", hidden: [8], activation: "tanh" } as const;

test("the jump start that is reported is the one flown: an episode in the air keeps its own", () => {
  const { core, pool } = createNodePool(1);
  const actor = createActor(core, { ...DENSE, history: false });
  const guide = createActor(core, { ...DENSE, history: true });
  initialiseActor(core, actor, 1, 0);
  initialiseActor(core, guide, 1, 1);
  const replay = createReplayBuffer(core, 64);
  const options = { environments: 16, explorationStd: 0, actionLimit: 1, seed: 1 };
  const rollout = createRollout(core, pool, writeTask(core, DEFAULT_TASK), actor, guide, replay, options);

  expect(rollout.fly(1, 450).jumpStartSteps).toBe(450);
  expect(rollout.fly(1, 0).jumpStartSteps).toBe(450); // nobody leaves the bounds in two steps
  const handedOver = rollout.fly(500, 0).jumpStartSteps; // now every first episode has ended
  expect(handedOver).toBeGreaterThan(0);
  expect(handedOver).toBeLessThan(450);
  expect(rollout.fly(500, 0).jumpStartSteps).toBe(0);
  pool.close();
});
