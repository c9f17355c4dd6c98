import fc from "fast-check";
import { expect, test } from "vitest";
import type { Address, Core } from "../src/index.js";
import { loadCore } from "../src/node.js";
import { placeF32, randomValues } from "./memory.js";
import { createSequence, createSpikingActor, lif, masterLayout, randomMaster } from "./network.js";

const H1 = 24;
const H2 = 16;
const STEPS = 25;

function record(core: Core, master: Float32Array, observations: Address<"F32s">) {
  const actor = createSpikingActor(core, lif(H1, H2), 0, master);
  const sequence = createSequence(core, actor, STEPS);
  core.kernels.sequenceForward(sequence.at, observations, 72, STEPS);
  return sequence;
}

/** The master whose neuron j of either layer is neuron order[j] of the given one. */
function permute(master: Float32Array, order1: readonly number[], order2: readonly number[]): Float32Array {
  let at = 0;
  const parts = masterLayout(H1, H2).map(([name, length]) => {
    const tensor = master.subarray(at, at + length);
    at += length;
    return Float32Array.from(tensor, (_, k) => {
      if (name === "w1") return tensor[H1 * Math.floor(k / H1) + order1[k % H1]!]!;
      if (name === "w2") return tensor[H2 * order1[Math.floor(k / H2)]! + order2[k % H2]!]!;
      if (name === "w3") return tensor[4 * order2[Math.floor(k / 4)]! + (k % 4)]!;
      if (name === "b3") return tensor[k]!;
      return tensor[(name.endsWith("1") ? order1 : order2)[k]!]!;
    });
  });
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

const orders = (h: number) =>
  fc.shuffledSubarray(
    Array.from({ length: h }, (_, j) => j),
    { minLength: h, maxLength: h },
  );

test("permuting hidden neurons permutes their spikes and membranes and changes no action", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 30), orders(H1), orders(H2), (seed, order1, order2) => {
      const core = loadCore();
      const master = randomMaster(seed, H1, H2);
      const observations = placeF32(core, randomValues(seed + 99, 18 * STEPS, 2));
      const plain = record(core, master, observations);
      const permuted = record(core, permute(master, order1, order2), observations);
      expect(permuted.spikeCount()).toBe(plain.spikeCount());
      expect(plain.spikeCount()).toBeGreaterThan(50);
      for (let t = 0; t < STEPS; t++) {
        expect([...permuted.action(t)]).toEqual([...plain.action(t)]);
        expect([...permuted.spikes(1, t)]).toEqual(order1.map((j) => plain.spikes(1, t)[j]));
        expect([...permuted.membrane(2, t)]).toEqual(order2.map((j) => plain.membrane(2, t)[j]));
      }
    }),
    { numRuns: 30 },
  );
});

test("observations saturate, and NaN becomes 0", () => {
  const core = loadCore();
  const observation = placeF32(core, [
    100,
    -100,
    Number.NaN,
    ...new Array(13).fill(0),
    Number.POSITIVE_INFINITY,
    1,
  ]);
  const { image } = createSpikingActor(core, lif(H1, H2), 0);
  const pilot = core.create("Pilot", { image });
  const { quantised } = Object.assign(core.view("Pilot", pilot), { observation });
  core.kernels.pilotStep(pilot);
  expect([0, 1, 2, 16, 17].map((k) => core.i16(quantised, 18)[k])).toEqual([32767, -32767, 0, 32767, 512]);
});
