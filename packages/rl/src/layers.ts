import {
  ACTION_WORDS,
  MAX_FAN_IN,
  Neuron,
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
  Surrogate,
  WeightFormat,
} from "@spikewing/core";

/** Fraction bits of an observation times a weight of layer 1, as the proofs beside the kernels have them. */
export const PRODUCT_BITS = { least: 23, most: 27, leastWithHistory: 25 } as const;
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
/** Of a decision in several passes. */
export const SUM_READ_OUT = { kind: Neuron.SUM, parameters: {} } as const;

/** Weights that hear spikes, by name: assembly/synapses/weight-format.ts. */
export const WEIGHT_FORMATS = { i16: WeightFormat.I16, i8: WeightFormat.I8, i4: WeightFormat.I4 } as const;
export type WeightFormatName = keyof typeof WEIGHT_FORMATS;

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

/** Hidden layers that spike, and how their weights become integers. */
interface SpikingLayers {
  /** One to six layers; widths are multiples of 8. */
  readonly hidden: readonly (number | LayerShape)[];
  /** Fraction bits of an observation times a weight of layer 1. */
  readonly productBits: number;
  /** Fraction bits of the weights of the layers behind the first, and of the read-out. */
  readonly weightBits: readonly number[];
  /** Of the weights that hear spikes, where a layer does not say; "i8": with a scale per neuron. Default "i16". */
  readonly weightFormat?: "i8" | undefined;
  /** Of those into the motors; "i4": two in a byte, with a scale per motor. Default: as weightFormat. */
  readonly readOutWeights?: "i4" | undefined;
  /** Powers of two that scale p, R, v, w before layer 1; folded into its weights at quantisation. */
  readonly inputGain: readonly [number, number, number, number];
  /** Training alone: what stands for the derivative of a spike. Default "fast-sigmoid". */
  readonly surrogate?: SurrogateName | undefined;
  /** Training alone: the share of every layer's neurons that begins with a leak between `leak` and 1. */
  readonly slowNeurons?: { readonly share: number; readonly leak: number } | undefined;
}

/** 18 -> hidden layers that spike -> 4, one pass a control period; the membranes go on from one to the next. */
export interface SpikingShape extends SpikingLayers {
  readonly kind: "spiking";
  /** "li": the read-out leaks. */
  readonly readOut?: ReadOutName | undefined;
}

/**
 * The form of the paper's slope study: a decision takes `passes` of one observation through membranes that begin at 0, and the
 * read-out adds them up. `history`: the last 32 actions stand behind the observation.
 */
export interface PassesShape extends SpikingLayers {
  readonly kind: "spiking-passes";
  readonly passes: number;
  readonly history: boolean;
}

/** Numbers that come in. */
export const inputsOf = (shape: SpikingShape | PassesShape): number =>
  shape.kind === "spiking-passes" && shape.history ? OBSERVATION_WITH_HISTORY_WORDS : OBSERVATION_WORDS;

/** Rows of the weights of layer 1 as an image has them, the last of them 0: assembly/network/image.ts. */
export const inputRows = (inputs: number): number =>
  Math.ceil(inputs / OBSERVATION_WORDS) * OBSERVATION_WORDS;

/** A layer with nothing left to a default; the read-out comes last. */
export interface Layer {
  readonly kind: number;
  readonly parameters: readonly string[];
  readonly width: number;
  readonly inputs: number;
  readonly recurrent: boolean;
  readonly weights: WeightFormatName;
  /** Fraction bits of the weights; in the first layer of observation times weight. */
  readonly bits: number;
}

/** Every layer of a shape, the read-out last. */
export function layersOf(shape: SpikingShape | PassesShape): readonly Layer[] {
  const { hidden, productBits, weightBits, weightFormat = "i16", readOutWeights = weightFormat } = shape;
  const readOut = shape.kind === "spiking" ? READ_OUTS[shape.readOut ?? "none"] : SUM_READ_OUT;
  let inputs = inputsOf(shape);
  const layers: Layer[] = hidden.map((given, l) => {
    const { width, neuron = PLAIN, recurrent = false, weights = weightFormat } = asLayer(given);
    const bits = l === 0 ? productBits : weightBits[l - 1]!;
    const layer = { ...named(NEURONS[neuron]), width, inputs, recurrent, weights, bits };
    inputs = width;
    return layer;
  });
  const bits = weightBits[hidden.length - 1]!;
  const last: Layer = {
    ...named(readOut),
    ...{ width: ACTION_WORDS, inputs, recurrent: false, weights: readOutWeights, bits },
  };
  return [...layers, last];
}

/** The name of the scales of a layer's narrow weights, before its number: those of 4 bits have a range of their own. */
export const scaleName = ({ weights }: Layer): string => (weights === "i4" ? "motorScale" : "scale");

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
export const widthsOf = (shape: SpikingLayers): number[] => shape.hidden.map((layer) => asLayer(layer).width);

/** Kinds of the hidden layers' neurons. */
export const neuronsOf = (shape: SpikingLayers): NeuronName[] =>
  shape.hidden.map((layer) => asLayer(layer).neuron ?? PLAIN);

/** What is wrong with the layers of a shape, with the place of the value in it; undefined if nothing is. */
export function layersProblem(
  shape: SpikingShape | PassesShape,
): { readonly path: readonly (string | number)[]; readonly message: string } | undefined {
  const { hidden, weightBits, productBits } = shape;
  const seesActions = inputsOf(shape) > OBSERVATION_WORDS;
  if (seesActions && productBits < PRODUCT_BITS.leastWithHistory)
    return {
      path: ["productBits"],
      message: `expected at least ${PRODUCT_BITS.leastWithHistory} with history (146 products are added up)`,
    };
  if (weightBits.length !== hidden.length)
    return {
      path: ["weightBits"],
      message: `${weightBits.length} values; expected ${hidden.length}, one for each layer behind the first and the read-out`,
    };
  for (const [l, { inputs, width, recurrent }] of layersOf(shape).entries()) {
    const observation = seesActions ? MAX_FAN_IN : MAX_FAN_IN / 2;
    const heard = (l === 0 ? observation : inputs) + (recurrent ? width : 0);
    if (heard > MAX_FAN_IN)
      return {
        path: ["hidden", l],
        message: `hears ${heard} spikes (the observation counts as ${observation}); expected at most ${MAX_FAN_IN}`,
      };
  }
  return undefined;
}
