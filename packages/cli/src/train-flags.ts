import { resolve } from "node:path";
import { createCore, createMemory } from "@spikewing/core";
import { compileCore } from "@spikewing/core/node";
import {
  type AlgorithmName,
  admitRun,
  type GuideLevel,
  type Policy,
  type PresetName,
  type RunConfig,
  resolveRunConfig,
  SpikewingError,
  type Task,
} from "@spikewing/rl";
import type { Experience } from "@spikewing/rl/identification";
import { readJsonObject } from "./input-file.js";
import { columnsOf } from "./log-files.js";

/** Flags of `train` and `guide`; what is left out is the preset's, or the config file's. */
export interface TrainFlags {
  readonly preset?: PresetName;
  readonly algorithm?: AlgorithmName;
  readonly seed?: number;
  readonly airframe?: Task["airframe"];
  readonly guideLevel?: GuideLevel;
  readonly guide?: string;
  readonly logs?: readonly string[];
  readonly columns?: string;
  readonly config?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly workers?: number;
  readonly checkpointEvery?: number;
  readonly json?: boolean;
}

/** Flags over the config file over the preset. */
export function resolveConfig({
  preset,
  algorithm,
  seed,
  airframe,
  guideLevel,
  logs,
  columns,
  config,
}: TrainFlags): RunConfig {
  if (columns !== undefined && logs === undefined)
    throw new SpikewingError("--columns", "is given without logs; expected --logs too");
  const { $schema, ...file } = config === undefined ? {} : readJsonObject(config);
  const { task } = file;
  const isGiven = <K extends string, V>(key: K, value: V | undefined) =>
    (value === undefined ? {} : { [key]: value }) as { [key in K]?: V };
  const overrides = {
    ...file,
    ...isGiven("guideLevel", guideLevel),
    ...isGiven(
      "logs",
      logs && { files: logs.map((log) => ({ file: resolve(log) })), columns: columnsOf(columns) },
    ),
    ...(airframe === undefined || (task !== undefined && !isObject(task))
      ? {}
      : { task: { ...task, airframe } }),
  };
  const chosen = {
    ...isGiven("preset", preset),
    ...isGiven("algorithm", algorithm),
    ...isGiven("seed", seed),
  };
  return resolveRunConfig({ ...chosen, overrides }, config ?? "configuration");
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws SpikewingError where a run could not be flown to its end. */
export function admit(
  config: RunConfig,
  guide: Policy | undefined,
  place: string,
  logs: readonly Experience[] = [],
): void {
  const module = compileCore("simd");
  const memory = createMemory("simd");
  admitRun(config, guide, () => createCore(module, memory), place, logs);
}
