import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import { describe, expect, test } from "vitest";
import {
  createActor,
  DEFAULT_TASK,
  decodePolicy,
  type FloatNetwork,
  floatNetworkOf,
  importNetwork,
  initialiseActor,
  type Policy,
  policyWeights,
} from "../src/index.js";

const core = loadCore();
const read = (name: string) =>
  decodePolicy(readFileSync(fileURLToPath(new URL(`../policies/${name}`, import.meta.url))), name);
const shipped = read("snn.safetensors");
const shapeOf = ({ shape }: Policy) => {
  if (shape.kind !== "spiking") throw new Error("expected a spiking policy");
  return shape;
};
/** Equality of many bytes, which the assertion of arrays takes minutes for. */
const isSame = (a: Policy, b: Policy) => Buffer.from(a.weights).equals(b.weights);
const bring = (network: FloatNetwork, formats?: ReturnType<typeof shapeOf>) =>
  importNetwork(core, network, DEFAULT_TASK, "a.nir", formats);

describe("a policy in real numbers", () => {
  test("becomes the very same integers in its own formats", () => {
    const network = floatNetworkOf(core, shipped, "a");
    const { policy, report } = bring(network, shapeOf(shipped));
    expect(isSame(policy, shipped)).toBe(true);
    const scalar = importNetwork(loadCore("scalar"), network, DEFAULT_TASK, "a", shapeOf(shipped));
    expect(isSame(scalar.policy, shipped)).toBe(true);
    expect(scalar.report).toEqual(report);
  });

  test("does so with layers that hear themselves and a read-out that leaks", () => {
    const shape = {
      ...shapeOf(shipped),
      hidden: [{ width: 16, recurrent: true }, 24, { width: 8, recurrent: true }],
      weightBits: [12, 13, 14],
      readOut: "li",
    } as const;
    const actor = createActor(core, shape);
    initialiseActor(core, actor, 7, 0);
    const policy = { shape, weights: policyWeights(core, actor), record: {} };
    const network = floatNetworkOf(core, policy, "a");
    expect(network.hidden.map(({ own }) => own?.length)).toEqual([256, undefined, 64]);
    const { policy: again, report } = bring(network, shape);
    expect(isSame(again, policy)).toBe(true);
    expect(report.rounding.spikes).toBeGreaterThan(100);
    expect(report.rounding.differingShare).toBeLessThan(0.02);
  });

  test("is refused where it does not spike or its neurons adapt", () => {
    expect(() => floatNetworkOf(core, read("ann.safetensors"), "a")).toThrow(
      "a: kind is dense; expected spiking",
    );
    const shape = { ...shapeOf(shipped), hidden: [{ width: 16, neuron: "alif" }, 24] } as const;
    const weights = policyWeights(core, createActor(core, shape));
    expect(() => floatNetworkOf(core, { shape, weights, record: {} }, "a")).toThrow(
      "a: layer 1 has neurons that adapt; expected LIF",
    );
  });
});

describe("a network of another tool", () => {
  /** The network with neuron j of layer 1 scaled, which changes none of its spikes. */
  const scaled = (factor: number): FloatNetwork => {
    const { hidden, readOut } = floatNetworkOf(core, shipped, "a");
    const layers = hidden.map((layer) => ({
      ...layer,
      weight: layer.weight.map((value) => value * factor),
      bias: layer.bias.map((value) => value * factor),
      threshold: layer.threshold.map((value) => value * factor),
    }));
    return { hidden: layers, readOut };
  };

  test("fills the range of its weights, however its neurons are scaled", () => {
    const one = bring(scaled(1));
    expect(one.report.rounding.differingShare).toBeLessThan(0.01);
    expect(one.report.saturatedWeights).toBe(0);
    for (const factor of [2 ** -12, 2 ** 9])
      expect(isSame(bring(scaled(factor)).policy, one.policy)).toBe(true);
  });

  test("gets neurons that never fire up to the next multiple of 8", () => {
    const { hidden, readOut } = floatNetworkOf(core, shipped, "a");
    const [first, second] = hidden as [(typeof hidden)[0], (typeof hidden)[0]];
    const cut = (width: number) => (values: Float32Array) => values.slice(0, width);
    const keep = cut(253);
    const short: FloatNetwork = {
      hidden: [
        {
          ...first,
          width: 253,
          weight: first.weight.slice(0, 253 * 18),
          bias: keep(first.bias),
          leak: keep(first.leak),
          threshold: keep(first.threshold),
        },
        { ...second, inputs: 253, weight: second.weight.filter((_, i) => i % 256 < 253) },
      ],
      readOut,
    };
    const { policy, report } = bring(short);
    expect(policy.shape).toMatchObject({ hidden: [256, 128] });
    expect(report.addedNeurons).toBe(3);
    expect(report.rounding.spikes).toBeGreaterThan(1000);
    expect(report.rounding.differingShare).toBeLessThan(0.02);
  });

  test("tells what its own reset would have done", () => {
    const { hidden, readOut } = floatNetworkOf(core, shipped, "a");
    const hard = hidden.map((layer) => ({ ...layer, reset: new Float32Array(layer.width) }));
    const { report } = bring({ hidden: hard, readOut });
    expect(report.rounding.differingShare).toBeLessThan(0.01);
    expect(report.file?.differingShare).toBeGreaterThan(0.05);
    expect(bring({ hidden, readOut }).report).not.toHaveProperty("file");
  });

  test("is refused with more layers or neurons than fly", () => {
    const { hidden, readOut } = floatNetworkOf(core, shipped, "a");
    const seven = { hidden: Array(7).fill(hidden[0]), readOut };
    expect(() => bring(seven)).toThrow(/^a\.nir: layers of 256(,256){6} neurons: hidden: /);
    expect(() => bring({ hidden: hidden.slice(0, 1), readOut }, shapeOf(shipped))).toThrow(
      "a.nir: layers of 256 neurons; expected 256,128, as its formats say",
    );
  });
});
