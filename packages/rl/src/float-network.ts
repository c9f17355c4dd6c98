import type { Core } from "@spikewing/core";
import { ACTION_SIZE, OBSERVATION_SIZE } from "./actor.js";
import { firstLayerPlace, layersOf } from "./layers.js";
import { imageTensors, type Policy } from "./policy-file.js";
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
  const { shape } = policy;
  if (shape.kind !== "spiking") throw new SpikewingError(place, `kind is ${shape.kind}; expected spiking`);
  const tensors = new Map(imageTensors(policy).map(({ name, values }) => [name, values]));
  const take = (name: string) => tensors.get(name)!;
  const asFloats = (values: ArrayLike<number>, bits: number) =>
    Float32Array.from(values, (value) => value * 2 ** -bits);
  /** Weights from spikes: i16 of so many bits, or i8 times the q16 scale of their neuron. */
  const heard = (name: string, scale: string, nIn: number, width: number, bits: number) => {
    const values = transpose(take(name), nIn, width);
    const scales = tensors.get(scale);
    return values.map((value, i) =>
      scales ? value * scales[Math.floor(i / nIn)]! * 2 ** -Q16_BITS : value * 2 ** -bits,
    );
  };
  const layers = layersOf(shape).map((layer, l) => {
    const { inputs, width, bits, recurrent, parameters } = layer;
    const n = l + 1;
    if (parameters.includes("adaptation"))
      throw new SpikewingError(place, `layer ${n} has neurons that adapt; expected LIF`);
    const weight =
      l === 0
        ? firstWeights(core, take("w1"), width, bits)
        : heard(`w${n}`, `scale${n}`, inputs, width, bits);
    const q16 = (name: string) => asFloats(take(`${name}${n}`), Q16_BITS);
    const own = recurrent ? { own: heard(`own${n}`, `ownScale${n}`, width, width, OWN_BITS) } : {};
    const leak = parameters.includes("leak") ? { leak: q16("leak") } : {};
    const threshold = parameters.includes("threshold") ? { threshold: q16("threshold") } : {};
    return { inputs, width, weight, bias: q16("b"), ...own, ...leak, ...threshold };
  });
  return { hidden: layers.slice(0, -1) as FloatNeurons[], readOut: layers.at(-1)! };
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
