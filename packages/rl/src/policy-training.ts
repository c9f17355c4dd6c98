import type { Actor } from "./actor.js";
import type { ScoredReplay } from "./replay-columns.js";

/** A policy in training, whatever the algorithm; the core's memory and `progress` are the whole state. */
export interface PolicyTraining<Report> {
  readonly actor: Actor;
  readonly progress: { round: number; bestReturn?: number | undefined };
  /** What it learns from; undefined where it keeps no steps. */
  readonly experience?: ScoredReplay;
  run(): Generator<Report>;
  /** Puts the parameters with the best validation return back into the actor. */
  restoreBest(): void;
}
