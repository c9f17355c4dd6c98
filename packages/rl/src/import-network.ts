import { type Core, LEAK_LIMIT } from "@spikewing/core";
import { copyToTarget, createActor, inputGainsOf, OBSERVATION_SIZE } from "./actor.js";
import { EVALUATION_SEEDS } from "./evaluate.js";
import { EXAMPLE_STEPS, recordExample } from "./flight.js";
import { type FloatLoss, measureFloatLoss } from "./float-loss.js";
import { type FloatNetwork, OWN_BITS } from "./float-network.js";
import { PRODUCT_BITS, type SpikingShape, WEIGHT_BITS, widthsOf } from "./layers.js";
import { policyWeights } from "./load-policy.js";
import { type Policy, spikingShapeSchema } from "./policy-file.js";
import { SpikewingError } from "./spikewing-error.js";
import type { Task } from "./task.js";

/** Widths of layers are multiples of this. */
const WIDTH_UNIT = 8;
/** Largest weight as i16. */
const WEIGHT_LIMIT = 32767;
/** Biases and thresholds fill no more than an eighth of their range, so that membranes have room. */
const PARAMETER_LIMIT = 256;
const LARGEST_LEAK = LEAK_LIMIT / 65536;
/** Beyond, a power of two is no longer of use: nothing in a layer comes near its limits. */
const MOST_DOUBLINGS = 40;

/** What became of a network on its way to integers. */
export interface ImportReport {
  /** Neurons without weights that fill layers up to a multiple of 8. */
  readonly addedNeurons: number;
  /** Weights at the end of their range. */
  readonly saturatedWeights: number;
  /** Leaks above the largest that flies, to which they are set. */
  readonly clampedLeaks: number;
  /** By rounding alone: against the same network in real numbers with the reset of what flies. */
  readonly rounding: FloatLoss;
  /** Against the network as its file says, where that resets in another way. */
  readonly file?: FloatLoss | undefined;
}

/**
 * A policy from a network in real numbers: widths become multiples of 8, weights i16, leaks 2^-16. Neurons are scaled by
 * powers of two, which changes no spike, so that the weights of each fill its range; where `formats` is given, the
 * network has come out of such a policy, and its formats are taken as they are. The losses are measured on the
 * observations of the example flight.
 *
 * The arithmetic here is a product and a power of two, exact in doubles on every machine; the core rounds.
 *
 * @throws SpikewingError naming `place` where the network has a shape that does not fly.
 */
export function importNetwork(
  core: Core,
  network: FloatNetwork,
  task: Task,
  place: string,
  formats?: SpikingShape,
): { policy: Policy; report: ImportReport } {
  const shape = formats ?? chooseShape(network);
  requireShape(shape, network, place);
  const actor = createActor(core, shape);
  const master = core.f32(actor.parameters, actor.parameterCount);
  writeMaster(network, shape, formats ? () => 1 : (l, j) => fillingScale(core, network, l, j), master);
  const saturatedWeights = core.kernels.actorSync(actor.at);
  copyToTarget(core, actor);
  const example = recordExample(core, task, actor, EXAMPLE_STEPS, EVALUATION_SEEDS.validation);
  const loss = (reset: "own" | "file") => measureFloatLoss(core, actor, network, example.observations, reset);
  const widths = widthsOf(shape);
  const report = {
    addedNeurons: network.hidden.reduce((sum, { width }, l) => sum + widths[l]! - width, 0),
    saturatedWeights,
    clampedLeaks: leaksOf(network).filter((leak) => leak > LARGEST_LEAK).length,
    rounding: loss("own"),
    ...(network.hidden.some(({ reset }) => reset) ? { file: loss("file") } : {}),
  };
  return { policy: { shape, weights: policyWeights(core, actor), example, record: { task } }, report };
}

const leaksOf = ({ hidden, readOut }: FloatNetwork): number[] =>
  [...hidden, readOut].flatMap(({ leak }) => [...(leak ?? [])]);

const paddedWidth = (width: number) => WIDTH_UNIT * Math.ceil(width / WIDTH_UNIT);

function requireShape(shape: SpikingShape, { hidden }: FloatNetwork, place: string): void {
  const widths = widthsOf(shape);
  if (widths.length !== hidden.length || hidden.some(({ width }, l) => paddedWidth(width) !== widths[l]))
    throw new SpikewingError(
      place,
      `layers of ${hidden.map(({ width }) => width)} neurons; expected ${widths}, as its formats say`,
    );
  const [problem] = spikingShapeSchema.safeParse(shape).error?.issues ?? [];
  if (problem)
    throw new SpikewingError(
      place,
      `layers of ${hidden.map(({ width }) => width)} neurons: ${problem.path.join(" ")}: ${problem.message}`,
    );
}

/** Formats of the largest range for what is scaled to fill it; of the finest that hold the read-out, which is not. */
function chooseShape({ hidden, readOut }: FloatNetwork): SpikingShape {
  const largest = readOut.weight.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  let bits = WEIGHT_BITS.most;
  while (bits > WEIGHT_BITS.least && largest * 2 ** bits > WEIGHT_LIMIT) bits--;
  return {
    kind: "spiking",
    hidden: hidden.map(({ width, own }) =>
      own ? { width: paddedWidth(width), recurrent: true } : paddedWidth(width),
    ),
    productBits: PRODUCT_BITS.least,
    weightBits: hidden.map((_, l) => (l === hidden.length - 1 ? bits : WEIGHT_BITS.least)),
    inputGain: [1, 1, 1, 1],
    ...(readOut.leak ? { readOut: "li" } : {}),
  };
}

/** The power of two by which neuron j of hidden layer l fills the range of its weights. */
function fillingScale(core: Core, { hidden }: FloatNetwork, l: number, j: number): number {
  const { weight, own, inputs, width, bias, threshold } = hidden[l]!;
  const limitOf = (k: number) =>
    WEIGHT_LIMIT * 2 ** -(l === 0 ? PRODUCT_BITS.least - core.kernels.observationBits(k) : WEIGHT_BITS.least);
  let filled = Math.max(Math.abs(bias[j]!), Math.abs(threshold[j]!)) / PARAMETER_LIMIT;
  for (let k = 0; k < inputs; k++) filled = Math.max(filled, Math.abs(weight[j * inputs + k]!) / limitOf(k));
  if (own)
    for (let i = 0; i < width; i++)
      filled = Math.max(filled, (Math.abs(own[j * width + i]!) * 2 ** OWN_BITS) / WEIGHT_LIMIT);
  let scale = 1;
  if (filled === 0) return scale;
  while (filled * scale > 1) scale /= 2;
  while (filled * scale * 2 <= 1 && scale < 2 ** MOST_DOUBLINGS) scale *= 2;
  return scale;
}

/** Layer after layer, as assembly/network/image.ts has them: weights inputs first, own weights, bias, parameters. */
function writeMaster(
  { hidden, readOut }: FloatNetwork,
  shape: SpikingShape,
  scaleOf: (l: number, j: number) => number,
  master: Float32Array,
): void {
  const gains = inputGainsOf(shape);
  let at = 0;
  let padded: number = OBSERVATION_SIZE;
  const matrix = (
    values: Float32Array,
    nIn: number,
    n: number,
    rows: number,
    width: number,
    factor: (j: number, k: number) => number,
  ) => {
    for (let k = 0; k < nIn; k++)
      for (let j = 0; j < n; j++) master[at + k * width + j] = values[j * nIn + k]! * factor(j, k);
    at += rows * width;
  };
  const row = (values: Float32Array | undefined, width: number, factor: (j: number) => number = () => 1) => {
    values?.forEach((value, j) => {
      master[at + j] = value * factor(j);
    });
    at += width;
  };
  for (const [l, layer] of hidden.entries()) {
    const width = widthsOf(shape)[l]!;
    const scales = Float64Array.from({ length: layer.width }, (_, j) => scaleOf(l, j));
    const scale = (j: number) => scales[j]!;
    const gained = l === 0 ? (j: number, k: number) => scale(j) / gains[k]! : scale;
    matrix(layer.weight, layer.inputs, layer.width, padded, width, gained);
    if (layer.own) matrix(layer.own, layer.width, layer.width, width, width, scale);
    row(layer.bias, width, scale);
    row(layer.leak, width);
    row(layer.threshold, width, scale); // of an added neuron 0, which nothing exceeds: its current is 0
    padded = width;
  }
  const { inputs, width } = readOut;
  matrix(readOut.weight, inputs, width, padded, width, () => 1);
  row(readOut.bias, width);
  if (readOut.leak) row(readOut.leak, width);
}
