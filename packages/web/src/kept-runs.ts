import { createStore, delMany, get, getMany, keys, set, setMany } from "idb-keyval";
import type { RunTitle, Score, TrainPoint } from "./train-messages.js";

/**
 * Runs that the browser keeps: where a training stands, what has come of it, and its curves. Page and workers of all tabs
 * read and write them; who trains a run holds its lock, and nobody else writes to it.
 */
export interface KeptRun extends RunTitle {
  readonly name: string;
  readonly points: readonly TrainPoint[];
  /** Of the policy that is kept, where it has been scored. */
  readonly score: Score | undefined;
  readonly isFinished: boolean;
  readonly hasPolicy: boolean;
  /** Of all its files. */
  readonly bytes: number;
}

/** Files of a run; a finished one has its policy alone. */
export interface RunFiles {
  readonly checkpoint?: Uint8Array | undefined;
  /** What it can do so far, or the one that came out. */
  readonly policy?: Uint8Array | undefined;
  /** The guide that was given, or that was trained first. */
  readonly guide?: Uint8Array | undefined;
}

/** How large what is kept is, as a reader sees it. */
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

type Part = "run" | "name" | keyof RunFiles;
const PARTS = ["run", "name", "checkpoint", "policy", "guide"] as const satisfies readonly Part[];
const keyOf = (part: Part, id: string) => `${part}/${id}`;
const keysOf = (parts: readonly Part[], id: string) => parts.map((part) => keyOf(part, id));

const store = createStore("spikewing-training", "runs");
const CHANNEL = "spikewing-training";

/** Tells every tab, this one too, that what is kept has changed. */
function tell(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("changed");
  channel.close();
}

export function listenToRuns(changed: () => void): void {
  new BroadcastChannel(CHANNEL).addEventListener("message", changed);
}

/** What the browser does not keep, in a line. */
export class NotKeptError extends Error {}

async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "QuotaExceededError") throw new NotKeptError("the browser's storage is full");
    throw new NotKeptError(`the browser refuses storage (${message || name})`);
  }
}

type Stored = Omit<KeptRun, "name">;
const named = (run: Stored, name: string | undefined): KeptRun => ({ ...run, name: name ?? run.title });

/** All of them, the newest first. */
export function listRuns(): Promise<readonly KeptRun[]> {
  return asking(async () => {
    const prefix = keyOf("run", "");
    const found = (await keys<string>(store)).filter((key) => key.startsWith(prefix));
    const ids = found.map((key) => key.slice(prefix.length));
    const runs = await getMany<Stored | undefined>(found, store);
    const names = await getMany<string | undefined>(
      ids.map((id) => keyOf("name", id)),
      store,
    );
    return runs
      .flatMap((run, i) => (run ? [named(run, names[i])] : [])) // another tab may have discarded it
      .sort((one, other) => other.begunAt - one.begunAt);
  });
}

/** Writes a run and the files that are new, or nothing of it. @throws NotKeptError */
export async function keepRun(run: Stored, files: RunFiles): Promise<void> {
  const parts = Object.entries(files).filter(([, bytes]) => bytes !== undefined);
  const entries: [string, unknown][] = parts.map(([part, bytes]) => [keyOf(part as Part, run.id), bytes]);
  await asking(() => setMany([[keyOf("run", run.id), run], ...entries], store));
  tell();
}

/** Names are apart from what a training writes: they can be changed while it goes on. */
export async function nameRun(id: string, name: string): Promise<void> {
  await asking(() => set(keyOf("name", id), name, store));
  tell();
}

/** @throws NotKeptError, or Error where the run is not there. */
export async function readRun(id: string): Promise<{ readonly run: KeptRun; readonly files: RunFiles }> {
  const stored = await asking(() => getMany(keysOf(PARTS, id), store));
  const [run, name, checkpoint, policy, guide] = stored as [Stored?, string?, ...Uint8Array[]];
  if (!run) throw new Error("the run is not kept any more");
  return { run: named(run, name), files: { checkpoint, policy, guide } };
}

export const readPolicyOf = (id: string): Promise<Uint8Array<ArrayBuffer> | undefined> =>
  asking(() => get<Uint8Array<ArrayBuffer>>(keyOf("policy", id), store));

async function drop(parts: readonly Part[], id: string): Promise<void> {
  await asking(() => delMany(keysOf(parts, id), store));
  tell();
}

/** Removes what only a run that goes on needs. */
export const dropCheckpoint = (id: string): Promise<void> => drop(["checkpoint", "guide"], id);

export const discardRun = (id: string): Promise<void> => drop(PARTS, id);

/** Discards those that were begun under a title, and that nobody trains any more. */
export async function dropUnfinished(title: string): Promise<void> {
  const held = await runsInTraining();
  const dropped = (await listRuns()).filter(
    (run) => run.title === title && !run.isFinished && !held.has(run.id),
  );
  for (const { id } of dropped) await discardRun(id);
}

const lockOf = (id: string) => `spikewing-training/${id}`;

/** Does work on a run that no other tab works on. @throws Error where one does. */
export async function withRun<T>(id: string, work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return work(); // a page that did not come by HTTPS has none
  return navigator.locks.request(lockOf(id), { ifAvailable: true }, (lock) => {
    if (!lock) throw new Error("this run trains in another tab");
    return work();
  });
}

/** Those that train now, in whatever tab. */
export async function runsInTraining(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const prefix = lockOf("");
  const names = held.flatMap(({ name, mode }) => (name && mode === "exclusive" ? [name] : []));
  return new Set(names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)));
}

/** Waits until a run does not train any more, even if its tab was closed. */
export async function untilFree(id: string): Promise<void> {
  await navigator.locks?.request(lockOf(id), { mode: "shared" }, () => {});
}
