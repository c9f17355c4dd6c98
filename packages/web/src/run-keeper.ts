/** Keeps a training in the browser's storage while it goes on, and takes it up again. */
import {
  type Checkpoint,
  decodeCheckpoint,
  decodePolicy,
  digestOf,
  encodeCheckpoint,
  encodePolicy,
  type Phase,
  type Policy,
  type RunConfig,
  type RunIdentity,
  requireIdentity,
} from "@spikewing/rl";
import { dropCheckpoint, keepRun, readRun } from "./kept-runs.js";
import type { RunTitle, Score, TrainListener, TrainPoint } from "./train-messages.js";

/** Put in by the build: what the bytes of a run are a function of, beside its config and guide. */
declare const PROGRAM: Pick<RunIdentity, "version" | "core">;

/** A save that took so long is followed by so many times as much training. */
const TRAINING_PER_SAVE = 19;

/** Where a run stood when it was kept. */
export interface Standing {
  readonly checkpoint: Checkpoint;
  readonly guide: Policy | undefined;
  readonly points: readonly TrainPoint[];
}

export interface RunKeeper {
  /** What was kept of it. @throws Error that says why it cannot go on */
  resume(): Promise<Standing>;
  /** The guide from here on. */
  guideIs(guide: Policy): void;
  /** A round is over: keeps it, if it is time or `isStopping`; behind the last round of a phase another one begins. */
  roundIsOver(round: RoundStanding, isStopping: boolean): Promise<void>;
  /** What came of it; a finished run needs nothing else any more. */
  result(policy: Policy, score: Score, isFinished: boolean): Promise<void>;
}

export interface RoundStanding {
  readonly point: TrainPoint;
  readonly name: Checkpoint["phase"];
  readonly phase: Phase<unknown>;
  readonly policy: Policy | undefined;
}

export function createRunKeeper(
  title: RunTitle,
  config: RunConfig,
  listener: Pick<TrainListener, "kept" | "unkept">,
): RunKeeper {
  const points: TrainPoint[] = [];
  const identity = { format: "spikewing-run-1", ...PROGRAM, config: digestOf(config) } as const;
  let guideFile: Uint8Array | undefined;
  let keptGuide: Uint8Array | undefined;
  let policyBytes = 0;
  let checkpointBytes = 0;
  let nextSaveAt = 0; // the first round is kept at once
  let isRefused = false;

  /** A refusal is told once; the training goes on. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    if (isRefused) return;
    try {
      await work();
    } catch (error) {
      isRefused = true;
      await listener.unkept((error as Error).message);
    }
  }

  const runOf = (score: Score | undefined, isFinished: boolean) => ({
    ...title,
    ...{ points, score, isFinished },
    hasPolicy: policyBytes > 0,
    bytes: policyBytes + (isFinished ? 0 : checkpointBytes + (guideFile?.length ?? 0)),
  });

  return {
    async resume() {
      const { run, files } = await readRun(title.id);
      if (!files.checkpoint) throw new Error(`${run.name}: it was finished, or nothing of it was kept`);
      const checkpoint = decodeCheckpoint(files.checkpoint, run.name);
      const { version, core, config: digest } = identity;
      const remedy = "discard it, and train anew";
      requireIdentity(
        checkpoint.identity,
        { version, core, config: digest },
        run.name,
        "this page has",
        remedy,
      );
      points.push(...run.points);
      guideFile = keptGuide = files.guide;
      checkpointBytes = files.checkpoint.length;
      policyBytes = files.policy?.length ?? 0;
      const guide = guideFile && decodePolicy(guideFile, `${run.name}: its guide`);
      return { checkpoint, guide, points: [...points] };
    },
    guideIs(guide) {
      guideFile = encodePolicy(guide);
    },
    async roundIsOver({ point, name, phase, policy }, isStopping) {
      points.push(point);
      const isDue = point.round < point.rounds && performance.now() >= nextSaveAt;
      if (!isDue && !isStopping) return;
      await attempt(async () => {
        const from = performance.now();
        const guide = guideFile ? digestOf(guideFile) : null;
        const checkpoint = encodeCheckpoint(name, config, { ...identity, guide }, phase);
        const policyFile = policy && encodePolicy(policy);
        checkpointBytes = checkpoint.length;
        policyBytes = policyFile?.length ?? policyBytes;
        const newGuide = guideFile === keptGuide ? undefined : guideFile;
        const run = runOf(undefined, false);
        await keepRun(run, { checkpoint, policy: policyFile, guide: newGuide });
        keptGuide = guideFile;
        const now = performance.now();
        nextSaveAt = now + TRAINING_PER_SAVE * (now - from);
        await listener.kept(point.round, run.bytes);
      });
    },
    result: (policy, score, isFinished) =>
      attempt(async () => {
        const file = encodePolicy(policy);
        policyBytes = file.length;
        await keepRun(runOf(score, isFinished), { policy: file });
        if (isFinished) await dropCheckpoint(title.id);
      }),
  };
}
