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

export interface TrainOrder {
  readonly run: RunTitle;
  /** Without one, it is trained first. */
  readonly guide: Policy | undefined;
  /** Threads in all; more than one needs a page that is cross-origin isolated. The bytes are the same. */
  readonly workers: number;
  /** Goes on where the browser has kept it. */
  readonly resumes: boolean;
}

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

/** What train.worker.ts does. */
export interface Trainer {
  train(order: TrainOrder, listener: TrainListener): Promise<Trained>;
  /** Ends the training at its next evaluation, with the best policy so far. */
  stop(): void;
}

/** Hears of a training while it goes on, and all of it before the training has ended. */
export interface TrainListener {
  /** It goes on behind these rounds. */
  resumed(points: readonly TrainPoint[]): unknown;
  /** @param newest the policy as it flies after this round; of a guide, the best one after each evaluation */
  round(point: TrainPoint, newest: Policy | undefined): unknown;
  /** The browser keeps where the training stands. */
  kept(round: number, bytes: number): unknown;
  /** It does not, and will not be asked again; the training goes on. */
  unkept(problem: string): unknown;
}

export type Trained =
  | {
      readonly policy: Policy;
      /** By the protocol, on reserved starts. */
      readonly score: Score;
    }
  /** It was stopped before there was a policy. */
  | { readonly guide: Policy };

/** Schedules of the surrogate's slope that the page offers. */
export const SLOPE_CHOICES: Readonly<Record<string, SlopeSchedule | undefined>> = {
  "as in the preset": undefined,
  "shallow, fixed at 2": { kind: "fixed", slope: 2 },
  "steep, fixed at 50": { kind: "fixed", slope: 50 },
  "rising from 1 to 100": { kind: "interval", from: 1, to: 100, steps: 10 },
  "adaptive, with the return": { kind: "adaptive", first: 2, window: 10, rewardRange: 400 },
};
