import type { AlgorithmName } from "@spikewing/rl";

/** Time since a training began; its validations are part of it. */
export interface Spent {
  /** On the clock. */
  readonly seconds: number;
  /** Of all threads. */
  readonly processorSeconds: number;
}

/** A validation (200 episodes). */
export interface Point extends Spent {
  readonly phase: "guide" | "policy";
  readonly environmentSteps: number;
  readonly meanReturn: number;
  readonly crashRate: number;
}

/** A training from nothing to its own end. */
export interface Training extends Spent {
  readonly algorithm: AlgorithmName;
  readonly points: readonly Point[];
  /** The policy kept, by the protocol; no part of the time. */
  readonly score: { readonly meanReturn: number; readonly standardError: number; readonly crashRate: number };
}

export interface Race {
  readonly node: string;
  readonly cpu: string;
  readonly loadAverage: number;
  readonly workers: number;
  readonly seed: number;
  readonly episodes: number;
  readonly trainings: readonly [Training, Training];
  readonly claims: readonly Claim[];
}

/** The published return of the paper's deployed policy. */
export const PAPER_RETURN = 446;

/** A time of learning through the simulator as a part of the other's whole. */
export interface Claim {
  readonly what: string;
  readonly seconds: number;
  readonly ofSeconds: number;
  readonly ratio: number;
  readonly processorRatio: number;
  readonly atMost: number;
}
