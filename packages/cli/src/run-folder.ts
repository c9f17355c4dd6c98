import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { coreDigest } from "@spikewing/core/node";
import {
  type Checkpoint,
  decodeCheckpoint,
  decodePolicy,
  digestOf,
  encodePolicy,
  type Policy,
  parseRunConfig,
  parseRunIdentity,
  type RunConfig,
  type RunIdentity,
  requireIdentity,
  SpikewingError,
} from "@spikewing/rl";
import { holdAt } from "./hold.js";
import { readInput, readJsonObject } from "./input-file.js";
import { type LockedRecord, lockRecord } from "./run-lock.js";
import { VERSION } from "./version.js";
import { makeFolder, toJson, writeWhole, writing } from "./whole-file.js";

/** What a run leaves behind, besides the TensorBoard events and the guide's levels. */
export const RUN_FILES = {
  /** Its identity and its lock; written last of what a run begins with. */
  record: "run.json",
  config: "config.json",
  metrics: "metrics.jsonl",
  checkpoint: "checkpoint.safetensors",
  guide: "guide.safetensors",
  policy: "policy.safetensors",
  evaluation: "evaluation.json",
  curves: "curves.svg",
  flight: "flight.svg",
} as const;

/** A run whose folder this process alone works in, until `release`. */
export interface OpenRun {
  readonly folder: string;
  readonly config: RunConfig;
  readonly identity: RunIdentity;
  /** Undefined before the first one was due. */
  readonly checkpoint: Checkpoint | undefined;
  /** The guide that was given, or that an earlier session trained to its end. */
  readonly guide: Policy | undefined;
  release(): void;
}

/** What this build would have a run of a config be. */
function identify(config: RunConfig, guide: Uint8Array | undefined): RunIdentity {
  return {
    format: "spikewing-run-1",
    version: VERSION,
    core: coreDigest(),
    config: digestOf(config),
    guide: guide ? digestOf(guide) : null,
  };
}

/** Whether a run has begun in a folder; a whole one or not. */
export function isBegun(folder: string): boolean {
  return (statSync(join(folder, RUN_FILES.record), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

export function readConfig(folder: string): RunConfig {
  const path = join(folder, RUN_FILES.config);
  return parseRunConfig(readJsonObject(path), path);
}

/** Begins a run in a new folder. @throws SpikewingError when something lies there already. */
export function beginRun(folder: string, config: RunConfig, guide: Policy | undefined): OpenRun {
  const file = (name: string) => join(folder, name);
  requireFree(folder);
  const record = lockRecord(file(RUN_FILES.record), true);
  return orRelease(record, () => {
    if (record.text !== "") throw notEmpty(folder); // begun since we looked
    for (const name of readdirSync(folder)) if (name !== RUN_FILES.record) rmSync(file(name));
    const guideFile = guide && encodePolicy(guide);
    const identity = identify(config, guideFile);
    writeWhole(file(RUN_FILES.config), toJson(config));
    if (guideFile) writeWhole(file(RUN_FILES.guide), guideFile);
    holdAt(`before ${RUN_FILES.record}`);
    record.begin(toJson(identity));
    return { folder, config, identity, checkpoint: undefined, guide, release: record.release };
  });
}

/** Opens the run in a folder. @throws SpikewingError naming the file that is missing, damaged or another than it was. */
export function openRun(folder: string): OpenRun {
  const file = (name: string) => join(folder, name);
  const record = lockRecord(file(RUN_FILES.record), false);
  return orRelease(record, () => {
    if (record.text === "")
      throw new SpikewingError(
        file(RUN_FILES.record),
        "is empty: the run was cut off before it began",
        "start it again",
      );
    const identity = parseRunIdentity(record.text, file(RUN_FILES.record));
    const { version, core } = identify({} as RunConfig, undefined);
    requireIdentity(identity, { version, core }, file(RUN_FILES.record), "this build has", "retrain");
    const config = readConfig(folder);
    const began = "the run began with";
    const found = { ...identity, config: digestOf(config) };
    requireIdentity(found, { config: identity.config }, file(RUN_FILES.config), began);
    const checkpoint = readCheckpoint(file(RUN_FILES.checkpoint), identity);
    const guide = readGuideOf(file(RUN_FILES.guide), identity, checkpoint);
    sweep(folder);
    return { folder, config, identity, checkpoint, guide, release: record.release };
  });
}

function orRelease<T>(record: LockedRecord, work: () => T): T {
  try {
    return work();
  } catch (error) {
    record.release();
    throw error;
  }
}

function readCheckpoint(path: string, identity: RunIdentity): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  const checkpoint = decodeCheckpoint(readInput(path, "checkpoint"), path);
  const { version, core, config, guide } = identity;
  const given = guide === null ? {} : { guide };
  requireIdentity(checkpoint.identity, { version, core, config, ...given }, path, "the run has");
  return checkpoint;
}

/** The guide of a run that has one, and the very file that the run has gone on with. */
function readGuideOf(
  path: string,
  identity: RunIdentity,
  checkpoint: Checkpoint | undefined,
): Policy | undefined {
  const guide = checkpoint?.phase === "policy" ? checkpoint.identity.guide : identity.guide;
  if (guide === null) return undefined;
  const found = { ...identity, guide: digestOf(readInput(path, "policy")) };
  requireIdentity(found, { guide }, path, "the run began with");
  return readGuide(path);
}

const notEmpty = (folder: string) =>
  new SpikewingError(
    folder,
    "is not empty; expected a new or empty folder",
    `to go on with a run: --resume ${folder}`,
  );

/** Makes a folder. @throws SpikewingError when it holds anything but what a run leaves that was cut off before it began. */
function requireFree(folder: string): void {
  const names = writing(folder, () => {
    makeFolder(folder);
    return readdirSync(folder);
  });
  if (names.length === 0) return;
  if (!names.includes(RUN_FILES.record) || isBegun(folder)) throw notEmpty(folder);
  const beginnings: readonly string[] = [RUN_FILES.record, RUN_FILES.config, RUN_FILES.guide];
  if (!names.every((name) => beginnings.includes(writtenFile(name)))) throw notEmpty(folder);
}

/** The file that a temporary one was to become. */
const writtenFile = (name: string) => name.replace(/\.\d+\.tmp$/, "");

/** Removes what killed writes have left. Nobody else writes here: the folder is locked. */
function sweep(folder: string): void {
  const own = /^(guide-\w+\.safetensors|events\.out\.tfevents\..*)$/;
  const files: readonly string[] = Object.values(RUN_FILES);
  for (const name of readdirSync(folder)) {
    const becomes = writtenFile(name);
    if (becomes === name || !(files.includes(becomes) || own.test(becomes))) continue;
    writing(join(folder, name), () => rmSync(join(folder, name)));
  }
}

export function readPolicy(path: string): Policy {
  return decodePolicy(readInput(path, "policy"), path);
}

/** @throws SpikewingError naming the file when it is not a policy that can fly a jump start. */
export function readGuide(path: string): Policy {
  const policy = readPolicy(path);
  const { shape } = policy;
  if (shape.kind === "dense" && shape.history) return policy;
  const kind = shape.kind === "dense" ? "dense without action history" : shape.kind;
  throw new SpikewingError(path, `shape is ${kind}; expected a dense policy with action history (a guide)`);
}

export function writePolicy(folder: string, name: string, policy: Policy): void {
  writeWhole(join(folder, name), encodePolicy(policy));
}
