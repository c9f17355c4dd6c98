import { ADAPT, type NetworkSizes, POLICY_SIZES } from "../exchange/adapter.js";
import type { FloatLayer, FloatNetwork, FloatNeurons } from "../float-network.js";
import { SpikewingError } from "../spikewing-error.js";
import type { StateDict } from "./state-dict.js";
import type { StateTensor } from "./state-tensor.js";
import type { TensorNames } from "./tensor-names.js";

type LayerNames = TensorNames["layers"][number];

/** snnTorch's buffers that tell of another neuron than the one that flies, and what they must hold. */
const BUFFERS = {
  reset_mechanism_val: { expected: 0, meaning: "subtract" },
  graded_spikes_factor: { expected: 1, meaning: "spikes of 1" },
} as const;

/** Reads tensors by name, and checks their shapes and values. */
class Tensors {
  readonly #dict: StateDict;
  readonly #place: string;

  constructor(dict: StateDict, place: string) {
    this.#dict = dict;
    this.#place = place;
  }

  refuse(name: string, problem: string, remedy?: string): never {
    throw new SpikewingError(this.#place, `tensor ${name}: ${problem}`, remedy);
  }

  has(name: string): boolean {
    return this.#dict.tensors.has(name);
  }

  #take(name: string): StateTensor {
    const tensor = this.#dict.tensors.get(name);
    if (!tensor) this.refuse(name, "is missing");
    const wrong = tensor.values.findIndex((value) => !Number.isFinite(Math.fround(value)));
    if (wrong >= 0)
      this.refuse(name, `value ${wrong} is ${tensor.values[wrong]}; expected a finite number of 32 bits`);
    return tensor;
  }

  matrix(name: string, columns: number): StateTensor {
    const tensor = this.#take(name);
    if (tensor.shape.length !== 2 || tensor.shape[1] !== columns || tensor.shape[0] === 0)
      this.refuse(name, `shape is (${tensor.shape}); expected (neurons, ${columns})`);
    return tensor;
  }

  /** A value for each of so many neurons; one alone is that of all. */
  row(name: string | number | undefined, width: number, missing = 0): Float32Array {
    if (name === undefined || typeof name === "number") return new Float32Array(width).fill(name ?? missing);
    const { shape, values } = this.#take(name);
    if (values.length === 1) return new Float32Array(width).fill(values[0]!);
    if (values.length !== width) this.refuse(name, `shape is (${shape}); expected (${width})`);
    return Float32Array.from(values);
  }
}

/** The network of a state dict, and how many leaks lie outside [0, 1], to which snnTorch's forward pass clamps them. */
export interface FoundNetwork {
  readonly network: FloatNetwork;
  readonly clampedLeaks: number;
}

/** @throws SpikewingError naming `place` and the tensor. */
export function networkOfTensors(
  dict: StateDict,
  { layers }: TensorNames,
  place: string,
  sizes: NetworkSizes = POLICY_SIZES,
): FoundNetwork {
  const tensors = new Tensors(dict, place);
  const hidden: FloatNeurons[] = [];
  let clampedLeaks = 0;
  let { inputs } = sizes;
  const leakOf = (name: string | number, width: number) =>
    tensors.row(name, width).map((leak) => {
      if (leak < 0 || leak > 1) clampedLeaks++;
      return Math.min(1, Math.max(0, leak));
    });
  for (const [l, names] of layers.slice(0, -1).entries()) {
    const layer = readLayer(tensors, names, inputs);
    const { leak, threshold } = names;
    if (leak === undefined || threshold === undefined)
      throw new SpikewingError(
        place,
        `layer ${l + 1} has no leak or no threshold; expected both of one that spikes`,
      );
    checkBuffers(tensors, threshold);
    hidden.push({
      ...layer,
      leak: leakOf(leak, layer.width),
      threshold: tensors.row(threshold, layer.width),
    });
    inputs = layer.width;
  }
  const last = layers.at(-1)!;
  const readOut = readLayer(tensors, last, inputs);
  const { outputs = readOut.width } = sizes;
  if (readOut.width !== outputs)
    tensors.refuse(last.weight, `has ${readOut.width} rows; expected ${outputs}, the motors`, ADAPT);
  const leak = last.leak === undefined ? {} : { leak: leakOf(last.leak, outputs) };
  return { network: { hidden, readOut: { ...readOut, ...leak } }, clampedLeaks };
}

function readLayer(tensors: Tensors, names: LayerNames, inputs: number): FloatLayer & { own?: Float32Array } {
  const { shape, values } = tensors.matrix(names.weight, inputs);
  const width = shape[0]!;
  const bias = tensors.row(names.bias, width);
  const ownBias = tensors.row(names.ownBias, width);
  const layer = {
    inputs,
    width,
    weight: Float32Array.from(values),
    bias: bias.map((value, j) => value + ownBias[j]!),
  };
  if (names.own === undefined) return layer;
  const own = tensors.matrix(names.own, width);
  if (own.shape[0] !== width) tensors.refuse(names.own, `has ${own.shape[0]} rows; expected ${width}`);
  return { ...layer, own: Float32Array.from(own.values) };
}

function checkBuffers(tensors: Tensors, threshold: string | number): void {
  if (typeof threshold === "number" || !threshold.includes(".")) return;
  const module = threshold.slice(0, threshold.lastIndexOf("."));
  for (const [buffer, { expected, meaning }] of Object.entries(BUFFERS)) {
    const name = `${module}.${buffer}`;
    if (!tensors.has(name)) continue;
    const other = tensors.row(name, 1)[0]!;
    if (other !== expected)
      tensors.refuse(
        name,
        `is ${other}; expected ${expected} (${meaning}), as what flies`,
        "export_to_nir and import nir measure what another reset changes",
      );
  }
}
