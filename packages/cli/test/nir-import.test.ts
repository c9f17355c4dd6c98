import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodePolicy, imageTensors } from "@spikewing/rl";
import {
  decodeGraph,
  decodeHdf5,
  encodeGraph,
  encodeHdf5,
  type Graph,
  type Node,
  OBSERVATIONS,
  text,
} from "@spikewing/rl/exchange";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { bringNir } from "./bring-nir.ts";
import { refuse, succeed } from "./command.ts";
import { foreign, lif, matrix, row, size } from "./foreign-graph.ts";
import { testRefusals } from "./refusals.ts";

const folder = newFolder();
const bring = bringNir(folder);
const file = (name: string) => join(folder, name);

async function write(name: string, graph: Graph): Promise<void> {
  writeFileSync(file(`${name}.nir`), await encodeHdf5(encodeGraph(graph)));
}

describe("spikewing import nir", () => {
  test("makes a policy of a graph with a Linear, one value for all neurons and a width of 5", async () => {
    await write("foreign", foreign({}));
    const { sizes, addedNeurons, rounding, file: own } = bring("foreign");
    expect({ sizes, addedNeurons }).toEqual({ sizes: [18, 5, 4], addedNeurons: 3 });
    expect(rounding.spikes).toBeGreaterThan(0);
    expect(own.steps).toBe(rounding.steps); // it resets to 0 by its file, which is measured too
    const made = decodePolicy(readFileSync(file("foreign.safetensors")), "made");
    expect(made.shape).toMatchObject({ hidden: [8] });
    expect(made.record).toMatchObject({ source: { format: "NIR", file: "foreign.nir", profile: "plain" } });
    const leaks = imageTensors(made).find(({ name }) => name === "leak1")!.values;
    expect([...leaks]).toEqual([49152, 49152, 49152, 49152, 49152, 0, 0, 0]); // 1 - 10 ms / 40 ms
  });

  test("makes a policy that flies and becomes firmware as any other", () => {
    const policy = file("foreign.safetensors");
    succeed(["fly", policy, "--seconds", "0.1", "--out", file("flight")]);
    const args = ["firmware", "build", "--target", "generic", "--policy", policy, "--out", file("c")];
    expect(JSON.parse(succeed([...args, "--json"]).stdout)).toMatchObject({ policy, target: "generic" });
  });

  test("reads neurons that hear themselves, within a graph of their own", async () => {
    const inner = foreign(
      {
        input: { type: "Input", parameters: { shape: size(5) } },
        "a.fc": undefined,
        out: undefined,
        w_rec: { type: "Affine", parameters: { weight: matrix(5, 5), bias: row(5, 0.5) } },
        output: { type: "Output", parameters: { shape: size(5) } },
      },
      [
        ["input", "cell"],
        ["cell", "w_rec"],
        ["w_rec", "cell"],
        ["cell", "output"],
      ],
    );
    const outer = encodeGraph(foreign({ cell: undefined })) as { node: { nodes: Record<string, unknown> } };
    outer.node.nodes.cell = (encodeGraph(inner) as { node: object }).node;
    writeFileSync(file("nested.nir"), await encodeHdf5(outer as never));
    bring("nested");
    const made = decodePolicy(readFileSync(file("nested.safetensors")), "made");
    expect(made.shape).toMatchObject({ hidden: [{ width: 8, recurrent: true }] });
    const biases = imageTensors(made).find(({ name }) => name === "b1")!.values;
    expect(biases[0]).toBe(biases[4]);
    expect(biases[0]).toBeGreaterThan(0);
    // as in braille_noDelay_bias_zero_subgraph.nir of neuromorphs/NIR
    outer.node.nodes.cell = (encodeGraph({ ...inner, edges: [["input", "lif"]] }) as { node: object }).node;
    writeFileSync(file("torn.nir"), await encodeHdf5(outer as never));
    refuse(
      ["import", "nir", file("torn.nir"), "--out", file("torn")],
      `${file("torn.nir")}: node cell: an edge names lif, which is not there; expected one of cell, input, output, w_rec`,
    );
  });

  const cuba = (tauSyn: number): Node => {
    const { tau, ...rest } = lif(5);
    return {
      type: "CubaLIF",
      parameters: { ...rest, tau_mem: tau!, tau_syn: row(5, tauSyn), w_in: row(5, 2) },
    };
  };

  test("takes a current that does not last as a factor", async () => {
    await write("cuba", foreign({ cell: cuba(0.01) }));
    const twice = { type: "LIF", parameters: { ...lif(5), r: row(5, 8) } };
    await write("twice", foreign({ cell: twice }));
    const weightsOf = (name: string) => {
      bring(name);
      return decodePolicy(readFileSync(file(`${name}.safetensors`)), name).weights;
    };
    expect(weightsOf("cuba")).toEqual(weightsOf("twice"));
  });

  test("an adapter says what the inputs and outputs of another's network are", async () => {
    const weights = Float32Array.from({ length: 5 * 18 }, (_, i) => Math.sin(1 + i));
    const readOut = Float32Array.from({ length: 4 * 5 }, (_, i) => Math.cos(i));
    await write(
      "own",
      foreign({
        "a.fc": { type: "Linear", parameters: { weight: { shape: [5, 18], data: weights } } },
        out: { type: "Linear", parameters: { weight: { shape: [4, 5], data: readOut } } },
      }),
    );
    // 20 inputs, in the other order, halved: the same network, where the adapter doubles them; two mean nothing
    const turned = Float32Array.from({ length: 5 * 20 }, (_, i) => {
      const [j, k] = [Math.floor(i / 20), i % 20];
      return k < 18 ? weights[j * 18 + 17 - k]! / 2 : 7;
    });
    const wide = Float32Array.from({ length: 6 * 5 }, (_, i) => (i < 10 ? 9 : readOut[i - 10]! * 4));
    await write(
      "turned",
      foreign({
        input: { type: "Input", parameters: { shape: size(20) } },
        "a.fc": { type: "Linear", parameters: { weight: { shape: [5, 20], data: turned } } },
        out: { type: "Linear", parameters: { weight: { shape: [6, 5], data: wide } } },
        output: { type: "Output", parameters: { shape: size(6) } },
      }),
    );
    const inputs = [
      ...[...OBSERVATIONS].reverse().map((observation) => ({ observation, scale: 2 })),
      { constant: 0 },
      { observation: "position_x", scale: 0 },
    ];
    const outputs = [2, 3, 4, 5].map((output) => ({ output, scale: 0.25 }));
    writeFileSync(file("adapter.json"), JSON.stringify({ $schema: "adapter.schema.json", inputs, outputs }));
    bring("own");
    bring("turned", "--adapter", file("adapter.json"));
    const [own, adapted] = ["own", "turned"].map((name) =>
      decodePolicy(readFileSync(file(`${name}.safetensors`)), name),
    );
    expect(adapted!.weights).toEqual(own!.weights);
    expect(adapted!.record).toMatchObject({ source: { adapter: { outputs } } });
    const refused = (change: object, problem: string) => {
      writeFileSync(file("wrong.json"), JSON.stringify({ inputs, outputs, ...change }));
      const call = ["import", "nir", file("turned.nir"), "--out", file("w"), "--adapter", file("wrong.json")];
      refuse(call, problem);
    };
    refused(
      { inputs: inputs.slice(1) },
      `${file("turned.nir")}: node input: shape is (20); expected (19) (--adapter says what each number is)`,
    );
    refused(
      { outputs: [...outputs.slice(1), { output: 6 }] },
      `${file("turned.nir")}: outputs.3.output is 6; expected at most 5, as the network has 6`,
    );
  });

  test("a file of snnTorch's own is refused by the node that no policy has, and flies with a read-out", async () => {
    const theirs = fileURLToPath(new URL("../fixtures/nir/snntorch-lif.nir", import.meta.url));
    const args = ["import", "nir", theirs, "--out", file("theirs.safetensors"), "--profile", "snntorch"];
    refuse(args, `${theirs}: node input: shape is (1); expected (18) (--adapter says what each number is)`);
    const outputs = [0, 1, 2, 3].map((output) => ({ output }));
    writeFileSync(
      file("height.json"),
      JSON.stringify({ inputs: [{ observation: "position_z" }], outputs: outputs.map(() => outputs[0]) }),
    );
    refuse(
      [...args, "--adapter", file("height.json")],
      `${theirs}: node output: hears neurons; expected Affine or Linear before it, whose tanh is the action`,
    );

    const { nodes } = decodeGraph(await decodeHdf5(readFileSync(theirs), theirs), theirs);
    const readOut: Node = { type: "Affine", parameters: { weight: matrix(4, 1), bias: row(4, 0.2) } };
    const output: Node = { type: "Output", parameters: { shape: size(4) } };
    const chain = ["input", "0", "1", "out", "output"];
    await write("flies", {
      nodes: new Map([...nodes, ["out", readOut], ["output", output]]),
      edges: chain.slice(1).map((name, i) => [chain[i]!, name]),
      metadata: {},
    });
    writeFileSync(file("height.json"), JSON.stringify({ inputs: [{ observation: "position_z" }], outputs }));
    bring("flies", "--profile", "snntorch", "--adapter", file("height.json"));
    const made = imageTensors(decodePolicy(readFileSync(file("flies.safetensors")), "made"));
    const [leak] = made.find(({ name }) => name === "leak1")!.values;
    expect(leak).toBe(Math.round(0.96 * 2 ** 16)); // 1 - 0.1 ms / 2.5 ms
  });

  const REFUSED: readonly [what: string, graph: Graph, problem: string][] = [
    [
      "12 inputs",
      foreign({ input: { type: "Input", parameters: { shape: size(12) } } }),
      "node input: shape is (12); expected (18) (--adapter says what each number is)",
    ],
    [
      "a convolution",
      foreign({ cell: { type: "Conv2d", parameters: { weight: matrix(5, 5) } } }),
      "node cell: type is Conv2d; expected one of Affine, Linear, LIF, CubaLIF, IF, LI, Flatten",
    ],
    [
      "a time constant below the step",
      foreign({ cell: { type: "LIF", parameters: lif(5, 0.0025) } }),
      `node cell: tau of neuron 0 is ${Math.fround(0.0025)} s; expected at least the step, 0.01 s in profile plain (--profile snntorch or norse has a shorter one)`,
    ],
    [
      "a current that lasts",
      foreign({ cell: cuba(0.02) }),
      `node cell: tau_syn of neuron 0 is ${Math.fround(0.02)} s; expected the step, 0.01 s: no neuron here has a current that lasts`,
    ],
    [
      "weights of another shape",
      foreign({ out: { type: "Linear", parameters: { weight: matrix(4, 6) } } }),
      "node out: weight has shape (4,6); expected (neurons, 5)",
    ],
    [
      "a threshold for every second neuron",
      foreign({ cell: { type: "LIF", parameters: { ...lif(5), v_threshold: row(2, 1) } } }),
      "node cell: v_threshold has shape (2); expected (5)",
    ],
    [
      "a parameter that is missing",
      foreign({ cell: { type: "LIF", parameters: { tau: row(5, 1), r: row(5, 1) } } }),
      "node cell: v_leak is missing",
    ],
    [
      "a weight that is no number",
      foreign({ out: { type: "Linear", parameters: { weight: matrix(4, 5, Number.NaN) } } }),
      "node out: weight: value 0 is NaN; expected a finite number of 32 bits",
    ],
    [
      "text where numbers are",
      foreign({ out: { type: "Linear", parameters: { weight: text("heavy") } } }),
      'node out: weight is "heavy"; expected numbers',
    ],
    [
      "a node that branches",
      foreign({}, [
        ["input", "a.fc"],
        ["a.fc", "cell"],
        ["a.fc", "out"],
        ["out", "output"],
      ]),
      "node a.fc: has 2 nodes behind it (cell,out); expected 1, as in a chain of layers",
    ],
    [
      "an edge to nowhere",
      foreign({}, [["input", "lost"]]),
      "/node: an edge names lost, which is not there; expected one of a.fc, cell, input, out, output",
    ],
    [
      "spikes for motors",
      foreign({ out: { type: "LIF", parameters: lif(5) } }),
      "node out: LIF hears no weights; expected Affine or Linear before it",
    ],
    [
      "no output",
      foreign({ output: undefined }, [["input", "a.fc"]]),
      "/node: 0 nodes of type Output; expected 1",
    ],
  ];
  testRefusals(
    REFUSED.map(([what, graph, problem]) => ({
      name: `refuses ${what} by the name of the node`,
      args: ["import", "nir", "graph.nir", "--out", "policy.safetensors"],
      line: `graph.nir: ${problem}`,
      files: { "graph.nir": () => encodeHdf5(encodeGraph(graph)) },
    })),
  );

  test("refuses what is no NIR file, or is cut short, with one line", () => {
    const plain = file("plain.nir");
    succeed(["export", "nir", plain]);
    const whole = readFileSync(plain);
    const cut = file("cut.nir");
    for (const bytes of [
      Buffer.from("no hdf5"),
      whole.subarray(0, 5000),
      whole.subarray(0, whole.length - 999),
    ]) {
      writeFileSync(cut, bytes);
      refuse(["import", "nir", cut, "--out", file("cut")], `${cut}: is not an HDF5 file, or is damaged`);
    }
    refuse(["import", "nir", cut, "--out", plain], `${plain}: exists already; expected a new file`);
    refuse(["import", "nir", cut], "required option '--out <file>' not specified");
  });
});
