import type { Actor } from "./actor.js";

/** A policy in training, whatever the algorithm; the core's memory and `progress` are the whole state. */
export interface PolicyTraining<Report> {
  readonly actor: Actor;
  readonly progress: { round: number; bestReturn?: number | undefined };
  run(): Generator<Report>;
  /** Puts the parameters with the best validation return back into the actor. */
  restoreBest(): void;
}
