import { createInlinePool } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import {
  createActor,
  createPolicyPhase,
  decodePolicy,
  encodePolicy,
  initialiseActor,
  policyWeights,
  resolveRunConfig,
} from "@spikewing/rl";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TrainChoice } from "../src/train-messages.js";
import { type ServedPage, servePage } from "./page.js";

const CHOICE: TrainChoice = {
  preset: "fast",
  algorithm: "td3bc-jsrl",
  seed: 11,
  overrides: {
    policy: {
      rounds: 2,
      evaluateEvery: 1,
      updatesPerRound: 2,
      batchSize: 8,
      environments: 16,
      bufferEpisodes: 128,
      evaluationEpisodes: 16,
      surrogateSlope: { kind: "adaptive", first: 2, window: 10, rewardRange: 400 },
    },
  },
};

let served: ServedPage;

beforeAll(async () => {
  served = await servePage();
  await served.open();
});

afterAll(async () => {
  await served?.close();
});

/** An untrained guide: training only has to be the same, not good. */
function guideFile(): Uint8Array {
  const core = loadCore("simd");
  const { guide } = resolveRunConfig(CHOICE, "test");
  const actor = createActor(core, guide.actor);
  initialiseActor(core, actor, 1, 0);
  return encodePolicy({ shape: guide.actor, weights: policyWeights(core, actor), record: {} });
}

function trainInNode(guide: Uint8Array): Uint8Array {
  const core = loadCore("simd");
  const factory = () => ({ core, pool: createInlinePool(core.kernels) });
  const config = resolveRunConfig(CHOICE, "test");
  const phase = createPolicyPhase(factory, config, decodePolicy(guide, "guide"));
  for (const _ of phase.run());
  return encodePolicy(phase.finish().policy);
}

describe("training in the page", () => {
  test("gives the policy file of Node, byte for byte, and shows its curves", async () => {
    const guide = guideFile();
    await served.page.click("#tab-train");
    const file = await served.page.evaluate(([choice, bytes]) => window.spikewing.train(choice, bytes), [
      CHOICE,
      [...guide],
    ] as const);
    expect(Buffer.from(file).equals(trainInNode(guide))).toBe(true);
    expect(await served.page.textContent("#train-progress")).toMatch(/Done: return -?\d+, \d+ % of 100/);
    await served.page.waitForFunction(() => document.getElementById("curve-slope-now")?.textContent !== "");
    expect(served.complaints).toEqual([]);
  });

  test("says what is wrong with a seed", async () => {
    await served.page.fill("#train-seed", "-4");
    await served.page.click("#train-start");
    await served.page
      .locator("#status", { hasText: 'seed is "-4"; expected an integer from 0 to 4294967295' })
      .waitFor();
  });
});
