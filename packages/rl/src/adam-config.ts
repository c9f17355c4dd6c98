import type { Address, Core } from "@spikewing/core";
import { z } from "zod";

/** A number that switches something off at 0, and is of a size that f32 bears everywhere else. */
export const zeroOr = (min: number, max: number) =>
  z
    .number()
    .min(0)
    .max(max)
    .refine((value) => value === 0 || value >= min, `expected 0, or a number from ${min} to ${max}`);

/** Adam (beta 0.9, 0.999, epsilon 1e-8) with a learning rate that falls linearly to a part of itself. */
export const adamSchema = z.strictObject({
  /** Below 1e-8 a step is lost in the rounding of a weight. */
  learningRate: z.number().min(1e-8).max(1),
  /** The learning rate at the end, as a part of that at the start. */
  finalLearningRate: z.number().min(0).max(1),
  /** Decoupled weight decay a step, times the learning rate. */
  weightDecay: z.number().min(0).max(1),
  /** Largest norm of the gradient; 0: no clipping. */
  clipNorm: zeroOr(1e-6, 1e6),
});
export type AdamConfig = z.infer<typeof adamSchema>;

/** The learning rate at `progress` in [0, 1) of training. */
export function learningRateAt({ learningRate, finalLearningRate }: AdamConfig, progress: number): number {
  return learningRate * (1 + (finalLearningRate - 1) * progress);
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam's state for some parameters, in the core's memory. */
export interface Adam {
  /** Moves parameters (n) against gradient (n) f32; returns the gradient's norm before clipping. */
  step(parameters: Address<"F32s">, gradient: Address<"F32s">, learningRate: number): number;
}

export function createAdam(core: Core, n: number, { weightDecay, clipNorm }: AdamConfig): Adam {
  const betas = { beta1: BETA1, beta2: BETA2, epsilon: EPSILON };
  const at = core.create("Adam", { n, ...betas, weightDecay, clipNorm });
  const state = core.view("Adam", at);
  return {
    step(parameters, gradient, learningRate) {
      core.kernels.adamStep(at, parameters, gradient, learningRate);
      return state.lastNorm;
    },
  };
}
