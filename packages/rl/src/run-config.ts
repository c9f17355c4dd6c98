import { AIRFRAMES, BOUNDS, REWARDS, SENSOR_NOISES, STARTS } from "@spikewing/core";
import { z } from "zod";
import { EVALUATION_SEEDS } from "./evaluate.js";
import { cutShort, shown } from "./shown.js";
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

const SEED_MAX = 0xffffffff;
const evaluationSeeds: readonly number[] = Object.values(EVALUATION_SEEDS);

/** All that a training run is a function of. */
export const runConfigSchema = z.strictObject({
  preset: oneOf(TD3BC_JSRL_PRESETS),
  algorithm: oneOf(ALGORITHMS),
  /** Not one that evaluations draw from: it would train on the starts that are kept for scoring. */
  seed: z
    .number()
    .int()
    .min(0)
    .max(SEED_MAX)
    .refine(
      (seed) => !evaluationSeeds.includes(seed),
      `expected none of ${evaluationSeeds.join(", ")}, which score`,
    ),
  task: taskSchema,
  guideLevel: z.enum(["novice", "intermediate", "expert"]),
  guide: guideConfigSchema,
  policy: td3bcJsrlConfigSchema,
});
export type RunConfig = z.infer<typeof runConfigSchema>;

export interface RunChoice {
  readonly preset?: PresetName;
  readonly algorithm?: AlgorithmName;
  readonly seed?: number;
  /** Anything of RunConfig, nested alike; laid over the preset, and under the three above. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

const CHOSEN_BY_DEFAULT = { preset: "fast", algorithm: "td3bc-jsrl", seed: 0 } as const;

/** The config of a preset and algorithm, with overrides checked; `place` is where they come from. */
export function resolveRunConfig(choice: RunChoice, place: string): RunConfig {
  const { overrides = {}, ...chosen } = choice;
  const given = { ...overrides, ...chosen };
  const names = { ...CHOSEN_BY_DEFAULT, ...given };
  const { preset, algorithm } = parse(
    runConfigSchema.pick({ preset: true, algorithm: true }).strip(),
    names,
    place,
  );
  const base = {
    ...CHOSEN_BY_DEFAULT,
    task: DEFAULT_TASK,
    guideLevel: "expert",
    guide: GUIDE_PRESETS[preset],
    policy: { ...TD3BC_JSRL_PRESETS[preset], ...ALGORITHMS[algorithm] },
  };
  refuseUnknownFields(base, given, place, []);
  return parseRunConfig(merge(base, given), place);
}

/** A field that no preset has is a slip of the pen, and would otherwise change nothing in silence. */
function refuseUnknownFields(known: Plain, given: Plain, place: string, path: readonly string[]): void {
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(known, key)) {
      const field = [...path, cutShort(key)].join(".");
      throw new SpikewingError(
        place,
        `${field} is no field; expected one of ${Object.keys(known).join(", ")}`,
      );
    }
    const at = known[key];
    if (isPlain(at) && isPlain(value) && !Object.hasOwn(at, "kind"))
      refuseUnknownFields(at, value, place, [...path, key]);
  }
}

/** @throws SpikewingError naming the field, its value and what is accepted. */
export function parseRunConfig(value: unknown, place: string): RunConfig {
  return parse(runConfigSchema, value, place);
}

function parse<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  const given = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const expected =
    issue?.message.replace(/^Invalid (input|option): /, "").replace(/^Too (small|big): /, "") ?? "";
  const field = cutShort(path.join(".")) || "config";
  throw new SpikewingError(place, `${field} is ${shown(given)}; ${cutShort(expected, 400)}`);
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
