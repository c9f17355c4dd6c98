import { expect, test } from "vitest";
import { createGuidePhase, createPolicyPhase, resolveRunConfig } from "../src/index.js";
import { poolOf } from "./tiny-run.js";

// A random policy, spiking or dense, crashes within half a second and returns less than 15.

test("TD3 teaches the guide to stay up longer than any random policy", () => {
  const config = resolveRunConfig(
    {
      preset: "fast",
      algorithm: "td3bc-jsrl",
      seed: 3,
      overrides: { guide: { rounds: 240, evaluateEvery: 40 } },
    },
    "test",
  );
  const phase = createGuidePhase(poolOf(2), config);
  const returns = [...phase.run()].flatMap(({ evaluation }) => (evaluation ? [evaluation.meanReturn] : []));
  phase.pool.close();
  expect(Math.max(...returns)).toBeGreaterThan(25);
});
