/**
 * The true gradient, where there is one: the neurons of one layer fire by chance, with escape noise, and the loss that is
 * expected over every set of their spikes is smooth (core, surrogates/escape-noise.ts). The gradients of surrogates, from the
 * spikes of the same network without noise, are held against it.
 */
import { type Core, layerWeights, neuronRow } from "@spikewing/core";
import { ACTION_SIZE, type Actor } from "../actor.js";
import { type SpikingShape, SURROGATES, type SurrogateName } from "../layers.js";
import type { SequenceGradient } from "../sequence-gradient.js";
import { cosine } from "../slope-probe.js";

/** Widths of the noise, in the unit of membranes; thresholds are drawn from 0 to 1. */
export const NOISE_WIDTHS = [0.03, 0.1, 0.3] as const;

export type ExactComparison = {
  readonly surrogate: SurrogateName;
  readonly slope: number;
  readonly width: number;
  /** Of the gradient in the membranes of the layer, mean over samples; with one input it is that of its weights. */
  readonly cosine: number;
  /** Share of the neurons whose sign is the other one. */
  readonly reversed: number;
};

/** Of the sample that a network of one layer and one step just saw, its label, and what its loss is in the actions. */
export function compareWithExact(
  core: Core,
  actor: Actor,
  sequence: SequenceGradient,
  { label, dActions }: { readonly label: Float32Array; readonly dActions: Float32Array },
  slopes: readonly number[],
): ExactComparison[] {
  const place = (values: ArrayLike<number>) => {
    const at = core.allocate("F32s", values.length);
    core.f32(at, values.length).set(values);
    return at;
  };
  const { weightBits } = actor.shape as SpikingShape;
  const { first, weights, width: n } = sequence.layers[0]!;
  const x = place(sequence.distances(0, 0));
  const readOut = place(Array.from(layerWeights(core, actor.image, 1), (w) => w / 2 ** weightBits[0]!));
  const bias = place(Array.from(neuronRow(core, actor.image, 1, 0), (b) => b / 2 ** 16));
  const labelAt = place(label);
  const gradientAt = place(new Float32Array(n));
  const scratch = core.allocate("Scratch", core.kernels.escapeScratchBytes(n));
  const exact = NOISE_WIDTHS.map((width) => {
    core.kernels.escapeGradient(x, readOut, bias, labelAt, width, n, ACTION_SIZE, gradientAt, scratch);
    return { width, gradient: core.f32(gradientAt, n).slice() };
  });
  return (Object.keys(SURROGATES) as SurrogateName[]).flatMap((surrogate) =>
    slopes.flatMap((slope) => {
      const biases = first + weights;
      const found = sequence.backward(dActions, surrogate, slope).subarray(biases, biases + n);
      return exact.map(({ width, gradient }) => ({
        surrogate,
        slope,
        width,
        cosine: cosine(found, gradient),
        reversed: reversedShare(found, gradient),
      }));
    }),
  );
}

/** Share of the entries whose sign is the other one. */
export function reversedShare(g: Float32Array, reference: Float32Array): number {
  return g.reduce((count, value, i) => count + (value * reference[i]! < 0 ? 1 : 0), 0) / g.length;
}

/** Mean over samples, whose comparisons stand in one order. */
export function meanOf(samples: readonly (readonly ExactComparison[])[]): ExactComparison[] {
  const [first = []] = samples;
  const mean = (i: number, key: "cosine" | "reversed") =>
    samples.reduce((sum, sample) => sum + sample[i]![key], 0) / samples.length;
  return first.map((comparison, i) => ({
    ...comparison,
    cosine: mean(i, "cosine"),
    reversed: mean(i, "reversed"),
  }));
}
