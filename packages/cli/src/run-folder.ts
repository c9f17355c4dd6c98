import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type Checkpoint,
  decodeCheckpoint,
  decodePolicy,
  encodePolicy,
  type Policy,
  parseRunConfig,
  type RunConfig,
  SpikewingError,
} from "@spikewing/rl";
import { readInput, readJsonObject, toJson, writeWhole, writing } from "./whole-file.js";

/** What a run leaves behind, besides metrics.jsonl and the TensorBoard events. */
export const RUN_FILES = {
  config: "config.json",
  checkpoint: "checkpoint.safetensors",
  guide: "guide.safetensors",
  policy: "policy.safetensors",
  evaluation: "evaluation.json",
  curves: "curves.svg",
  flight: "flight.svg",
} as const;
export type RunFile = (typeof RUN_FILES)[keyof typeof RUN_FILES];

/** Makes the folder of a new run. @throws SpikewingError when something lies there already. */
export function createRunFolder(folder: string, config: RunConfig): void {
  const isFolder = writing(folder, () => {
    mkdirSync(folder, { recursive: true });
    return readdirSync(folder);
  });
  if (isFolder.length > 0) {
    throw new SpikewingError(
      folder,
      "is not empty; expected a new or empty folder",
      `to go on with a run: --resume ${folder}`,
    );
  }
  writeWhole(join(folder, RUN_FILES.config), toJson(config));
}

/** A run as its folder has it. */
export interface StoredRun {
  readonly config: RunConfig;
  /** Undefined before the first one was due. */
  readonly checkpoint: Checkpoint | undefined;
}

/** @throws SpikewingError naming the file that is missing or damaged. */
export function readRun(folder: string): StoredRun {
  const checkpointPath = join(folder, RUN_FILES.checkpoint);
  if (existsSync(checkpointPath)) {
    const checkpoint = decodeCheckpoint(readInput(checkpointPath), checkpointPath);
    return { config: parseRunConfig(checkpoint.config, checkpointPath), checkpoint };
  }
  const configPath = join(folder, RUN_FILES.config);
  return { config: parseRunConfig(readJsonObject(configPath), configPath), checkpoint: undefined };
}

export function readPolicy(path: string): Policy {
  return decodePolicy(readInput(path), path);
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
