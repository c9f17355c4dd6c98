import { ACTION_WORDS, MAX_FAN_IN, Neuron, OBSERVATION_WORDS, Surrogate } from "@spikewing/core";

/** Fraction bits of an observation times a weight of layer 1, as the proofs beside the kernels have them. */
export const PRODUCT_BITS = { least: 23, most: 27 } as const;
/** And of weights that hear spikes: 12 and more keep the currents of MAX_FAN_IN of them within their bound. */
export const WEIGHT_BITS = { least: 12, most: 16 } as const;

/** From and to: what quantisation writes, and what the proofs against overflow beside the kernels take for granted. */
export type ValueRange = readonly [number, number];
const LEAK: ValueRange = [0, 65536];
export const Q16_PARAMETER: ValueRange = [-(2 ** 27), 2 ** 27];

/**
 * A neuron with this threshold never fires: membranes saturate at 2^30 (assembly/fixed-point.ts), and the trace that
 * adapts a threshold at +-2^27. Their sum is below 2^31.
 */
export const SILENT_THRESHOLD: number = 2 ** 30 + 2 ** 27;

/**
 * Neurons of hidden layers by name, with the parameters of each in the order of assembly/neurons/: the names of their
 * tensors in a policy file, before the number of the layer, and their ranges.
 */
export const NEURONS = {
  lif: { kind: Neuron.LIF, parameters: { leak: LEAK, threshold: Q16_PARAMETER } },
  alif: {
    kind: Neuron.ALIF,
    parameters: { leak: LEAK, threshold: Q16_PARAMETER, adaptationLeak: LEAK, adaptation: Q16_PARAMETER },
  },
} as const;
export type NeuronName = keyof typeof NEURONS;
const PLAIN: NeuronName = "lif";

/** And read-outs, which do not spike. */
export const READ_OUTS = {
  none: { kind: Neuron.NONE, parameters: {} },
  li: { kind: Neuron.LI, parameters: { leak: LEAK } },
} as const;
export type ReadOutName = keyof typeof READ_OUTS;

/** A hidden layer; where a shape has only a number, it is the width of a plain LIF layer. */
export interface LayerShape {
  readonly width: number;
  readonly neuron?: NeuronName | undefined;
  /** It hears its own spikes of the step before. */
  readonly recurrent?: boolean | undefined;
  /** Weights from spikes: i16, or i8 with a scale per neuron. */
  readonly weights?: "i16" | "i8" | undefined;
}

/** Surrogate gradients by name: assembly/surrogates/. */
export const SURROGATES = {
  "fast-sigmoid": Surrogate.FAST_SIGMOID,
  arctan: Surrogate.ARCTAN,
  triangular: Surrogate.TRIANGULAR,
  gaussian: Surrogate.GAUSSIAN,
} as const;
export type SurrogateName = keyof typeof SURROGATES;

/** 18 -> hidden layers that spike -> 4. */
export interface SpikingShape {
  readonly kind: "spiking";
  /** One to six layers; widths are multiples of 8. */
  readonly hidden: readonly (number | LayerShape)[];
  /** Fraction bits of an observation times a weight of layer 1. */
  readonly productBits: number;
  /** Fraction bits of the weights of the layers behind the first, and of the read-out. */
  readonly weightBits: readonly number[];
  /** Of the weights that hear spikes, where a layer does not say; "i8": with a scale per neuron. Default "i16". */
  readonly weightFormat?: "i8" | undefined;
  /** "li": the read-out leaks. */
  readonly readOut?: ReadOutName | undefined;
  /** Powers of two that scale p, R, v, w before layer 1; folded into its weights at quantisation. */
  readonly inputGain: readonly [number, number, number, number];
  /** Training alone: what stands for the derivative of a spike. Default "fast-sigmoid". */
  readonly surrogate?: SurrogateName | undefined;
  /** Training alone: the share of every layer's neurons that begins with a leak between `leak` and 1. */
  readonly slowNeurons?: { readonly share: number; readonly leak: number } | undefined;
}

/** A layer with nothing left to a default; the read-out comes last. */
export interface Layer {
  readonly kind: number;
  readonly parameters: readonly string[];
  readonly width: number;
  readonly inputs: number;
  readonly recurrent: boolean;
  readonly narrow: boolean;
  /** Fraction bits of the weights; in the first layer of observation times weight. */
  readonly bits: number;
}

/** Every layer of a shape, the read-out last. */
export function layersOf(shape: SpikingShape): readonly Layer[] {
  const { hidden, productBits, weightBits, weightFormat = "i16", readOut = "none" } = shape;
  let inputs: number = OBSERVATION_WORDS;
  const layers: Layer[] = hidden.map((given, l) => {
    const { width, neuron = PLAIN, recurrent = false, weights = weightFormat } = asLayer(given);
    const bits = l === 0 ? productBits : weightBits[l - 1]!;
    const layer = { ...named(NEURONS[neuron]), width, inputs, recurrent, narrow: weights === "i8", bits };
    inputs = width;
    return layer;
  });
  const bits = weightBits[hidden.length - 1]!;
  const last = { width: ACTION_WORDS, inputs, recurrent: false, narrow: weightFormat === "i8", bits };
  return [...layers, { ...named(READ_OUTS[readOut]), ...last }];
}

const named = ({ kind, parameters }: { readonly kind: number; readonly parameters: object }) => ({
  kind,
  parameters: Object.keys(parameters),
});

const asLayer = (given: number | LayerShape): LayerShape =>
  typeof given === "number" ? { width: given } : given;

/** Where an image has a weight of layer 1: (inputs / 2, width, 2), as its inputs are added up in pairs. */
export const firstLayerPlace = (input: number, neuron: number, width: number): number =>
  ((input >> 1) * width + neuron) * 2 + (input & 1);

/** Neurons of the hidden layers. */
export const widthsOf = (shape: SpikingShape): number[] => shape.hidden.map((layer) => asLayer(layer).width);

/** Kinds of the hidden layers' neurons. */
export const neuronsOf = (shape: SpikingShape): NeuronName[] =>
  shape.hidden.map((layer) => asLayer(layer).neuron ?? PLAIN);

/** What is wrong with the layers of a shape, with the place of the value in it; undefined if nothing is. */
export function layersProblem(
  shape: SpikingShape,
): { readonly path: readonly (string | number)[]; readonly message: string } | undefined {
  const { hidden, weightBits } = shape;
  if (weightBits.length !== hidden.length)
    return {
      path: ["weightBits"],
      message: `${weightBits.length} values; expected ${hidden.length}, one for each layer behind the first and the read-out`,
    };
  for (const [l, { inputs, width, recurrent }] of layersOf(shape).entries()) {
    const heard = (l === 0 ? MAX_FAN_IN / 2 : inputs) + (recurrent ? width : 0);
    if (heard > MAX_FAN_IN)
      return {
        path: ["hidden", l],
        message: `hears ${heard} spikes (the observation counts as ${MAX_FAN_IN / 2}); expected at most ${MAX_FAN_IN}`,
      };
  }
  return undefined;
}
