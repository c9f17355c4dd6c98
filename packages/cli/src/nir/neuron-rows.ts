import type { FloatNeurons } from "@spikewing/rl";
import { PROFILES, type ProfileName } from "@spikewing/rl/exchange";

/** A leak of exactly 1 has no finite tau: this many steps are so close that it comes back as 1 in 16 bits. */
const MOST_STEPS = 2 ** 20;

/** Steps (tau / dt) in which a neuron forgets: leak = 1 - 1 / steps. */
const stepsOf = (leak: number): number => Math.min(1 / (1 - leak), MOST_STEPS);

/** What a tool with one positive threshold for a layer gets in place of one that is 0 or less. */
const LEAST_THRESHOLD = 2 ** -10;

/** A neuron's times, and what its weights and bias are multiplied by. */
export function timesOf(leak: Float32Array, profile: ProfileName) {
  const { dtS } = PROFILES[profile];
  const steps = Float64Array.from(leak, stepsOf);
  const ones = steps.map(() => 1);
  const nought = steps.map(() => 0);
  const tau = steps.map((count) => dtS * count);
  return profile === "norse"
    ? { tau, r: ones, scale: steps, nought }
    : { tau, r: steps, scale: ones, nought };
}

/** The parameters of an LIF node by name, and how what it hears is changed for it: (bias + shift) scale, weight scale. */
export interface NeuronRows {
  readonly rows: { readonly [name: string]: Float64Array };
  readonly scale: Float64Array;
  readonly shift: Float64Array;
  /** Thresholds that the tool cannot hold: the membrane is raised, and what is subtracted after a spike is another. */
  readonly raised: number;
}

/**
 * For snnTorch, which has one threshold for a layer, every neuron is divided by its own. One that is 0 or less becomes
 * 2^-10 above a membrane that is raised as much, U + shift = leak (U + shift) + I + (1 - leak) shift.
 */
export function neuronRows({ leak, threshold, width }: FloatNeurons, profile: ProfileName): NeuronRows {
  const { tau, r, scale, nought } = timesOf(leak, profile);
  const own = Float64Array.from(threshold);
  if (profile !== "snntorch")
    return {
      rows: { tau, r, v_leak: nought, v_threshold: own, v_reset: nought },
      scale,
      shift: nought,
      raised: 0,
    };
  const positive = own.map((theta) => (theta > 0 ? theta : LEAST_THRESHOLD));
  const ones = new Float64Array(width).fill(1);
  return {
    rows: { tau, r, v_leak: nought, v_threshold: ones, v_reset: nought },
    scale: positive.map((theta) => 1 / theta),
    shift: positive.map((theta, j) => (1 - leak[j]!) * (theta - own[j]!)),
    raised: own.filter((theta) => theta <= 0).length,
  };
}
