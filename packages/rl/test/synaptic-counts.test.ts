import { layerWeights, neuronRow } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { createActor, initialiseActor } from "../src/actor.js";
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

/**
 * neurobench e521c28 (v2.3.0) with torch 1.13.0a0: SynapticOperations, MembraneUpdates, ActivationSparsity and
 * ConnectionSparsity over Linear layers with these weights and neurons that replayed the spikes and membranes of this flight,
 * 44 steps until it crashed. NeuroBench divides by samples; here by their steps. Its ConnectionSparsity is rounded.
 */
const NEUROBENCH = {
  effectiveMacs: 493,
  effectiveAcs: 155.22727272727272,
  dense: 1152,
  membraneUpdates: 48,
  activationSparsity: 0.7107007575757576,
  connectionSparsity: 0.145,
};

test("a drawn network of two layers has the counts that NeuroBench's own code gives of its flight", () => {
  const core = loadCore("simd");
  const shape = { kind: "spiking", hidden: [32, 16], productBits: 25, weightBits: [12, 12] } as const;
  const actor = createActor(core, { ...shape, inputGain: [4, 1, 2, 0.5] });
  initialiseActor(core, actor, 1, 0);
  for (const l of [0, 1, 2]) {
    const weights = layerWeights(core, actor.image, l);
    for (let i = 0; i < weights.length; i += 7) weights[i] = 0;
  }
  const { steps, layers, sparsity } = countFlight(core, actor, 3, 60);
  const sum = (value: (layer: (typeof layers)[number]) => number) =>
    layers.reduce((total, layer) => total + value(layer), 0);
  const effective = (wanted: "MAC" | "AC") => sum(({ kind, effective }) => (kind === wanted ? effective : 0));
  expect(steps).toBe(44);
  expect(effective("MAC")).toBeCloseTo(NEUROBENCH.effectiveMacs, 9);
  expect(effective("AC")).toBeCloseTo(NEUROBENCH.effectiveAcs, 9);
  expect(sum(({ dense }) => dense)).toBe(NEUROBENCH.dense);
  expect(sum(({ membraneUpdates }) => membraneUpdates)).toBeCloseTo(NEUROBENCH.membraneUpdates, 9);
  expect(sparsity).toBeCloseTo(NEUROBENCH.activationSparsity, 9);
  expect(Number(connectionSparsity(core, actor).toFixed(4))).toBe(NEUROBENCH.connectionSparsity);
});
