import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodePolicy, imageTensors, neuronThresholds } from "@spikewing/rl";
import { decodeGraph, decodeHdf5, type Graph } from "@spikewing/rl/exchange";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { bringNir } from "./bring-nir.ts";
import { refuse, succeed } from "./command.ts";

const folder = newFolder();
const bring = bringNir(folder);
const shipped = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/snn.safetensors"));
const policy = decodePolicy(readFileSync(shipped), shipped);
const file = (name: string) => join(folder, name);
const json = (args: readonly string[]) => JSON.parse(succeed([...args, "--json"]).stdout);
const readGraph = async (name: string) => decodeGraph(await decodeHdf5(readFileSync(file(name)), name), name);
const numbers = (graph: Graph, node: string, name: string) =>
  Float64Array.from(graph.nodes.get(node)!.parameters[name]!.data as Float64Array);

beforeAll(() => {
  for (const profile of ["plain", "snntorch", "norse"])
    succeed(["export", "nir", file(`${profile}.nir`), "--profile", profile]);
});

describe("spikewing export nir", () => {
  test("is read back to the same integers in the plain profile", () => {
    const { rounding, saturatedWeights, file: own } = bring("plain");
    const again = decodePolicy(readFileSync(file("plain.safetensors")), "again");
    expect(Buffer.from(again.weights).equals(policy.weights)).toBe(true);
    expect(again.shape).toEqual(policy.shape);
    expect(rounding.spikes).toBeGreaterThan(1000);
    expect(rounding.differingShare).toBeLessThan(0.01);
    expect({ saturatedWeights, own }).toEqual({ saturatedWeights: 0, own: undefined });
    expect(succeed(["info", file("plain.safetensors")]).stdout).toMatch(/^example +ok /m);
    succeed(["firmware", "build", "--policy", file("plain.safetensors"), "--out", file("firmware")]);
  });

  test("gives snnTorch the leaks of the policy, one threshold a layer and inputs of gain 1", async () => {
    const graph = await readGraph("snntorch.nir");
    const leaks = imageTensors(policy).find(({ name }) => name === "leak1")!.values;
    const tau = numbers(graph, "lif1", "tau");
    const r = numbers(graph, "lif1", "r");
    tau.forEach((time, j) => {
      expect(Math.abs(65536 * (1 - 1e-4 / time) - leaks[j]!)).toBeLessThan(0.1); // a leak of 1 has a tau too
      expect((r[j]! * 1e-4) / time).toBeCloseTo(1, 6);
    });
    expect(new Set(numbers(graph, "lif1", "v_threshold"))).toEqual(new Set([1]));
    const raised = neuronThresholds(policy).filter((theta) => theta <= 0).length;
    expect(raised).toBeGreaterThan(0);
    expect((graph.metadata.losses!.data as string[]).join("\n")).toContain(
      `thresholds: ${raised} are 0 or less`,
    );
    expect(bring("snntorch").rounding.differingShare).toBeLessThan(0.01);
  });

  test("gives Norse an input gain of dt / tau that its weights make up for", async () => {
    const [plain, norse] = [await readGraph("plain.nir"), await readGraph("norse.nir")];
    const tau = numbers(norse, "lif1", "tau");
    const weights = numbers(norse, "fc1", "weight");
    const expected = numbers(plain, "fc1", "weight");
    weights.forEach((weight, i) => {
      expect((weight * 1e-3) / tau[Math.floor(i / 18)]!).toBeCloseTo(expected[i]!, 5);
    });
    expect(new Set(numbers(norse, "lif1", "r"))).toEqual(new Set([1]));
    expect(bring("norse").rounding.differingShare).toBeLessThan(0.01);
  });

  test("says what is lost, in the file and on the screen", async () => {
    const { losses, profile } = json(["export", "nir", file("told.nir")]);
    expect(profile).toBe("plain");
    expect((await readGraph("told.nir")).metadata.losses!.data).toEqual(losses);
    expect(losses.join("\n")).toMatch(
      /^with the policy's reset: \d+ spikes differ .*\nwith NIR's reset: \d+ /m,
    );
  });

  test("is opened by h5py, with the layout that nir.read expects", () => {
    const look = `
import h5py, json, sys
def look(item):
    if isinstance(item, h5py.Group):
        return {name: look(item[name]) for name in item}
    value = item[()]
    if h5py.check_string_dtype(item.dtype):
        assert h5py.check_string_dtype(item.dtype).encoding == "utf-8" and h5py.check_string_dtype(item.dtype).length is None
        return value.decode() if isinstance(value, bytes) else [[one.decode() for one in row] if item.ndim == 2 else row.decode() for row in value]
    return [str(item.dtype), list(item.shape), float(value.flat[0])]
print(json.dumps(look(h5py.File(sys.argv[1], "r"))))`;
    // Debian's own interpreter: python3 on the path may be another without h5py.
    const run = spawnSync("/usr/bin/python3", ["-c", look, file("snntorch.nir")], { encoding: "utf8" });
    expect(run.stderr).toBe("");
    const { version, node } = JSON.parse(run.stdout);
    expect(version).toMatch(/^\d+\.\d+/);
    expect(node.type).toBe("NIRGraph");
    expect(node.edges).toEqual([
      ["input", "fc1"],
      ["fc1", "lif1"],
      ["lif1", "fc2"],
      ["fc2", "lif2"],
      ["lif2", "fc3"],
      ["fc3", "output"],
    ]);
    const row = ["float32", [256], expect.any(Number)];
    expect(node.nodes.lif1).toEqual({
      type: "LIF",
      tau: row,
      r: row,
      v_leak: row,
      v_threshold: row,
      v_reset: row,
    });
    expect(node.nodes.fc2).toMatchObject({
      type: "Affine",
      weight: ["float32", [128, 256], expect.any(Number)],
    });
    expect(node.nodes.input).toEqual({ type: "Input", shape: ["int64", [1], 18] });
    expect(node.nodes.output).toEqual({ type: "Output", shape: ["int64", [1], 4] });
    expect(node.metadata).toMatchObject({
      profile: "snntorch",
      example_actions: ["int32", [64, 4], expect.any(Number)],
    });
  });

  test("refuses a dense policy and a file that is there", () => {
    const ann = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/ann.safetensors"));
    refuse(["export", "nir", file("ann.nir"), "--policy", ann], `${ann}: kind is dense; expected spiking`);
    refuse(["export", "nir", file("plain.nir")], `${file("plain.nir")}: exists already; expected a new file`);
  });
});
