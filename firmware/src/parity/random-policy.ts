import type { Core } from "@spikewing/core";

export interface RandomPolicy {
  /** Neurons of the two layers, multiples of 8. */
  readonly hidden: readonly [number, number];
  readonly seed: number;
}

/** Fraction bits of layer 1's products and of the weights of layers 2 and 3: none of the weights below saturates. */
const PRODUCT_BITS = 26;
const WEIGHT_BITS = [14, 14] as const;
const INPUTS = 18;

/** The image of an untrained policy. Takes memory of the core for good. */
export function drawPolicyImage({ kernels, allocate, f32, bytes }: Core, policy: RandomPolicy): Uint8Array {
  const [h1, h2] = policy.hidden;
  const master = allocate(4 * kernels.masterCount(h1, h2));
  const image = allocate(kernels.imageBytes(h1, h2));
  const inputGain = allocate(4 * INPUTS);
  const scratch = allocate(8);
  f32(inputGain, INPUTS).fill(1);
  kernels.initialiseSpiking(master, h1, h2, policy.seed, 0, scratch);
  kernels.imageInit(image, h1, h2, PRODUCT_BITS, ...WEIGHT_BITS);
  const saturated = kernels.quantisePolicy(image, master, inputGain);
  if (saturated > 0) throw new Error(`random policy: ${saturated} weights saturate; expected none`);
  return bytes(image, kernels.imageBytes(h1, h2)).slice();
}
