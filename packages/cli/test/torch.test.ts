import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { loadCore } from "@spikewing/core/node";
import { decodePolicy, floatNetworkOf, imageTensors } from "@spikewing/rl";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { type Saved, STATE, saveTorch, VECTORS, values } from "../../../scripts/vitest/torch-file.ts";
import { refuse, succeed } from "./command.ts";

const folder = newFolder();
const file = (name: string) => join(folder, name);
const bring = (source: string, out: string, ...flags: string[]) =>
  JSON.parse(
    succeed(["import", "torch", file(source), "--out", file(out), "--episodes", "4", "--json", ...flags])
      .stdout,
  );
const policyOf = (name: string) => decodePolicy(readFileSync(file(name)), name);

const layer = (l: number) => ({
  weight: `w${l}`,
  bias: `b${l}`,
  leak: `leak${l}`,
  threshold: `threshold${l}`,
});
const NAMES = { layers: [layer(1), layer(2), { weight: "w3", bias: "b3" }] };

const save = (
  name: string,
  ...what: [tensors: readonly Saved[], root?: { within?: string; model?: boolean }]
) => saveTorch(file(name), ...what);

const change = (name: string, other: Partial<Record<1 | 2 | 3 | 4, unknown>>) =>
  STATE.map((saved) => (saved[0] === name ? (Object.assign([...saved], other) as unknown as Saved) : saved));

beforeAll(() => {
  writeFileSync(file("vectors.safetensors"), gunzipSync(readFileSync(VECTORS)));
  writeFileSync(file("names.json"), JSON.stringify(NAMES));
  save("net.pth", STATE);
});

describe("spikewing import torch", () => {
  test("keeps every weight, leak and threshold of snnTorch's network in safetensors", () => {
    const { sizes, saturatedWeights, rounding } = bring(
      "vectors.safetensors",
      "a",
      "--names",
      file("names.json"),
    );
    expect({ sizes, saturatedWeights }).toEqual({ sizes: [18, 16, 8, 4], saturatedWeights: 0 });
    expect(rounding.spikes).toBeGreaterThan(0);
    expect(rounding.differingShare).toBeLessThan(0.01);
    const { hidden, readOut } = floatNetworkOf(loadCore(), policyOf("a"), "a");
    // A neuron is scaled as a whole by a power of two, which changes no spike.
    for (const [l, { weight, bias, leak, threshold, inputs }] of hidden.entries()) {
      expect([...leak]).toEqual(values(`leak${l + 1}`));
      threshold.forEach((theta, j) => {
        const scale = theta / values(`threshold${l + 1}`)[j]!;
        expect(Number.isInteger(Math.log2(scale))).toBe(true);
        expect(bias[j]).toBe(scale * values(`b${l + 1}`)[j]!);
        const row = values(`w${l + 1}`).slice(j * inputs, (j + 1) * inputs);
        // In layer 1 as fine as the observation's formats leave it: a rotation's weights are multiples of 2^-9.
        const tolerance = l === 0 ? 2 ** -10 : 0;
        row.forEach((value, k) => {
          expect(Math.abs(weight[j * inputs + k]! - scale * value)).toBeLessThanOrEqual(tolerance);
        });
      });
    }
    expect([...readOut.weight]).toEqual(values("w3"));
    expect([...readOut.bias]).toEqual(values("b3"));
  });

  test("finds the same network in a file of torch.save by snnTorch's names, in the order of its modules", () => {
    bring("vectors.safetensors", "b", "--names", file("names.json"));
    const { source } = bring("net.pth", "c");
    expect(source.names.layers[1]).toEqual({
      weight: "inner.weight",
      bias: "inner.bias",
      leak: "late.beta",
      threshold: "late.threshold",
    });
    expect(policyOf("c").weights).toEqual(policyOf("b").weights);
    save("checkpoint.pt", STATE, { within: "state_dict" });
    bring("checkpoint.pt", "d");
    expect(policyOf("d").weights).toEqual(policyOf("b").weights);
  });

  test("reads a transposed tensor, one leak for all neurons and one that snnTorch clamps", () => {
    const [columns, rows] = [18, 16];
    const w1 = values("w1");
    const turned = Array.from(
      { length: rows * columns },
      (_, i) => w1[(i % rows) * columns + Math.floor(i / rows)]!,
    );
    save("turned.pth", change("sense.weight", { 3: turned, 4: [1, rows] }));
    bring("turned.pth", "e");
    bring("net.pth", "f");
    expect(policyOf("e").weights).toEqual(policyOf("f").weights);
    save("leaks.pth", change("early.beta", { 2: [], 3: [1.5] }));
    const args = ["import", "torch", file("leaks.pth"), "--out", file("g"), "--episodes", "4"];
    const { stdout } = succeed(args);
    expect(stdout).toContain("16 leaks outside 0 to 1 are clamped, as snnTorch's forward pass does");
    expect(stdout).toContain("16 leaks above 255/256 are set to it");
    const leaks = imageTensors(policyOf("g")).find(({ name }) => name === "leak1")!.values;
    expect([...leaks]).toEqual(Array(16).fill(65536 - 256)); // the largest leak that an actor takes
  });

  const refuseFile = (name: string, problem: string, ...flags: string[]) =>
    refuse(["import", "torch", file(name), "--out", file("refused"), ...flags], problem);

  test.each([
    [
      "another reset",
      change("late.reset_mechanism_val", { 3: [1] }),
      "tensor late.reset_mechanism_val: is 1; expected 0 (subtract), as what flies (export_to_nir and import nir measure what another reset changes)",
    ],
    [
      "12 inputs",
      change("sense.weight", { 2: [16, 12], 3: values("w1").slice(0, 192) }),
      "tensor sense.weight: shape is (16,12); expected (neurons, 18)",
    ],
    ["nothing", [], "holds no tensors; expected a state dict"],
    [
      "half precision",
      change("act.bias", { 1: "HalfStorage" }),
      "holds torch.HalfStorage; expected tensors and dicts of them (save the state dict alone, torch.save(net.state_dict(), file), in float32)",
    ],
    [
      "no neurons",
      STATE.filter(([name]) => !/beta/.test(name)),
      "3 layers of weights (sense,inner,act) and 0 of neurons with a beta (); expected weights, neurons and so on, and weights last (--names says which tensor is what)",
    ],
  ])("refuses %s by the name of the tensor", (what, tensors, problem) => {
    const name = `${what.replaceAll(" ", "-")}.pth`;
    save(name, tensors);
    refuseFile(name, `${file(name)}: ${problem}`);
  });

  test("refuses a whole pickled module, a damaged archive and names that are none", () => {
    save("module.pth", STATE, { model: true });
    refuseFile(
      "module.pth",
      `${file("module.pth")}: holds __builtin__.print; expected tensors and dicts of them (save the state dict alone, torch.save(net.state_dict(), file), in float32)`,
    );
    writeFileSync(file("cut.pth"), readFileSync(file("net.pth")).subarray(0, 3000));
    refuseFile("cut.pth", `${file("cut.pth")}: is not a zip archive, or is damaged`);
    writeFileSync(file("wrong.json"), JSON.stringify({ layers: [layer(7), layer(2), { weight: "w3" }] }));
    refuseFile(
      "vectors.safetensors",
      `${file("vectors.safetensors")}: tensor w7: is missing`,
      "--names",
      file("wrong.json"),
    );
    writeFileSync(file("wrong.json"), JSON.stringify({ layers: [{ wieght: "w1" }, { weight: "w3" }] }));
    refuse(
      ["import", "torch", file("net.pth"), "--out", file("refused"), "--names", file("wrong.json")],
      /^error: .*wrong\.json: layers\.0.* wieght|weight/,
    );
  });

  test("its names are described for an editor", () => {
    const schema = JSON.parse(succeed(["schema", "tensor-names"]).stdout);
    expect(schema.properties).toHaveProperty("$schema");
    expect(schema.properties.layers.items.properties.leak.description).toMatch(/beta/);
  });
});
