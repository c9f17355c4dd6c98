import {
  ACTION_WORDS as ACTION,
  HISTORY_WORDS as HISTORY,
  OBSERVATION_WORDS as OBSERVATION,
} from "@spikewing/core";
import { type ActorShape, DENSE_ACTIVATIONS, type DenseActivation, SpikewingError } from "@spikewing/rl";
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./model.js";

type Graph = Pick<OnnxModel, "inputs" | "outputs" | "nodes" | "tensors">;

const observation: OnnxValue = {
  name: "observation",
  width: OBSERVATION,
  about:
    "position (3) m, rotation matrix (9) row by row, velocity (3) m/s, angular velocity (3) rad/s; relative to the target",
};
const action: OnnxValue = { name: "action", width: ACTION, about: "motors, [-1, 1]" };

/** Cuts one f32 array into tensors, from its start to its end. */
class Parameters {
  readonly #values: Float32Array;
  readonly tensors: OnnxTensor[] = [];
  #at = 0;

  constructor(values: Float32Array) {
    this.#values = values;
  }

  take(name: string, ...shape: number[]): string {
    const count = shape.reduce((product, size) => product * size, 1);
    this.tensors.push({ name, shape, values: this.#values.slice(this.#at, this.#at + count) });
    this.#at += count;
    return name;
  }

  /** Tensors beside each other: (rows, width) each, in rows of all of them. */
  takeColumns(names: readonly string[], rows: number, width: number): void {
    const pitch = names.length * width;
    names.forEach((name, part) => {
      const values = new Float32Array(rows * width);
      for (let row = 0; row < rows; row++) {
        const at = this.#at + row * pitch + part * width;
        values.set(this.#values.subarray(at, at + width), row * width);
      }
      this.tensors.push({ name, shape: [rows, width], values });
    });
    this.#at += rows * pitch;
  }
}

/** The graph of a policy that does not spike. @throws SpikewingError naming `place` of one that does. */
export function graphOfPolicy(shape: ActorShape, weights: Uint8Array, place: string): Graph {
  const parameters = new Parameters(new Float32Array(weights.slice().buffer));
  if (shape.kind === "dense") return denseGraph(shape, parameters);
  if (shape.kind === "gru") return gruGraph(shape.units, parameters);
  throw new SpikewingError(
    place,
    `kind is ${shape.kind}; expected dense or gru, as ONNX has no neurons that spike`,
    "export nir writes those",
  );
}

function denseGraph(
  { hidden, activation, history }: Extract<ActorShape, { kind: "dense" }>,
  parameters: Parameters,
): Graph {
  const input = history
    ? {
        ...observation,
        width: OBSERVATION + HISTORY,
        about: `${observation.about}; then the last 32 actions (4 each), the newest last`,
      }
    : observation;
  const sizes = [input.width, ...hidden, ACTION];
  const outputActivation = DENSE_ACTIVATIONS[activation];
  const nodes: OnnxNode[] = [];
  const constants = [activation, outputActivation].includes("fast-tanh") ? FAST_TANH_CONSTANTS : [];
  let before = input.name;
  for (let l = 1; l < sizes.length; l++) {
    const last = l === sizes.length - 1;
    const weight = parameters.take(`weight${l}`, sizes[l - 1]!, sizes[l]!);
    const bias = parameters.take(`bias${l}`, sizes[l]!);
    const output = last ? action.name : `layer${l}`;
    nodes.push({ op: "Gemm", inputs: [before, weight, bias], output: `sum${l}` });
    nodes.push(...activate(last ? outputActivation : activation, `sum${l}`, output));
    before = output;
  }
  return { inputs: [input], outputs: [action], nodes, tensors: [...parameters.tensors, ...constants] };
}

const constant = (name: string, value: number): OnnxTensor => ({
  name,
  shape: [],
  values: Float32Array.of(value),
});
const FAST_TANH_CONSTANTS = [
  constant("nine", 9),
  constant("twenty_seven", 27),
  constant("lowest", -3),
  constant("highest", 3),
];

/** What a layer does with its sums. */
function activate(activation: DenseActivation, sums: string, output: string): OnnxNode[] {
  switch (activation) {
    case "tanh":
      return [{ op: "Tanh", inputs: [sums], output }];
    case "relu":
      return [{ op: "Relu", inputs: [sums], output }];
    case "fast-tanh":
      return fastTanh(sums, output);
  }
}

/** x (27 + x^2) / (27 + 9 x^2) within +-3. */
function fastTanh(sums: string, output: string): OnnxNode[] {
  const part = (name: string) => `${sums}_${name}`;
  return [
    { op: "Clip", inputs: [sums, "lowest", "highest"], output: part("x") },
    { op: "Mul", inputs: [part("x"), part("x")], output: part("x2") },
    { op: "Add", inputs: [part("x2"), "twenty_seven"], output: part("above") },
    { op: "Mul", inputs: [part("x"), part("above")], output: part("numerator") },
    { op: "Mul", inputs: [part("x2"), "nine"], output: part("below") },
    { op: "Add", inputs: [part("below"), "twenty_seven"], output: part("denominator") },
    { op: "Div", inputs: [part("numerator"), part("denominator")], output },
  ];
}

/** PyTorch's GRU, as core-wasm/assembly/actors/gru.ts has it; the state goes in and comes out. */
function gruGraph(units: number, parameters: Parameters): Graph {
  parameters.takeColumns(["Wr", "Wz", "Wc"], OBSERVATION, units);
  parameters.takeColumns(["Ur", "Uz", "Um"], units, units);
  for (const bias of ["br", "bz", "bc", "bm"]) parameters.take(bias, units);
  parameters.take("V", units, ACTION);
  parameters.take("v", ACTION);
  const one: OnnxTensor = { name: "one", shape: [1], values: Float32Array.of(1) };
  const gate = (name: string): OnnxNode[] => [
    { op: "Gemm", inputs: ["observation", `W${name}`, `b${name}`], output: `${name}x` },
    { op: "MatMul", inputs: ["state", `U${name}`], output: `${name}h` },
    { op: "Add", inputs: [`${name}x`, `${name}h`], output: `${name}sum` },
    { op: "Sigmoid", inputs: [`${name}sum`], output: name },
  ];
  const nodes: OnnxNode[] = [
    ...gate("r"),
    ...gate("z"),
    { op: "Gemm", inputs: ["state", "Um", "bm"], output: "m" },
    { op: "Gemm", inputs: ["observation", "Wc", "bc"], output: "cx" },
    { op: "Mul", inputs: ["r", "m"], output: "rm" },
    { op: "Add", inputs: ["cx", "rm"], output: "csum" },
    { op: "Tanh", inputs: ["csum"], output: "c" },
    { op: "Sub", inputs: ["one", "z"], output: "fresh" },
    { op: "Mul", inputs: ["fresh", "c"], output: "taken" },
    { op: "Mul", inputs: ["z", "state"], output: "kept" },
    { op: "Add", inputs: ["taken", "kept"], output: "next_state" },
    { op: "Gemm", inputs: ["next_state", "V", "v"], output: "sum" },
    { op: "Tanh", inputs: ["sum"], output: "action" },
  ];
  const state = (name: string, about: string): OnnxValue => ({ name, width: units, about });
  return {
    inputs: [observation, state("state", "0 at the start of an episode, then next_state of the step before")],
    outputs: [action, state("next_state", "state of the next step")],
    nodes,
    tensors: [...parameters.tensors, one],
  };
}
