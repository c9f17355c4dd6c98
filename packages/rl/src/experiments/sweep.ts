import type { Policy } from "../policy-file.js";
import type { PoolFactory } from "../run.js";

/** Plain data, as a file holds it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** What one run of a sweep is a function of, besides the program. */
export interface SweepRun {
  /** What is measured: "train", or the name of an experiment. */
  readonly measure: string;
  readonly settings: JsonObject;
  readonly seed: number;
}

/** What a run gave; or the fault, where the run itself is to blame, such as a training whose losses end finite no more. */
export type Outcome<Settings = JsonObject, Result = JsonObject> = {
  readonly settings: Settings;
  readonly seed: number;
  /** Processor time at the run's marks, s; none where nobody kept it. Not a function of settings and seed. */
  readonly seconds?: readonly number[];
} & ({ readonly result: Result } | { readonly fault: string });

/** Policies that come with this package. */
export type ShippedName =
  | "snn"
  | "snn-i8"
  | "gru"
  | "ann"
  | "ann-history"
  | "guide-novice"
  | "guide-intermediate"
  | "guide-expert";

/** What a run has to work with. */
export interface Workbench {
  /** A core of its own, for one thread. */
  readonly pool: PoolFactory;
  shipped(name: ShippedName): Policy;
  /** A part is done: whoever keeps time reads it off here, beside the result and never in it. */
  mark?(): void;
}
