import { type Core, DRAW_BYTES } from "@spikewing/core";
import { EVALUATION_SEEDS } from "./evaluate.js";

/**
 * The phases of a run. Each draws its first parameters, starts, noise and batches from a seed of its own, so that no two
 * share a number: a dense policy does not begin as its own guide, and does not fly the starts that its guide saw.
 */
export const PHASES = { guide: 1, policy: 2, improvement: 3 } as const;
export type PhaseName = keyof typeof PHASES;

/** The seed that a phase of the run with `seed` draws from; never one that evaluation draws from. */
export function phaseSeed({ kernels, allocate }: Core, seed: number, phase: PhaseName): number {
  const scratch = allocate("Scratch", DRAW_BYTES);
  const taken: readonly number[] = Object.values(EVALUATION_SEEDS);
  for (let attempt = 0; ; attempt++) {
    const own = kernels.phaseSeed(seed, PHASES[phase], attempt, scratch) >>> 0;
    if (!taken.includes(own)) return own;
  }
}
