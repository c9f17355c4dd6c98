import { basename, join } from "node:path";
import {
  type Outcome,
  parseSweep,
  reportSweep,
  resolveRunConfig,
  type SweepRun,
  type TrainSettings,
} from "@spikewing/rl";
import { readJsonObject } from "./input-file.js";
import { printResult } from "./print.js";
import { formatReport, writePicture } from "./report.js";
import { Interruption, reportInterruption } from "./signals.js";
import { type EngineFlags, requireNoFaults, runSweep } from "./sweep/run-sweep.js";
import { readResults } from "./sweep/sweep-folder.js";
import { shippedPolicy } from "./sweep/workbench.js";
import { admit } from "./train-flags.js";

export interface OutcomeFlags extends EngineFlags {
  /** Of the results that are there, whichever program's they are. */
  readonly reportOnly?: boolean;
}

export interface SweepFlags extends OutcomeFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** Trains every run of a list with every seed; a second call goes on where the first was ended. */
export async function sweep(file: string, flags: SweepFlags): Promise<void> {
  const { $schema, ...list } = readJsonObject(file);
  const runs = parseSweep(list, file);
  admitEach(runs, file);
  const folder = flags.out ?? join("sweeps", basename(file, ".json"));
  const command = `spikewing sweep ${file} --out ${folder}`;
  const outcomes = await outcomesOf(command, basename(file), folder, runs, flags);
  if (!outcomes) return;
  const report = reportSweep(outcomes as Parameters<typeof reportSweep>[0]);
  writePicture(folder, "sweep", basename(file), report.figure);
  printResult(flags.json, { folder, report }, formatReport(report));
  requireNoFaults(folder, outcomes);
}

/** @throws SpikewingError naming the first run that could not be flown to its end, before any is begun */
function admitEach(runs: readonly SweepRun[], file: string): void {
  const seen = new Set<SweepRun["settings"]>();
  for (const { settings, seed } of runs) {
    if (seen.has(settings)) continue;
    seen.add(settings);
    const { name, config, guide } = settings as TrainSettings;
    const run = resolveRunConfig({ seed, overrides: config }, file);
    admit(run, guide === null ? undefined : shippedPolicy(guide), `${file}: run ${JSON.stringify(name)}`);
  }
}

/**
 * Reads what a finished sweep left, or does what is left of it; a signal is told, with the way to go on, and becomes the exit
 * code.
 */
export async function outcomesOf(
  command: string,
  title: string,
  folder: string,
  runs: readonly SweepRun[],
  flags: OutcomeFlags,
): Promise<readonly Outcome[] | undefined> {
  if (flags.reportOnly) return readResults(folder, runs);
  try {
    return await runSweep(title, folder, runs, flags);
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    reportInterruption(error, command);
    return undefined;
  }
}
