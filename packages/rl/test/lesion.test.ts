import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import { describe, expect, test } from "vitest";
import {
  createActor,
  createFlight,
  createLesion,
  DEFAULT_TASK,
  decodePolicy,
  floatNetworkOf,
  initialiseActor,
  loadPolicy,
  weightMatrices,
} from "../src/index.js";

const read = (name: string) =>
  decodePolicy(readFileSync(fileURLToPath(new URL(`../policies/${name}`, import.meta.url))), name);

const common = { kind: "spiking", productBits: 25, inputGain: [1, 1, 1, 1] } as const;
const KINDS = {
  lif: { ...common, hidden: [32, 16], weightBits: [12, 12] },
  "lif with i8 weights": { ...common, hidden: [32, 16], weightBits: [12, 12], weightFormat: "i8" },
  "alif that hears itself": {
    ...common,
    hidden: [{ width: 32, neuron: "alif", recurrent: true }],
    weightBits: [12],
  },
} as const;

describe.each(Object.entries(KINDS))("a lesion of %s", (_, shape) => {
  test("silences its neurons and no other, and goes without a trace", () => {
    const core = loadCore();
    const actor = createActor(core, shape);
    initialiseActor(core, actor, 3, 0);
    const flight = createFlight(core, DEFAULT_TASK, actor, 1);
    const lesion = createLesion(core, actor);
    const fly = () => {
      flight.reset(0);
      const counts = new Array(flight.spikes().length).fill(0);
      for (let step = 0; step < 40; step++) {
        flight.step();
        for (const [j, fired] of flight.spikes().entries()) counts[j] += fired;
      }
      return { counts, end: flight.state() };
    };
    const whole = fly();
    const lively = whole.counts.flatMap((spikes, j) => (spikes > 5 ? [j] : []));
    expect(lively.length).toBeGreaterThan(4);
    const silent = lively.filter((_, i) => i % 2 === 0);
    lesion.silence(silent);
    const hurt = fly();
    for (const j of silent) expect(hurt.counts[j]).toBe(0);
    expect(hurt.counts.some((spikes) => spikes > 0)).toBe(true);
    expect(hurt.end).not.toEqual(whole.end);
    lesion.silence(whole.counts.keys());
    expect(fly().counts.every((spikes) => spikes === 0)).toBe(true);
    lesion.silence([]);
    expect(fly()).toEqual(whole);
  });
});

describe("weights as matrices", () => {
  const core = loadCore();

  test("are those of the network in real numbers", () => {
    const { hidden, readOut } = floatNetworkOf(core, read("snn.safetensors"), "snn");
    const matrices = weightMatrices(core, read("snn.safetensors"));
    expect(matrices).toEqual([...hidden, readOut].map(({ weight }) => weight));
  });

  test.each(["ann.safetensors", "guide-expert.safetensors"])(
    "of %s are its parameters, a row for each unit",
    (name) => {
      const policy = read(name);
      if (policy.shape.kind !== "dense") throw new Error("expected a dense policy");
      const matrices = weightMatrices(core, policy);
      const inputs = policy.shape.history ? 146 : 18;
      const sizes = [inputs, ...policy.shape.hidden, 4];
      expect(matrices.map(({ length }) => length)).toEqual(sizes.slice(1).map((n, l) => n * sizes[l]!));
      const flat = new Float32Array(policy.weights.slice().buffer);
      const width = sizes[1]!;
      for (let j = 0; j < width; j++) expect(matrices[0]![j * inputs + 3]).toBe(flat[3 * width + j]);
    },
  );

  test("of a recurrent network are those of its candidate and of its read-out", () => {
    const policy = read("gru.safetensors");
    if (policy.shape.kind !== "gru") throw new Error("expected a recurrent policy");
    const { units } = policy.shape;
    const [candidate, out] = weightMatrices(core, policy);
    const flat = new Float32Array(policy.weights.slice().buffer);
    expect(candidate![5 * 18 + 2]).toBe(flat[2 * 3 * units + 2 * units + 5]);
    expect(out![1 * units + 7]).toBe(flat[flat.length - 4 - 4 * units + 7 * 4 + 1]);
    expect([candidate!.length, out!.length]).toEqual([18 * units, 4 * units]);
  });

  test("a policy that does not spike has no lesion", () => {
    const actor = loadPolicy(core, read("ann.safetensors"));
    const before = core.f32(actor.parameters, actor.parameterCount).slice();
    createLesion(core, actor).silence([0, 1, 2]);
    expect(core.f32(actor.parameters, actor.parameterCount).slice()).toEqual(before);
  });
});
