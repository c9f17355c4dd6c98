import type { Core } from "@spikewing/core";
import { createActor, initialiseActor, type LayerShape, policyImage } from "@spikewing/rl";

export interface RandomPolicy {
  readonly hidden: readonly (number | LayerShape)[];
  readonly seed: number;
}

/** Fraction bits of layer 1's products and of the other weights: none of the weights below saturates. */
const PRODUCT_BITS = 26;
const WEIGHT_BITS = 14;

/** The image of an untrained policy. Takes memory of the core for good. */
export function drawPolicyImage(core: Core, { hidden, seed }: RandomPolicy): Uint8Array {
  const actor = createActor(core, {
    kind: "spiking",
    hidden,
    productBits: PRODUCT_BITS,
    weightBits: hidden.map(() => WEIGHT_BITS),
    inputGain: [1, 1, 1, 1],
  });
  initialiseActor(core, actor, seed, 0);
  const saturated = core.kernels.actorSync(actor.at);
  if (saturated > 0) throw new Error(`random policy: ${saturated} weights saturate; expected none`);
  return policyImage(core, actor);
}
