import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, succeed } from "./command.ts";

const LOAD = `
import json, sys, numpy
with numpy.load(sys.argv[1]) as arrays:
    print(json.dumps({name: [str(arrays[name].dtype), list(arrays[name].shape), arrays[name].astype(float).ravel().tolist()] for name in arrays.files}))`;

/** As NumPy has them; Debian's own interpreter, which has it beside h5py. */
function load(file: string): Record<string, [dtype: string, shape: number[], values: number[]]> {
  const run = spawnSync("/usr/bin/python3", ["-c", LOAD, file], { encoding: "utf8", maxBuffer: 2 ** 28 });
  expect(run.stderr).toBe("");
  return JSON.parse(run.stdout);
}

test("a flight is the same in NumPy, in its CSV and in the list of its spikes", () => {
  const out = newFolder();
  const args = [
    "fly",
    "--trajectory",
    "hover",
    "--seconds",
    "0.2",
    "--npz",
    "--spikes",
    "--nirdata",
    "--out",
    out,
    "--json",
  ];
  const { files } = JSON.parse(succeed(args).stdout);
  expect(files).toMatchObject({ npz: join(out, "flight.npz"), spikes: join(out, "spikes.csv") });
  const arrays = load(files.npz);
  const rows = readFileSync(files.csv, "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));
  expect(arrays.t).toEqual(["float64", [21], rows.map(([t]) => expect.closeTo(t!, 9))]);
  const [dtype, shape, positions] = arrays.position!;
  expect({ dtype, shape }).toEqual({ dtype: "float32", shape: [21, 3] });
  rows.forEach((row, i) => {
    positions.slice(3 * i, 3 * i + 3).forEach((value, axis) => {
      expect(Math.fround(row[1 + axis]!)).toBe(value);
    });
  });
  const [kind, sizes, spikes] = arrays.spikes!;
  expect({ kind, sizes }).toEqual({ kind: "uint8", sizes: [21, 384] });
  const listed = readFileSync(files.spikes, "utf8").trimEnd().split("\n").slice(1);
  const expected = spikes.flatMap((spike, at) => {
    const neuron = at % 384;
    const place = neuron < 256 ? `1,${neuron}` : `2,${neuron - 256}`;
    return spike === 1 ? [`${rows[Math.floor(at / 384)]![0]},${place}`] : [];
  });
  expect(expected.length).toBeGreaterThan(100);
  expect(listed).toEqual(expected);
  const layer = (first: number, width: number) => ({
    type: "TimeGriddedData",
    dt: 0.01,
    shape: [1, 21, width],
    data: spikes.filter((_, at) => at % 384 >= first && at % 384 < first + width),
  });
  expect(readData(files.nirdata)).toEqual({ lif1: layer(0, 256), lif2: layer(256, 128) });
});

/** As nir.read_data (neuromorphs/NIR, nir/serialization.py) goes through the file. */
const READ_DATA = `
import h5py, json, sys
with h5py.File(sys.argv[1], "r") as f:
    assert f.attrs["__type__"] == "NIRGraphData"
    found = {}
    for name, node in f["nodes"].items():
        assert node.attrs["__type__"] == "NIRNodeData" and list(node["observables"]) == ["spikes"]
        grid = node["observables"]["spikes"]
        data = grid["data"][()]
        found[name] = {"type": grid.attrs["__type__"], "dt": float(grid.attrs["dt"]), "shape": list(data.shape), "data": data.ravel().tolist()}
    print(json.dumps(found))`;

function readData(file: string): unknown {
  const run = spawnSync("/usr/bin/python3", ["-c", READ_DATA, file], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  return JSON.parse(run.stdout);
}

test("spikes are refused of a policy without any, and of a board", () => {
  const ann = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/ann.safetensors"));
  const out = join(newFolder(), "none");
  refuse(["fly", ann, "--nirdata", "--out", out], `${ann}: kind is dense; expected spiking`);
  for (const flag of ["--spikes", "--nirdata"])
    refuse(
      ["fly", flag, "--udp", "127.0.0.1:9", "--out", out],
      `${flag}: is of spikes, which no board tells; expected it without one`,
    );
  expect(existsSync(out)).toBe(false);
});

test("a policy without spikes has none in its arrays, and a flight gives the same bytes twice", () => {
  const ann = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/ann.safetensors"));
  const fly = () => {
    const out = newFolder();
    succeed(["fly", ann, "--trajectory", "hover", "--seconds", "0.1", "--npz", "--out", out]);
    return join(out, "flight.npz");
  };
  const [first, second] = [fly(), fly()];
  expect(load(first)).not.toHaveProperty("spikes");
  expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
});
