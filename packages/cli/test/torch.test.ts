import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { loadCore } from "@spikewing/core/node";
import { decodeContainer, decodePolicy, floatNetworkOf, imageTensors } from "@spikewing/rl";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, succeed } from "./command.ts";

// The network of packages/core-wasm/fixtures/snn: snnTorch's, with weights in steps of 2^-12.
const VECTORS = new URL("../../core-wasm/fixtures/snn/small_slope25.safetensors.gz", import.meta.url);

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

/**
 * Writes what torch.save() writes of snnTorch's modules, without PyTorch: a zip archive of a pickle, whose tensors are calls
 * of torch._utils._rebuild_tensor_v2 on storages that the archive holds (torch/serialization.py, _save).
 */
const SAVE = `
import collections, io, json, pickle, struct, sys, types, zipfile
torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
class FloatStorage: pass
class LongStorage: pass
class HalfStorage: pass
def _rebuild_tensor_v2(*args): pass
for thing, module in ((FloatStorage, torch), (LongStorage, torch), (HalfStorage, torch), (_rebuild_tensor_v2, utils)):
    thing.__module__ = module.__name__
    setattr(module, thing.__name__, thing)
sys.modules["torch"], sys.modules["torch._utils"] = torch, utils
class Storage:
    def __init__(self, kind, values): self.kind, self.values = kind, values
class Tensor:
    def __init__(self, kind, shape, values, strides=None):
        self.storage, self.shape = Storage(kind, values), tuple(shape)
        contiguous, step = [], 1
        for size in reversed(shape):
            contiguous.insert(0, step)
            step *= size
        self.strides = tuple(strides or contiguous)
    def __reduce__(self):
        return _rebuild_tensor_v2, (self.storage, 0, self.shape, self.strides, False, collections.OrderedDict())
stored = []
class Pickler(pickle.Pickler):
    def persistent_id(self, thing):
        if not isinstance(thing, Storage): return None
        stored.append(thing)
        return ("storage", thing.kind, str(len(stored) - 1), "cpu", len(thing.values))
def state(tensors):
    out = collections.OrderedDict()
    for name, kind, shape, values, strides in tensors:
        out[name] = Tensor(getattr(torch, kind), shape, values, strides)
    out._metadata = collections.OrderedDict(version=1)
    return out
given = json.load(sys.stdin)
out = io.BytesIO()
root = state(given["tensors"])
if given["within"]: root = {given["within"]: root, "epoch": 3, "optimizer": {"state": {}, "lr": 0.5}}
if given["model"]: root = {"model": print}
Pickler(out, protocol=2).dump(root)
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_STORED) as archive:
    archive.writestr("net/data.pkl", out.getvalue())
    archive.writestr("net/byteorder", "little")
    for key, storage in enumerate(stored):
        letter = {"FloatStorage": "f", "LongStorage": "q", "HalfStorage": "e"}[storage.kind.__name__]
        archive.writestr("net/data/%d" % key, struct.pack("<%d%s" % (len(storage.values), letter), *storage.values))
`;
type Saved = [
  name: string,
  kind: string,
  shape: readonly number[],
  values: readonly number[],
  strides: number[] | null,
];

function save(name: string, tensors: readonly Saved[], { within = "", model = false } = {}): void {
  const input = JSON.stringify({ tensors, within, model });
  const run = spawnSync("/usr/bin/python3", ["-c", SAVE, file(name)], { input, encoding: "utf8" });
  expect(run.stderr).toBe("");
}

const vectors = decodeContainer(gunzipSync(readFileSync(VECTORS)), "vectors").tensors;
const values = (name: string) => [...new Float64Array(vectors.get(name)!.bytes.buffer)];
const float = (name: string, from: string): Saved => [
  name,
  "FloatStorage",
  vectors.get(from)!.shape,
  values(from),
  null,
];
const leaky = (name: string, l: number): Saved[] => [
  float(`${name}.threshold`, `threshold${l}`),
  [`${name}.graded_spikes_factor`, "FloatStorage", [], [1], null],
  [`${name}.reset_mechanism_val`, "LongStorage", [], [0], null],
  float(`${name}.beta`, `leak${l}`),
];
/** In the order of the modules, which is not that of their names. */
const STATE: readonly Saved[] = [
  float("sense.weight", "w1"),
  float("sense.bias", "b1"),
  ...leaky("early", 1),
  float("inner.weight", "w2"),
  float("inner.bias", "b2"),
  ...leaky("late", 2),
  float("act.weight", "w3"),
  float("act.bias", "b3"),
];
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
