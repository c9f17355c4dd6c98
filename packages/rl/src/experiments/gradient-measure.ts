/**
 * Gradients of an untrained spiking network through the integer forward pass, for one surrogate and every slope, against
 * references: the gradient with a slope of 100, which the paper takes for the true one; what the loss really does when the
 * weights of one layer move a little at random; and, of a network small enough, the exact one (exact-gradient.ts).
 */
import { DRAW_BYTES } from "@spikewing/core";
import { ACTION_SIZE, type Actor, createActor, initialiseActor, OBSERVATION_SIZE } from "../actor.js";
import type { SpikingShape, SurrogateName } from "../layers.js";
import { createSequenceGradient, flyObservations } from "../sequence-gradient.js";
import { cosine, meanMagnitude } from "../slope-probe.js";
import { SLOPE_MAX } from "../surrogate-slope.js";
import { DEFAULT_TASK } from "../task.js";
import { rewardOf } from "../task-parts.js";
import { compareWithExact, type ExactComparison, meanOf, reversedShare } from "./exact-gradient.js";
import type { Workbench } from "./sweep.js";

export const SLOPES = [1, 10, 25, 50, 75, 100] as const;

const lif = { kind: "spiking", productBits: 25, inputGain: [1, 1, 1, 1] } as const;

/** Networks, what they see, and the target that they are asked for. */
export const NETWORKS = {
  /** Four layers of 64; two passes over one N(0, 1) input, the sum of both outputs compared with an N(0, 1) label. */
  paper: { shape: { ...lif, hidden: [64, 64, 64, 64], weightBits: [12, 12, 12, 12] }, steps: 2 },
  /** As it flies: 50 steps of its own flight, every command compared with hover. */
  deployed: {
    shape: { ...lif, hidden: [256, 128], weightBits: [12, 12], inputGain: [4, 1, 2, 0.5] },
    steps: 50,
  },
  /** One layer and one step, so that every set of spikes can be gone through; input and label as above. */
  single: { shape: { ...lif, hidden: [16], weightBits: [12] }, steps: 1 },
} as const satisfies Record<string, { readonly shape: SpikingShape; readonly steps: number }>;
export type NetworkName = keyof typeof NETWORKS;

export type GradientSettings = {
  readonly network: NetworkName;
  readonly surrogate: SurrogateName;
  /** Sequences over which figures are averaged. */
  readonly samples: number;
  /** Random directions in which each layer is moved; 0: none. */
  readonly directions: number;
};

export type GradientOfLayer = {
  /** Mean of |g| over the weights. */
  readonly magnitude: number;
  /** To the gradient with slope 100. */
  readonly cosine: number;
  /** Share of the weights whose sign is the other one with slope 100. */
  readonly reversed: number;
  /** Neurons that the gradient of the biases is spread over, (sum |g|)^2 / sum g^2, as a share of the layer. */
  readonly spread: number;
  /** Correlation of the change of the loss that it predicts with the one measured; null without directions. */
  readonly foresight: number | null;
};

export type GradientResult = {
  readonly slopes: readonly { readonly slope: number; readonly layers: readonly GradientOfLayer[] }[];
  /** Of every surrogate and slope; of network "single" alone. */
  readonly exact: readonly ExactComparison[];
};

/** Draws of fillNormal, apart from every stream of the core. */
const STREAM = { input: 101, label: 102, direction: 103 } as const;
/** Standard deviation of a random move, of the layer's root mean square weight. */
const MOVE = 0.1;

interface Sample {
  readonly observations: Float32Array;
  readonly label: Float32Array;
}

export function measureGradients(
  { pool }: Workbench,
  { network, surrogate, samples: count, directions }: GradientSettings,
  seed: number,
): GradientResult {
  const { core } = pool();
  const { shape, steps } = NETWORKS[network];
  const actor = createActor(core, shape);
  initialiseActor(core, actor, seed, 0);
  const sequence = createSequenceGradient(core, actor, steps);
  const scratch = core.allocate("Scratch", DRAW_BYTES);
  const longest = Math.max(...sequence.layers.map(({ weights }) => weights), OBSERVATION_SIZE);
  const drawn = core.allocate("F32s", longest);
  const normal = (n: number, stream: number, item: number) => {
    core.kernels.fillNormal(drawn, n, seed, stream, item, scratch);
    return core.f32(drawn, n).slice();
  };

  const episodes = Array.from({ length: count }, (_, i) => i);
  const flown = network === "deployed" ? flyObservations(core, actor, seed, episodes, steps) : undefined;
  const samples = episodes.map((i): Sample => {
    if (flown)
      return {
        observations: flown[i]!,
        label: new Float32Array(ACTION_SIZE).fill(rewardOf(DEFAULT_TASK.reward).actionBaseline),
      };
    const input = normal(OBSERVATION_SIZE, STREAM.input, i);
    return {
      observations: Float32Array.from(
        { length: steps * OBSERVATION_SIZE },
        (_, k) => input[k % OBSERVATION_SIZE]!,
      ),
      label: normal(ACTION_SIZE, STREAM.label, i),
    };
  });
  const loss = network === "deployed" ? lossOfEach : lossOfSum;

  const layers = sequence.layers.length;
  const sums = SLOPES.map(() =>
    Array.from({ length: layers }, () => [0, 0, 0, 0] as [number, number, number, number]),
  );
  const mean = SLOPES.map(() => new Float32Array(actor.parameterCount));
  const comparisons: ExactComparison[][] = [];
  for (const { observations, label } of samples) {
    const { dActions } = loss(sequence.forward(observations), label);
    if (network === "single")
      comparisons.push(compareWithExact(core, actor, sequence, { label, dActions }, SLOPES));
    const reference = sequence.backward(dActions, surrogate, SLOPE_MAX);
    for (const [s, slope] of SLOPES.entries()) {
      const gradient = sequence.backward(dActions, surrogate, slope);
      for (let i = 0; i < gradient.length; i++) mean[s]![i]! += gradient[i]! / count;
      for (const [l, { first, weights, width }] of sequence.layers.entries()) {
        const g = gradient.subarray(first, first + weights);
        const steep = reference.subarray(first, first + weights);
        const biases = gradient.subarray(first + weights, first + weights + width);
        const sum = sums[s]![l]!;
        const found = [meanMagnitude(g), cosine(g, steep), reversedShare(g, steep), spreadOf(biases)];
        for (const [k, value] of found.entries()) sum[k]! += value / count;
      }
    }
  }
  const meanLoss = () =>
    samples.reduce(
      (sum, { observations, label }) => sum + loss(sequence.forward(observations), label).value,
      0,
    ) / count;
  const foresight =
    directions === 0
      ? undefined
      : sequence.layers.map(({ first, weights }, l) => {
          const move = (direction: Float32Array, sign: number) =>
            moved(core, actor, first, direction, sign, meanLoss);
          const trials = Array.from({ length: directions }, (_, d) => {
            const own = core.f32(actor.parameters, actor.parameterCount).slice(first, first + weights);
            const scale = MOVE * Math.sqrt(own.reduce((sum, w) => sum + w * w, 0) / weights);
            const direction = normal(weights, STREAM.direction, l * directions + d).map((x) => x * scale);
            return { direction, change: move(direction, 1) - move(direction, -1) };
          });
          return mean.map((gradient) => correlation(trials, gradient.subarray(first, first + weights)));
        });
  return {
    slopes: SLOPES.map((slope, s) => ({
      slope,
      layers: sums[s]!.map(([magnitude, toSteep, reversed, spread], l) => ({
        magnitude,
        cosine: toSteep,
        reversed,
        spread,
        foresight: foresight?.[l]?.[s] ?? null,
      })),
    })),
    exact: meanOf(comparisons),
  };
}

type Loss = (actions: Float32Array, label: Float32Array) => { value: number; dActions: Float32Array };

/** Mean square of what the actions of all steps together lack to the label. */
const lossOfSum: Loss = (actions, label) => {
  const lack = Array.from(label, (wanted, j) => {
    let sum = -wanted;
    for (let k = j; k < actions.length; k += ACTION_SIZE) sum += actions[k]!;
    return sum;
  });
  return {
    value: lack.reduce((sum, x) => sum + x * x, 0) / ACTION_SIZE,
    dActions: Float32Array.from(actions, (_, k) => (2 * lack[k % ACTION_SIZE]!) / ACTION_SIZE),
  };
};

/** Mean square of what each action lacks to the label. */
const lossOfEach: Loss = (actions, label) => {
  const lack = Float32Array.from(actions, (action, k) => action - label[k % ACTION_SIZE]!);
  return {
    value: lack.reduce((sum, x) => sum + x * x, 0) / actions.length,
    dActions: lack.map((x) => (2 * x) / actions.length),
  };
};

/** What `measure` says with the weights from `first` on moved; they are put back. */
function moved(
  { kernels, f32 }: ReturnType<Workbench["pool"]>["core"],
  actor: Actor,
  first: number,
  direction: Float32Array,
  sign: number,
  measure: () => number,
): number {
  const weights = () => f32(actor.parameters, actor.parameterCount).subarray(first, first + direction.length);
  const before = weights().slice();
  weights().set(before.map((w, i) => w + sign * direction[i]!));
  kernels.actorSync(actor.at);
  const value = measure();
  weights().set(before);
  kernels.actorSync(actor.at);
  return value;
}

/** Of changes measured and predicted, about zero: a random direction is as likely as its opposite. */
function correlation(
  trials: readonly { readonly direction: Float32Array; readonly change: number }[],
  gradient: Float32Array,
): number {
  let [both, measured, predicted] = [0, 0, 0];
  for (const { direction, change } of trials) {
    const expected = direction.reduce((sum, x, i) => sum + x * gradient[i]!, 0);
    both += change * expected;
    measured += change * change;
    predicted += expected * expected;
  }
  return measured * predicted === 0 ? 0 : both / Math.sqrt(measured * predicted);
}

function spreadOf(g: Float32Array): number {
  const sum = g.reduce((total, value) => total + Math.abs(value), 0);
  const squares = g.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 0 : (sum * sum) / squares / g.length;
}
