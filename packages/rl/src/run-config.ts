import { AIRFRAMES, BOUNDS, REWARDS, SENSOR_NOISES, STARTS } from "@spikewing/core";
import { z } from "zod";
import { SpikewingError } from "./spikewing-error.js";
import { DEFAULT_TASK } from "./task.js";
import { GUIDE_PRESETS, guideConfigSchema } from "./td3-guide-config.js";
import {
  ALGORITHMS,
  type AlgorithmName,
  type PresetName,
  TD3BC_JSRL_PRESETS,
  td3bcJsrlConfigSchema,
} from "./td3bc-jsrl-config.js";

const oneOf = <K extends string>(table: Readonly<Record<K, unknown>>) =>
  z.enum(Object.keys(table) as [K, ...K[]]);

export const taskSchema = z.strictObject({
  airframe: oneOf(AIRFRAMES),
  start: oneOf(STARTS),
  sensorNoise: oneOf(SENSOR_NOISES),
  bounds: oneOf(BOUNDS),
  reward: oneOf(REWARDS),
});

/** All that a training run is a function of. */
export const runConfigSchema = z.strictObject({
  preset: oneOf(TD3BC_JSRL_PRESETS),
  algorithm: oneOf(ALGORITHMS),
  seed: z.number().int().min(0).max(0xffffffff),
  task: taskSchema,
  guideLevel: z.enum(["novice", "intermediate", "expert"]),
  guide: guideConfigSchema,
  policy: td3bcJsrlConfigSchema,
});
export type RunConfig = z.infer<typeof runConfigSchema>;

export interface RunChoice {
  readonly preset: PresetName;
  readonly algorithm: AlgorithmName;
  readonly seed: number;
  /** Anything of RunConfig, nested alike; laid over the preset. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** The config of a preset and algorithm, with overrides checked; `place` is where they come from. */
export function resolveRunConfig(choice: RunChoice, place: string): RunConfig {
  const { preset, algorithm, seed, overrides = {} } = choice;
  const base = {
    preset,
    algorithm,
    seed,
    task: DEFAULT_TASK,
    guideLevel: "expert",
    guide: GUIDE_PRESETS[preset],
    policy: { ...TD3BC_JSRL_PRESETS[preset], ...ALGORITHMS[algorithm] },
  };
  refuseUnknownFields(base, overrides, place, []);
  return parseRunConfig(merge(base, overrides), place);
}

/** A field that no preset has is a slip of the pen, and would otherwise change nothing in silence. */
function refuseUnknownFields(known: Plain, given: Plain, place: string, path: readonly string[]): void {
  for (const [key, value] of Object.entries(given)) {
    const at = known[key];
    if (!(key in known)) {
      const field = [...path, key].join(".");
      throw new SpikewingError(
        place,
        `${field} is no field; expected one of ${Object.keys(known).join(", ")}`,
      );
    }
    if (isPlain(at) && isPlain(value) && !("kind" in at))
      refuseUnknownFields(at, value, place, [...path, key]);
  }
}

/** @throws SpikewingError naming the field, its value and what is accepted. */
export function parseRunConfig(value: unknown, place: string): RunConfig {
  const result = runConfigSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  const given = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const expected =
    issue?.message.replace(/^Invalid (input|option): /, "").replace(/^Too (small|big): /, "") ?? "";
  throw new SpikewingError(place, `${path.join(".") || "config"} is ${JSON.stringify(given)}; ${expected}`);
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `over` laid over `base`, object by object; a tagged union (with `kind`) is replaced as a whole. */
function merge(base: Plain, over: Plain): Plain {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    merged[key] = isPlain(old) && isPlain(value) && !("kind" in value) ? merge(old, value) : value;
  }
  return merged;
}
