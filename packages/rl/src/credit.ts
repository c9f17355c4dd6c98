import type { Core } from "@spikewing/core";
import type { Actor } from "./actor.js";

/** Kernels that add an actor's gradient over a batch: back through time, or forwards from traces (e-prop). */
export const GRADIENT_BY = { bptt: "actorBackward", eprop: "actorEprop" } as const;
export type Credit = keyof typeof GRADIENT_BY;

/** Bytes of scratch that the traces take; those of the way back are among actorScratchBytes. */
export const gradientScratchBytes = (
  { kernels }: Core,
  actor: Actor,
  credit: Credit | undefined = "bptt",
): number => (credit === "eprop" ? kernels.actorEpropBytes(actor.at) : 0);
