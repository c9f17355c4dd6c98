import type { Core } from "@spikewing/core";
import { ACTION_SIZE, OBSERVATION_SIZE, sizesOf } from "./actor.js";
import { firstLayerPlace, type Layer, layersOf, scaleName } from "./layers.js";
import { imageTensors, type Policy, requireSpiking } from "./policy-file.js";
import { SpikewingError } from "./spikewing-error.js";

/** A layer in real numbers, as other tools hold it: a row of weights for each neuron. */
export interface FloatLayer {
  readonly inputs: number;
  readonly width: number;
  /** (width, inputs) */
  readonly weight: Float32Array;
  /** (width) */
  readonly bias: Float32Array;
}

/** A layer of neurons that spike: U = leak U + I, and a spike where U is above the threshold. (width) each. */
export interface FloatNeurons extends FloatLayer {
  /** (width, width): it hears its own spikes of the step before. */
  readonly own?: Float32Array | undefined;
  readonly leak: Float32Array;
  readonly threshold: Float32Array;
  /** Undefined: the threshold is subtracted in the step after a spike. Else U becomes this in the step of the spike. */
  readonly reset?: Float32Array | undefined;
}

/** Observation (18) in SI units -> layers that spike -> 4, whose tanh is the action. */
export interface FloatNetwork {
  readonly hidden: readonly FloatNeurons[];
  /** With a leak, (4): U = leak U + I is what the tanh is of. */
  readonly readOut: FloatLayer & { readonly leak?: Float32Array | undefined };
}

/** Fraction bits of what is kept as q16. */
const Q16_BITS = 16;
/** And of own weights (assembly/network/image.ts). */
export const OWN_BITS = 12;

/** (rows, columns) of (columns, rows). */
export function transpose(values: ArrayLike<number>, columns: number, rows: number): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let c = 0; c < columns; c++)
    for (let r = 0; r < rows; r++) out[r * columns + c] = values[c * rows + r]!;
  return out;
}

/**
 * The network that a policy's integers stand for, exactly: an integer of 24 bits times a power of two is an f32.
 *
 * @throws SpikewingError naming `place` where the policy does not spike, or a layer is more than leaks and thresholds.
 */
export function floatNetworkOf(core: Core, policy: Policy, place: string): FloatNetwork {
  const shape = requireSpiking(policy, place);
  const tensors = tensorsOf(policy);
  const take = (name: string) => tensors.get(name)!;
  const asFloats = (values: ArrayLike<number>, bits: number) =>
    Float32Array.from(values, (value) => value * 2 ** -bits);
  const layers = layersOf(shape).map((layer, l) => {
    const { inputs, width, recurrent, parameters } = layer;
    const n = l + 1;
    if (parameters.includes("adaptation"))
      throw new SpikewingError(place, `layer ${n} has neurons that adapt; expected LIF`);
    const weight = weightsOf(core, tensors, layer, l);
    const q16 = (name: string) => asFloats(take(`${name}${n}`), Q16_BITS);
    const own = recurrent ? { own: heard(tensors, `own${n}`, `ownScale${n}`, width, width, OWN_BITS) } : {};
    const leak = parameters.includes("leak") ? { leak: q16("leak") } : {};
    const threshold = parameters.includes("threshold") ? { threshold: q16("threshold") } : {};
    return { inputs, width, weight, bias: q16("b"), ...own, ...leak, ...threshold };
  });
  return { hidden: layers.slice(0, -1) as FloatNeurons[], readOut: layers.at(-1)! };
}

type Tensors = ReadonlyMap<string, ArrayLike<number>>;

const tensorsOf = (policy: Policy): Tensors =>
  new Map(imageTensors(policy).map(({ name, values }) => [name, values]));

/** Weights from spikes, (width, nIn): i16 of so many bits, or narrow ones times the q16 scale of their neuron. */
function heard(tensors: Tensors, name: string, scale: string, nIn: number, width: number, bits: number) {
  const scales = tensors.get(scale);
  return transpose(tensors.get(name)!, nIn, width).map((value, i) =>
    scales ? value * scales[Math.floor(i / nIn)]! * 2 ** -Q16_BITS : value * 2 ** -bits,
  );
}

/** Weights of layer l from the layer before, (width, inputs). */
function weightsOf(core: Core, tensors: Tensors, layer: Layer, l: number): Float32Array {
  const { inputs, width, bits } = layer;
  const n = l + 1;
  return l === 0
    ? firstWeights(core, tensors.get("w1")!, width, bits)
    : heard(tensors, `w${n}`, `${scaleName(layer)}${n}`, inputs, width, bits);
}

/**
 * From layer to layer, what each neuron or unit hears: (width, inputs), the motors last. Of a recurrent unit, what goes
 * into its candidate.
 */
export function weightMatrices(core: Core, policy: Policy): Float32Array[] {
  const { shape } = policy;
  if (shape.kind === "spiking") {
    const tensors = tensorsOf(policy);
    return layersOf(shape).map((layer, l) => weightsOf(core, tensors, layer, l));
  }
  const { buffer, byteOffset, byteLength } = policy.weights;
  const parameters = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const sizes = sizesOf(shape);
  if (shape.kind === "gru") {
    const { units } = shape;
    const columns = transpose(parameters, OBSERVATION_SIZE, 3 * units);
    const out = parameters.subarray(parameters.length - ACTION_SIZE * (units + 1));
    return [columns.slice(2 * units * OBSERVATION_SIZE), transpose(out, units, ACTION_SIZE)];
  }
  let at = 0;
  return sizes.slice(1).map((width, l) => {
    const weights = transpose(parameters.subarray(at), sizes[l]!, width);
    at += (sizes[l]! + 1) * width;
    return weights;
  });
}

/** The fraction bits of layer 1 are those of the product with an observation. */
function firstWeights(core: Core, values: ArrayLike<number>, width: number, bits: number): Float32Array {
  const out = new Float32Array(width * OBSERVATION_SIZE);
  for (let k = 0; k < OBSERVATION_SIZE; k++) {
    const unit = 2 ** (core.kernels.observationBits(k) - bits);
    for (let j = 0; j < width; j++)
      out[j * OBSERVATION_SIZE + k] = values[firstLayerPlace(k, j, width)]! * unit;
  }
  return out;
}

/** Sizes from inputs to outputs, such as 18-256-128-4. */
export const networkSizes = ({ hidden }: FloatNetwork): number[] => [
  OBSERVATION_SIZE,
  ...hidden.map(({ width }) => width),
  ACTION_SIZE,
];
