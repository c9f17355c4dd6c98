import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createPolicyPhase, decodePolicy, resolveRunConfig } from "../src/index.js";
import { poolOf } from "./tiny-run.js";

test("a spiking policy learns from the shipped guide to stay up three times as long as an untrained one", () => {
  const guide = decodePolicy(
    readFileSync(new URL("../policies/guide-expert.safetensors", import.meta.url)),
    "guide-expert.safetensors",
  );
  const size = { rounds: 4, evaluateEvery: 1, updatesPerRound: 60, evaluationEpisodes: 64, environments: 32 };
  const config = resolveRunConfig(
    { preset: "fast", algorithm: "bc", seed: 3, overrides: { policy: size } },
    "learning.test.ts",
  );
  const phase = createPolicyPhase(poolOf(2), config, guide);
  const steps = [...phase.run()].map(({ evaluation }) => evaluation!.meanSteps);
  phase.pool.close();
  // Untrained networks of seeds 1 to 9 crash after 38 to 40 steps in the mean.
  expect(Math.max(...steps)).toBeGreaterThan(120);
});

const THREE_LAYERS = { kind: "spiking", hidden: [64, 48, 32], weightBits: [12, 12, 12] };
const ACTORS = {
  spiking: { hidden: [64, 32] },
  "three-layer": { ...THREE_LAYERS, productBits: 25, inputGain: [4, 1, 2, 0.5] },
  adaptive: { hidden: [{ width: 64, neuron: "alif" }, 32] },
  "recurrent, leaky": { hidden: [{ width: 64, recurrent: true }, 32], readOut: "li" },
  "i8-trained": { hidden: [64, 32], weightFormat: "i8" },
  "4-bit-trained": { hidden: [64, 32], readOutWeights: "i4" },
  GRU: { kind: "gru", units: 32 },
};

test.each(Object.entries(ACTORS))(
  "a %s policy learns through the simulator, from nothing, to stay up ten times as long",
  (_, actor) => {
    const policy = {
      actor,
      drones: 64,
      rounds: 8,
      windowsPerRound: 40,
      longestWindow: 100,
      evaluateEvery: 1,
      evaluationEpisodes: 64,
    };
    const config = resolveRunConfig({ algorithm: "apg", seed: 3, overrides: { policy } }, "learning.test.ts");
    const phase = createPolicyPhase(poolOf(2), config, undefined);
    const steps = [...phase.run()].map(({ evaluation }) => evaluation!.meanSteps);
    phase.pool.close();
    expect(steps.at(-1)).toBeGreaterThan(400);
  },
);
