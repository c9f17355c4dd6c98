import { availableParallelism } from "node:os";
import { type Outcome, SpikewingError, type SweepRun } from "@spikewing/rl";
import { formatDuration, printNote } from "../print.js";
import { drawBar } from "../progress.js";
import { Interruption, listenForSignals } from "../signals.js";
import type { ENGINES } from "./engines.js";
import { runLocally } from "./local-engine.js";
import { runOnSlurm } from "./slurm-engine.js";
import { type Ending, openSweep } from "./sweep-folder.js";

export interface EngineFlags {
  readonly engine?: keyof typeof ENGINES;
  /** Runs at a time. */
  readonly workers?: number;
}

/** Does what is left of a sweep, and shows where it stands on standard error. @throws Interruption on a signal */
export async function runSweep(
  title: string,
  folder: string,
  runs: readonly SweepRun[],
  { engine = "local", workers }: EngineFlags,
): Promise<readonly Outcome[]> {
  const sweep = openSweep(folder, runs);
  const signals = listenForSignals();
  const stopping = new AbortController();
  const progress = startProgress(title, runs.length, runs.length - sweep.pending.length);
  try {
    const show = (run: number) => progress.show(runs[run]!, sweep.faults);
    const keep = (run: number, ending: Ending, seconds: readonly number[]) => {
      sweep.keep(run, ending, seconds);
      show(run);
    };
    const look = () => sweep.gather().forEach(show);
    const { pending } = sweep;
    const { signal: stopped } = stopping;
    const work =
      engine === "slurm"
        ? runOnSlurm(folder, runs.length, pending, workers, look, stopped)
        : runLocally(runs, pending, workers ?? availableParallelism(), keep, stopped);
    const signal = await Promise.race([work, signals.arrived]);
    if (signal !== undefined) {
      stopping.abort();
      await work.catch(() => {});
      throw new Interruption(signal);
    }
    return sweep.finish();
  } finally {
    progress.end();
    signals.stop();
    sweep.release();
  }
}

/** A bar on a terminal, else a line a run. */
function startProgress(title: string, total: number, before: number) {
  const startedAt = performance.now();
  let done = before;
  const bar = drawBar(title, total, before);
  if (!bar && before > 0) printNote(`${title}: ${before} of ${total} runs are done already`);
  return {
    show({ seed }: SweepRun, faults: number) {
      done++;
      const perRun = (performance.now() - startedAt) / 1000 / (done - before);
      const state = [
        `seed ${seed}`,
        ...(faults > 0 ? [`${faults} failed`] : []),
        `${formatDuration(perRun * (total - done))} left`,
      ].join("  ");
      if (bar) bar.update(done, { state });
      else printNote(`${title} ${done}/${total}  ${state}`);
    },
    end: () => bar?.stop(),
  };
}

/** @throws SpikewingError where runs have failed; their faults are in the results */
export function requireNoFaults(folder: string, outcomes: readonly Outcome[]): void {
  const faults = outcomes.flatMap((outcome) => ("fault" in outcome ? [outcome.fault] : []));
  if (faults.length > 0)
    throw new SpikewingError(
      folder,
      `${faults.length} of ${outcomes.length} runs failed, the first with: ${faults[0]}`,
    );
}
