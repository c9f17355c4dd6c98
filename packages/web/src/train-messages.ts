import type { AlgorithmName, Policy, PresetName, SlopeSchedule } from "@spikewing/rl";

/** A run as it is begun. */
export interface RunTitle {
  readonly id: string;
  /** Its name until it is given another. */
  readonly title: string;
  readonly choice: TrainChoice;
  readonly settings: RunSettings;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
}

/** What a run was asked for, as a reader sees it: a name and a value each. */
export type RunSettings = Readonly<Record<string, string>>;

/** A training run, as the command line would be asked for it. */
export interface TrainChoice {
  readonly preset: PresetName;
  readonly algorithm: AlgorithmName;
  readonly seed: number;
  /** Laid over the preset, as in a config file. */
  readonly overrides: Readonly<Record<string, unknown>>;
}

export type TrainRequest =
  /** Without a guide one is trained first. */
  | {
      readonly kind: "train";
      readonly run: RunTitle;
      readonly guide: Policy | undefined;
      /** Threads in all; more than one needs a page that is cross-origin isolated. The bytes are the same. */
      readonly workers: number;
      /** Goes on where the browser has kept it. */
      readonly resumes: boolean;
    }
  /** Ends the training at the next evaluation and hands over the best policy so far. */
  | { readonly kind: "stop" };

/** A mean over flights, with their number and its standard error: as the evaluation has them. */
export interface Score {
  readonly meanReturn: number;
  readonly standardError: number;
  readonly flights: number;
  readonly crashRate: number;
}

/** One point of the curves. */
export interface TrainPoint {
  readonly phase: "guide" | "policy";
  readonly round: number;
  readonly rounds: number;
  /** Of the work of its phase, 0 to 1: later rounds can be longer. */
  readonly share: number;
  /** Of the validation flights, where this round had some. */
  readonly validation: Score | undefined;
  /** Return of the flights of this round, guide and noise included. */
  readonly trainingReturn: number | undefined;
  readonly surrogateSlope: number | undefined;
  readonly jumpStartSteps: number | undefined;
}

export type TrainReport =
  /** `newest`: the policy as it flies after this round; of a guide, the best one after each evaluation. */
  | { readonly kind: "point"; readonly point: TrainPoint; readonly newest: Policy | undefined }
  | { readonly kind: "resumed"; readonly points: readonly TrainPoint[] }
  /** The browser keeps where the training stands. */
  | { readonly kind: "kept"; readonly round: number; readonly bytes: number }
  /** It does not, and will not be asked again; the training goes on. */
  | { readonly kind: "unkept"; readonly problem: string }
  | {
      readonly kind: "done";
      readonly policy: Policy;
      /** By the protocol, on reserved starts. */
      readonly score: Score;
    }
  /** Stopped before there was a policy. */
  | { readonly kind: "stopped"; readonly guide: Policy }
  | { readonly kind: "failed"; readonly problem: string };

/** Schedules of the surrogate's slope that the page offers. */
export const SLOPE_CHOICES: Readonly<Record<string, SlopeSchedule | undefined>> = {
  "as in the preset": undefined,
  "shallow, fixed at 2": { kind: "fixed", slope: 2 },
  "steep, fixed at 50": { kind: "fixed", slope: 50 },
  "rising from 1 to 100": { kind: "interval", from: 1, to: 100, steps: 10 },
  "adaptive, with the return": { kind: "adaptive", first: 2, window: 10, rewardRange: 400 },
};
