import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { coreDigest } from "@spikewing/core/node";
import {
  digestOf,
  type JsonObject,
  type Outcome,
  parseAs,
  requireIdentity,
  SpikewingError,
  type SweepRun,
} from "@spikewing/rl";
import { z } from "zod";
import { readInput, readJsonObject } from "../input-file.js";
import { lockRecord } from "../run-lock.js";
import { VERSION } from "../version.js";
import { makeFolder, toJson, writeWhole, writing } from "../whole-file.js";
import { programDigest } from "./program-digest.js";

export const SWEEP_FILES = {
  /** What the results are a function of, and the lock. */
  record: "sweep.json",
  /** The list, for who does its runs elsewhere. */
  list: "list.json",
  /** A file a finished run. */
  runs: "runs",
  /** Processor time at the marks of each, s: a file a run, which no result depends on. */
  seconds: "seconds",
  /** All of them, a line each, in the order of the list: written when the last is there. */
  results: "results.jsonl",
} as const;

/** All that the bytes of a sweep's results are a function of, by its SHA-256 where it is more than a word. */
const identitySchema = z.strictObject({
  format: z.literal("spikewing-sweep-1"),
  version: z.string().max(100),
  core: z.string().max(100),
  /** Of @spikewing/rl: its program and the policies that come with it. */
  program: z.string().max(100),
  /** Of the list of runs. */
  runs: z.string().max(100),
});

const lineSchema = z.union([
  z.strictObject({ measure: z.string(), settings: z.json(), seed: z.number(), result: z.json() }),
  z.strictObject({ measure: z.string(), settings: z.json(), seed: z.number(), fault: z.string() }),
]);

/** What a run came to. */
export type Ending = { readonly result: JsonObject } | { readonly fault: string };

/** A results folder in which this process alone works, until `release`. */
export interface SweepFolder {
  /** Numbers of the runs that are still to be done. */
  readonly pending: readonly number[];
  readonly faults: number;
  /** Writes the file of a finished run, whole. */
  keep(run: number, ending: Ending, seconds: readonly number[]): void;
  /** Reads the files of runs that were finished elsewhere; their numbers. */
  gather(): readonly number[];
  /** Writes all results, once none is pending; what they are. */
  finish(): readonly Outcome[];
  release(): void;
}

const lineOf = ({ measure, settings, seed }: SweepRun, ending: Ending) =>
  `${JSON.stringify({ measure, settings, seed, ...ending })}\n`;

const pathOf = (folder: string, run: number) =>
  join(folder, SWEEP_FILES.runs, `${String(run + 1).padStart(5, "0")}.json`);

/** What every sweep of this program has in its record. */
const thisProgram = () => ({ version: VERSION, core: coreDigest(), program: programDigest() });

/** What this program's results of a list are a function of. */
const identify = (runs: readonly SweepRun[]) =>
  ({ format: "spikewing-sweep-1", ...thisProgram(), runs: digestOf(runs) }) as const;

const readRecord = (record: string) => parseAs(identitySchema, readJsonObject(record), record);

/** Whose results lie in a folder, and whether this program's would be the same. */
export function authorOf(folder: string): { readonly program: string; readonly isThisOne: boolean } {
  const { core, program } = readRecord(join(folder, SWEEP_FILES.record));
  const own = thisProgram();
  return { program, isThisOne: core === own.core && program === own.program };
}

/** @throws SpikewingError naming the field of the record in which a sweep differs from one of this program and list */
function requireSame(record: string, { runs, ...program }: ReturnType<typeof identify>): void {
  const found = readRecord(record);
  const remedy = "results of two programs are not mixed: take a new folder";
  requireIdentity(found, program, record, "this build has", remedy);
  requireSameList(found, record, runs);
}

function requireSameList(found: ReturnType<typeof readRecord>, record: string, runs: string): void {
  requireIdentity(found, { runs }, record, "the list has", "another list takes a new folder");
}

/** Does one run of the sweep in a folder that another process has opened, and leaves its file there. */
export function doRunOf(
  folder: string,
  run: number,
  measure: (run: SweepRun) => { readonly ending: Ending; readonly seconds: readonly number[] },
): void {
  const path = join(folder, SWEEP_FILES.list);
  const runs = JSON.parse(new TextDecoder().decode(readInput(path, "log"))) as readonly SweepRun[];
  requireSame(join(folder, SWEEP_FILES.record), identify(runs));
  const wanted = runs[run];
  if (wanted === undefined)
    throw new SpikewingError(path, `has no run ${run}; expected 0 to ${runs.length - 1}`);
  const { ending, seconds } = measure(wanted);
  writeSeconds(folder, run, seconds);
  writeWhole(pathOf(folder, run), lineOf(wanted, ending));
}

const secondsPathOf = (folder: string, run: number) =>
  join(folder, SWEEP_FILES.seconds, `${String(run + 1).padStart(5, "0")}.json`);

function writeSeconds(folder: string, run: number, seconds: readonly number[]): void {
  if (seconds.length === 0) return;
  makeFolder(join(folder, SWEEP_FILES.seconds));
  writeWhole(secondsPathOf(folder, run), `${JSON.stringify(seconds)}\n`);
}

/** Time is a help: a file of it that is missing or damaged is as none. */
function readSeconds(folder: string, run: number): { readonly seconds?: readonly number[] } {
  const path = secondsPathOf(folder, run);
  if (!existsSync(path)) return {};
  try {
    return {
      seconds: z.array(z.number()).parse(JSON.parse(new TextDecoder().decode(readInput(path, "log")))),
    };
  } catch {
    return {};
  }
}

/**
 * Begins a sweep in a new or empty folder, or goes on with the one that is there.
 *
 * @throws SpikewingError naming the folder where something else lies there, and the file and field where the sweep in it is of
 * another list or of another program
 */
export function openSweep(folder: string, runs: readonly SweepRun[]): SweepFolder {
  const identity = identify(runs);
  const record = join(folder, SWEEP_FILES.record);
  const names = writing(folder, () => {
    makeFolder(folder);
    return readdirSync(folder);
  });
  if (names.length > 0 && !names.includes(SWEEP_FILES.record))
    throw new SpikewingError(folder, "is not empty; expected a new or empty folder, or that of this sweep");
  const lock = lockRecord(record, true);
  try {
    if (lock.text === "") lock.begin(toJson(identity));
    else requireSame(record, identity);
    const runsFolder = join(folder, SWEEP_FILES.runs);
    writing(runsFolder, () => {
      makeFolder(runsFolder);
      for (const name of readdirSync(runsFolder))
        if (/\.\d+\.tmp$/.test(name)) rmSync(join(runsFolder, name)); // what killed writes have left
    });
    writeWhole(join(folder, SWEEP_FILES.list), JSON.stringify(runs));
    const endings = new Map<number, Ending>();
    const gather = () =>
      runs.flatMap((expected, run) => {
        const path = pathOf(folder, run);
        if (endings.has(run) || !existsSync(path)) return [];
        endings.set(run, readEnding(path, expected));
        return [run];
      });
    gather();
    return {
      pending: runs.flatMap((_, run) => (endings.has(run) ? [] : [run])),
      get faults() {
        return [...endings.values()].filter((ending) => "fault" in ending).length;
      },
      keep(run, ending, seconds) {
        const line = lineOf(runs[run]!, ending);
        writeSeconds(folder, run, seconds);
        writeWhole(pathOf(folder, run), line);
        endings.set(run, endingIn(line));
      },
      gather,
      finish() {
        const lines = runs.map((run, i) => lineOf(run, endings.get(i)!));
        writeWhole(join(folder, SWEEP_FILES.results), lines.join(""));
        return runs.map((run, i) => outcomeOf(folder, i, run, endings.get(i)!));
      },
      release: lock.release,
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function outcomeOf(folder: string, run: number, { settings, seed }: SweepRun, ending: Ending): Outcome {
  return { ...{ settings, seed, ...readSeconds(folder, run) }, ...ending };
}

/**
 * The results of a finished sweep, of whatever program.
 *
 * @throws SpikewingError naming the file where it is missing or damaged, and the field where the sweep is of another list
 */
export function readResults(folder: string, runs: readonly SweepRun[]): readonly Outcome[] {
  const record = join(folder, SWEEP_FILES.record);
  requireSameList(readRecord(record), record, digestOf(runs));
  const path = join(folder, SWEEP_FILES.results);
  const lines = new TextDecoder().decode(readInput(path, "log")).split(/(?<=\n)/);
  if (lines.length !== runs.length)
    throw new SpikewingError(path, `lines: ${lines.length}; expected one for each of ${runs.length} runs`);
  return runs.map((run, i) => {
    const ending = endingOf(run, lines[i]!);
    if (ending === undefined) throw new SpikewingError(path, `line ${i + 1} is not what that run writes`);
    return outcomeOf(folder, i, run, ending);
  });
}

/** As a file has it: what is not finite is null. */
function endingIn(line: string): Ending {
  const { measure, settings, seed, ...ending } = JSON.parse(line);
  return ending;
}

/** @throws SpikewingError naming the file where it is damaged, or not of this run. */
function readEnding(path: string, expected: SweepRun): Ending {
  const ending = endingOf(expected, new TextDecoder().decode(readInput(path, "log")));
  if (ending === undefined)
    throw new SpikewingError(path, "is not what this run writes", "delete it, and its run is done again");
  return ending;
}

/** Of the line that a run has written; undefined where it cannot have. */
function endingOf(expected: SweepRun, text: string): Ending | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!lineSchema.safeParse(value).success) return undefined;
  const ending = endingIn(text);
  return lineOf(expected, ending) === text ? ending : undefined;
}
