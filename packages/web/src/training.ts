import { SHARDS } from "@spikewing/core";
import type { Policy } from "@spikewing/rl";
import { proxy } from "comlink";
import { fixed } from "./number-text.js";
import { workIn } from "./own-worker.js";
import { byId } from "./page.js";
import { settingsOf } from "./run-settings.js";
import type {
  RunSettings,
  RunTitle,
  Score,
  TrainChoice,
  Trained,
  Trainer,
  TrainListener,
  TrainOrder,
  TrainPoint,
} from "./train-messages.js";

/** A run as its curves and its progress show it. */
export interface TrainRun {
  readonly settings: RunSettings;
  readonly points: readonly TrainPoint[];
  /** Of the policy that came out. */
  readonly score: Score | undefined;
}

/** A run that is to begin. */
export interface NewRun {
  readonly choice: TrainChoice;
  /** Without one the run trains its own, where it has one. */
  readonly guide?: Policy | undefined;
  readonly guideName?: string | undefined;
  readonly title?: string;
  /** Threads in all; else as many as the page can have. */
  readonly workers?: number | undefined;
}

/** What the browser has said to keeping the run. */
export type Keeping =
  | { readonly round: number; readonly bytes: number }
  | { readonly problem: string }
  | undefined;

/** Training in the page: one at a time, in a worker of its own. Whatever trains is given up for the next. */
export interface Training {
  /** The policy that came out. */
  train(run: NewRun): Promise<Policy>;
  /** Goes on with a run that the browser keeps. */
  resume(run: RunTitle): Promise<Policy>;
  /** Ends the training after its next evaluation. */
  stop(): void;
  readonly state: "idle" | "training" | "stopping";
  /** What trains now, or trained last. */
  readonly run: (TrainRun & { readonly id: string; readonly title: string }) | undefined;
  readonly keeping: Keeping;
  /** What can fly or be saved now. */
  readonly newest: Policy | undefined;
  /** Until the present phase is over, by the work that is left; undefined before the first round. */
  secondsLeft(): number | undefined;
  /** Called whenever any of this has changed. */
  listen(changed: () => void): void;
}

export interface TrainingEvents {
  /** A round has ended, and this is what flies now. */
  learned(policy: Policy, point: TrainPoint): void;
  /** The browser does not keep the run. */
  unkept(problem: string): void;
}

/** No two tabs have the same. */
function newId(begunAt: number): string {
  const [salt] = crypto.getRandomValues(new Uint32Array(1));
  return `${begunAt}-${salt!.toString(36)}`;
}

/** Threads for training: shared memory needs an isolated page, and the picture keeps a processor for itself. */
export function threadsHere(): number {
  return crossOriginIsolated ? Math.min(Math.max(navigator.hardwareConcurrency - 1, 1), SHARDS) : 1;
}

export function createTraining(events: TrainingEvents): Training {
  let worker: Worker | undefined;
  let stop: () => unknown;
  let state: Training["state"] = "idle";
  let run: (RunTitle & { points: TrainPoint[]; score: Score | undefined }) | undefined;
  let keeping: Keeping;
  let newest: Policy | undefined;
  let began = { at: 0, share: 0, phase: "" };
  const listeners: (() => void)[] = [];
  const change = () => {
    for (const hear of listeners) hear();
  };

  function secondsLeft(): number | undefined {
    const point = run?.points.at(-1);
    if (!point || point.share <= began.share) return undefined;
    const seconds = (performance.now() - began.at) / 1000;
    return (seconds * (1 - point.share)) / (point.share - began.share);
  }

  function add(point: TrainPoint): void {
    const earlier = run!.points.at(-1);
    if (point.phase !== began.phase)
      began = { at: performance.now(), share: point.share, phase: point.phase };
    run!.points.push(point);
    announce(point, earlier, secondsLeft());
  }

  async function begin(order: TrainOrder): Promise<Policy> {
    worker?.terminate();
    const trainer = new Worker(new URL("./train.worker.ts", import.meta.url), { type: "module" });
    const trained = { ...order.run, points: [] as TrainPoint[], score: undefined as Score | undefined };
    worker = trainer;
    run = trained;
    newest = keeping = undefined;
    state = "training";
    began = { at: 0, share: 0, phase: "" };
    change();
    /** What a training that was given up had under way is not heard any more. */
    const hear =
      <Told extends unknown[]>(note: (...told: Told) => void) =>
      (...told: Told) => {
        if (worker !== trainer) return;
        note(...told);
        change();
      };
    const listener: TrainListener = {
      resumed: hear((points) => trained.points.push(...points)),
      round: hear((point, policy) => {
        add(point);
        if (!policy) return;
        newest = policy;
        events.learned(policy, point);
      }),
      kept: hear((round, bytes) => {
        keeping = { round, bytes };
      }),
      unkept: hear((problem) => {
        keeping = { problem };
        events.unkept(problem);
      }),
    };
    try {
      const result = await workIn<Trainer, Trained>(trainer, "training", (exposed) => {
        stop = () => exposed.stop();
        return exposed.train(order, proxy(listener));
      });
      const policy = "policy" in result ? result.policy : result.guide;
      if (worker === trainer) newest = policy;
      if (!("score" in result))
        throw new Error("Stopped while the guide trained: no policy yet, but the guide can fly and be saved");
      trained.score = result.score;
      return policy;
    } finally {
      if (worker === trainer) {
        worker = undefined;
        state = "idle";
        change();
      }
    }
  }

  return {
    train({ choice, guide, guideName, title, workers = threadsHere() }) {
      const settings = settingsOf(choice, guide && (guideName ?? "given"));
      const name = title ?? `${choice.algorithm}, seed ${choice.seed}`;
      const begunAt = Date.now();
      const run = { id: newId(begunAt), title: name, choice, settings, begunAt };
      return begin({ run, guide, workers, resumes: false });
    },
    resume: ({ id, title, choice, settings, begunAt }) =>
      begin({
        run: { id, title, choice, settings, begunAt },
        ...{ guide: undefined, workers: threadsHere(), resumes: true },
      }),
    stop() {
      if (state !== "training") return;
      stop();
      state = "stopping";
      change();
    },
    get state() {
      return state;
    },
    get run() {
      return run;
    },
    get keeping() {
      return keeping;
    },
    get newest() {
      return newest;
    },
    secondsLeft,
    listen(changed) {
      listeners.push(changed);
    },
  };
}

/** So often in a phase a reader who does not see the curves is told how it goes. */
const ANNOUNCEMENTS = 5;

function announce(point: TrainPoint, earlier: TrainPoint | undefined, secondsLeft: number | undefined): void {
  const from = earlier?.phase === point.phase ? earlier.share : 0;
  if (Math.floor(from * ANNOUNCEMENTS) === Math.floor(point.share * ANNOUNCEMENTS)) return;
  const what = point.phase === "guide" ? "The guide" : "The policy";
  const score = point.validation ? `, ${describeScore(point.validation)}` : "";
  const left = secondsLeft === undefined || point.share === 1 ? "" : `, ${describeTimeLeft(secondsLeft)}`;
  byId("training-news").textContent =
    `${what} has done ${Math.round(100 * point.share)} % of its training${score}${left}`;
}

export const describeScore = ({ meanReturn, standardError, flights }: Score) =>
  `return ${fixed(meanReturn, 0)} ± ${standardError.toFixed(0)} in ${flights} flights`;

/** Rounded up, so that the end comes no later than it was said. */
export function describeTimeLeft(seconds: number): string {
  const coarse = Math.ceil(seconds / 5) * 5;
  return coarse < 120 ? `about ${coarse} s left` : `about ${Math.ceil(seconds / 60)} min left`;
}
