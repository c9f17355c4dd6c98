import { layerWeights, neuronRow } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { createActor } from "../src/actor.js";
import { connectionSparsity, countFlight, fanOuts } from "../src/experiments/synaptic-counts.js";

const Q16 = 65_536;
const WIDTH = 8;

/**
 * 18-8-4: input 3, an entry of the rotation, reaches neurons 1 and 2, which never fire; neuron 0 hears nothing, fires in every
 * step, and reaches motors 0 and 3; neuron 7, which is silent, reaches all four.
 */
function tinyActor(core: ReturnType<typeof loadCore>) {
  const shape = { kind: "spiking", hidden: [WIDTH], productBits: 25, weightBits: [12] } as const;
  const actor = createActor(core, { ...shape, inputGain: [1, 1, 1, 1] });
  const inPairs = layerWeights(core, actor.image, 0);
  for (const neuron of [1, 2]) inPairs[2 * (1 * WIDTH + neuron) + 1] = 2000; // inputs 2 and 3 are pair 1
  const [bias, , threshold] = [0, 1, 2].map((row) => neuronRow(core, actor.image, 0, row));
  bias![0] = 3 * Q16;
  threshold!.fill(1000 * Q16).fill(Q16, 0, 1);
  const out = layerWeights(core, actor.image, 1);
  out[0] = 5;
  out[3] = -5;
  out.fill(1, 7 * 4);
  return actor;
}

test("weights that are not zero are counted where they lie", () => {
  const core = loadCore("simd");
  const actor = tinyActor(core);
  const [first, readOut] = fanOuts(core, actor);
  expect(first).toEqual([0, 0, 0, 2, ...new Array(14).fill(0)]);
  expect(readOut).toEqual([2, 0, 0, 0, 0, 0, 0, 4]);
  expect(connectionSparsity(core, actor)).toBeCloseTo(1 - (2 + 6) / (18 * 8 + 8 * 4), 12);
});

test("a tiny network has the counts of a count by hand", () => {
  const core = loadCore("simd");
  const { steps, layers, sparsity } = countFlight(core, tinyActor(core), 0, 10);
  const [first, readOut] = layers;
  expect(steps).toBe(10);
  expect(first).toMatchObject({ kind: "MAC", dense: 144, effective: 2, neurons: 8, spikes: 1 });
  expect(readOut).toMatchObject({ kind: "AC", dense: 32, effective: 2, neurons: 0, spikes: 0 });
  expect(sparsity).toBeCloseTo(7 / 8, 12);
  // All 8 in step 1; neuron 0 from 3 to 2 in step 2, where it stays; neurons 1 and 2 with the noise of the sensor, every step.
  expect(first!.membraneUpdates * steps).toBeCloseTo(8 + 1 + 2 * 9, 9);
});
