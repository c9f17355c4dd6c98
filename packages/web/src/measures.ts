import type {
  Condition,
  ConditionScore,
  Policy,
  PROTOCOL,
  RecordedScore,
  Task,
  Tracking,
} from "@spikewing/rl";
import { proxy, type Remote } from "comlink";
import { workIn } from "./own-worker.js";

/** A condition of `evaluate --robustness`, and how the one policy did under it. */
export interface ConditionRow extends Condition {
  readonly scores: readonly [ConditionScore];
}

/** The document of `evaluate POLICY --alone --robustness PICTURE --json`, but for the picture. */
export interface Robustness {
  readonly protocol: Omit<typeof PROTOCOL, "episodes"> & { readonly episodes: number; readonly task: Task };
  readonly conditions: readonly ConditionRow[];
  readonly tracking: readonly [readonly Tracking[]];
}

/** What measure.worker.ts does; it tells of every piece. */
export interface Measures {
  published(policies: readonly Policy[]): readonly (RecordedScore | undefined)[];
  race(
    policies: readonly Policy[],
    episodes: number,
    tell: (entrant: number, score: RecordedScore) => unknown,
  ): Promise<void>;
  robustness(
    policy: Policy,
    episodes: number,
    tell: (
      piece: { readonly condition: ConditionRow } | { readonly trajectory: Tracking },
      done: number,
      pieces: number,
    ) => unknown,
  ): Promise<Robustness>;
}

/** Measuring that goes on in a worker of its own. */
export interface Measuring<Result> {
  /** What came out; undefined: it was stopped. @throws Error that says what went wrong */
  readonly ended: Promise<Result | undefined>;
  stop(): void;
}

/** @param run gets the worker; functions that it hands over are wrapped with `told` */
export function measure<Result>(run: (measures: Remote<Measures>) => Promise<Result>): Measuring<Result> {
  const worker = new Worker(new URL("./measure.worker.ts", import.meta.url), { type: "module" });
  let stop = () => {};
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => {
      worker.terminate();
      resolve(undefined);
    };
  });
  return { ended: Promise.race([workIn(worker, "measuring", run), stopped]), stop };
}

export const told = proxy;
