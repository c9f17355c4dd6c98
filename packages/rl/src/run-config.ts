import { z } from "zod";
import { taskAirframeSchema } from "./airframe.js";
import { ALGORITHMS } from "./algorithms.js";
import { APG_GUIDE, APG_PRESETS, apgConfigSchema, apgGuideConfigSchema } from "./apg-config.js";
import { DISTIL_PRESETS, distilConfigSchema } from "./distil-config.js";
import { EVALUATION_SEEDS } from "./evaluate.js";
import { LOG_COLUMNS, logColumnsSchema } from "./flight-log/log-columns.js";
import { GUIDE_LEVELS } from "./guide-levels.js";
import { isBeside, rewardsBeside } from "./reward-curriculum.js";
import { cutShort, shown } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";
import { STAGED_PRESETS, stagedConfigSchema, stagedRounds } from "./staged-config.js";
import { DEFAULT_TASK } from "./task.js";
import { taskPartSchemas } from "./task-part-schemas.js";
import { partName } from "./task-parts.js";
import { GUIDE_PRESETS, guideConfigSchema } from "./td3-guide-config.js";
import { type Td3bcJsrlConfig, td3bcJsrlConfigSchema } from "./td3bc-jsrl-config.js";
import {
  GUIDED_ALGORITHMS,
  OFFLINE_ALGORITHMS,
  PAPER_METHODS,
  TD3BC_JSRL_PRESETS,
} from "./td3bc-jsrl-presets.js";
import { variationSchema } from "./variation.js";

const oneOf = <K extends string>(table: Readonly<Record<K, unknown>>) =>
  z.enum(Object.keys(table) as [K, ...K[]]);

/** Up to one control period, s. */
const delay = z.number().min(0).max(0.01);

/** What is flown. */
export const taskSchema = z.strictObject({
  airframe: taskAirframeSchema,
  ...taskPartSchemas,
  /** Policies of before there was a delay were trained with none. */
  delayS: z
    .tuple([delay, delay])
    .refine(([min, max]) => min <= max, "expected the smaller first")
    .default([0, 0]),
  variation: variationSchema.optional(),
});

const SEED_MAX = 0xffffffff;
const evaluationSeeds: readonly number[] = Object.values(EVALUATION_SEEDS);

/** Not one that evaluations draw from: it would train on the starts that are kept for scoring. */
const seed = z
  .number()
  .int()
  .min(0)
  .max(SEED_MAX)
  .refine(
    (value) => !evaluationSeeds.includes(value),
    `expected none of ${evaluationSeeds.join(", ")}, which score`,
  );

/** Whose flights a policy learns from: a guide that trains with critics of its own (td3-guide.ts), as the paper's. */
const td3Guide = {
  guideAlgorithm: z.literal("td3"),
  guideLevel: oneOf(GUIDE_LEVELS),
  guide: guideConfigSchema,
};

/** Or one that learns through the simulator, in a tenth of the time and to a higher return (apg-guide.ts). */
const apgGuide = {
  guideAlgorithm: z.literal("apg"),
  guideLevel: oneOf(GUIDE_LEVELS),
  guide: apgGuideConfigSchema,
};

/** A run whose policy learns from a guide's flights, and from its own beside critics. */
const guided = {
  preset: oneOf(TD3BC_JSRL_PRESETS),
  algorithm: oneOf(GUIDED_ALGORITHMS),
  seed,
  task: taskSchema,
  policy: td3bcJsrlConfigSchema,
};
interface RewardedRun {
  readonly task: z.infer<typeof taskSchema>;
  readonly policy: Td3bcJsrlConfig;
}
/** The curriculum leads to a reward of the task's own family. */
const leadsToItsOwn = ({ task, policy: { rewardCurriculum } }: RewardedRun) =>
  rewardCurriculum?.kind !== "linear" || isBeside(task.reward, rewardCurriculum.to);
const curriculumIssue = {
  path: ["policy", "rewardCurriculum", "to"],
  error: ({ input }: { readonly input?: unknown }) => {
    const { reward } = (input as RewardedRun).task;
    return `expected one of ${rewardsBeside(reward).join(", ")} (beside task.reward ${partName(reward)})`;
  },
};
/** A run with critics whose guide learns by TD3. */
export const td3GuidedRunSchema = z
  .strictObject({ ...guided, ...td3Guide })
  .refine(leadsToItsOwn, curriculumIssue);
/** A run with critics whose guide learns through the simulator. */
export const apgGuidedRunSchema = z
  .strictObject({ ...guided, ...apgGuide })
  .refine(leadsToItsOwn, curriculumIssue);
export const guidedRunSchema = z.discriminatedUnion("guideAlgorithm", [
  td3GuidedRunSchema,
  apgGuidedRunSchema,
]);
export type GuidedRunConfig = z.infer<typeof guidedRunSchema>;

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A run whose policy learns from flights that were logged, and flies none of its own in training. */
export const loggedRunSchema = z
  .strictObject({
    ...guided,
    algorithm: oneOf(OFFLINE_ALGORITHMS),
    guideAlgorithm: z.literal("none"),
    logs: z.strictObject({
      /** The digest is filled in where a run begins, and holds from then on. */
      files: z
        .array(z.strictObject({ file: z.string().min(1).max(4096), sha256: digest.optional() }))
        .min(1)
        .max(10_000),
      /** Which columns hold what; by default the known names that are there. */
      columns: z.union([oneOf(LOG_COLUMNS), logColumnsSchema]).optional(),
    }),
  })
  .refine(leadsToItsOwn, curriculumIssue);
export type LoggedRunConfig = z.infer<typeof loggedRunSchema>;

/** A run whose policy learns through the simulator, from nothing. */
export const apgRunSchema = z.strictObject({
  preset: oneOf(APG_PRESETS),
  algorithm: z.literal("apg"),
  seed,
  task: taskSchema,
  policy: apgConfigSchema,
});
export type ApgRunConfig = z.infer<typeof apgRunSchema>;

const learnedFromGuide = { preset: oneOf(STAGED_PRESETS), seed, task: taskSchema, ...apgGuide };

/** A run in stages: guide by the simulator, what it can do, and the simulator's gradient beyond it. */
export const stagedRunSchema = z.strictObject({
  ...learnedFromGuide,
  algorithm: z.literal("staged"),
  policy: stagedConfigSchema,
});
export type StagedRunConfig = z.infer<typeof stagedRunSchema>;

/** A run whose policy learns to do what a teacher by the simulator would do in its place. */
export const distilRunSchema = z.strictObject({
  ...learnedFromGuide,
  algorithm: z.literal("distil"),
  policy: distilConfigSchema,
});
export type DistilRunConfig = z.infer<typeof distilRunSchema>;

/** A run that has a guide. */
export type RunWithGuide = GuidedRunConfig | StagedRunConfig | DistilRunConfig;
/** Whether a run has a guide, trained or given. */
export const hasGuide = (config: RunConfig): config is RunWithGuide => "guide" in config;
/** Whether a run learns from logs of flights. */
export const hasLogs = (config: RunConfig): config is LoggedRunConfig => "logs" in config;

/** Rounds of the policy's training. */
export const policyRounds = (config: RunConfig): number =>
  config.algorithm === "staged" ? stagedRounds(config.policy) : config.policy.rounds;

/** All that a training run is a function of. */
export const runConfigSchema = z.discriminatedUnion("algorithm", [
  apgRunSchema,
  stagedRunSchema,
  distilRunSchema,
  z.discriminatedUnion("guideAlgorithm", [td3GuidedRunSchema, apgGuidedRunSchema, loggedRunSchema]),
]);
export type RunConfig = z.infer<typeof runConfigSchema>;

export type AlgorithmName = RunConfig["algorithm"];
/** Configurations by name. */
export const PRESETS = { ...TD3BC_JSRL_PRESETS, ...APG_PRESETS } as const;
export type PresetName = RunConfig["preset"];

export interface RunChoice {
  readonly preset?: PresetName;
  readonly algorithm?: AlgorithmName;
  readonly seed?: number;
  /** Anything of RunConfig, nested alike; laid over the preset, and under the three above. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

const CHOSEN_BY_DEFAULT = { preset: "fast", seed: 0 } as const;
/** What each preset stands for where no algorithm is named. */
const USUAL_ALGORITHM: Readonly<Record<PresetName, AlgorithmName>> = {
  fast: "apg",
  "no-delay": "apg",
  robust: "apg",
  "real-crazyflie": "apg",
  "all-around": "apg",
  paper: "td3bc-jsrl",
};

const guideNameSchema = z.object({ guideAlgorithm: z.enum(["td3", "apg", "none"]) });
const namesSchema = z.object({
  preset: oneOf(PRESETS),
  algorithm: oneOf(ALGORITHMS satisfies Record<AlgorithmName, object>),
});

type Choosing<Config extends RunConfig> = RunChoice & { readonly algorithm: Config["algorithm"] };

/** The config of a preset and algorithm, with overrides checked; `place` is where they come from. */
export function resolveRunConfig(choice: Choosing<ApgRunConfig>, place: string): ApgRunConfig;
export function resolveRunConfig(choice: Choosing<GuidedRunConfig>, place: string): GuidedRunConfig;
export function resolveRunConfig(choice: RunChoice, place: string): RunConfig;
export function resolveRunConfig(choice: RunChoice, place: string): RunConfig {
  const { overrides = {}, ...chosen } = choice;
  const given = { ...overrides, ...chosen };
  const { preset: wanted } = parseAs(
    namesSchema.pick({ preset: true }),
    { ...CHOSEN_BY_DEFAULT, ...given },
    place,
  );
  const chosenByDefault = { ...CHOSEN_BY_DEFAULT, algorithm: USUAL_ALGORITHM[wanted] };
  const { preset, algorithm } = parseAs(namesSchema, { ...chosenByDefault, ...given }, place);
  const base = { ...chosenByDefault, ...presetOf(preset, algorithm, given, place) };
  const known = {
    ...base,
    task: { ...DEFAULT_TASK, variation: undefined },
    policy: { rewardCurriculum: undefined, credit: undefined, ...(base as { policy?: Plain }).policy },
  };
  refuseUnknownFields(known, given, place, []);
  return parseRunConfig(merge(base, given), place);
}

/** What a preset says of a run with an algorithm. */
function presetOf(preset: PresetName, algorithm: AlgorithmName, given: Plain, place: string): Plain {
  if (algorithm === "apg") {
    if (!isIn(APG_PRESETS, preset)) throw unknownPreset(preset, algorithm, APG_PRESETS, place);
    return APG_PRESETS[preset];
  }
  if (algorithm === "staged" || algorithm === "distil") {
    const table = { staged: STAGED_PRESETS, distil: DISTIL_PRESETS }[algorithm];
    if (!isIn(table, preset)) throw unknownPreset(preset, algorithm, table, place);
    const { task } = APG_PRESETS[preset];
    return { task, guideAlgorithm: "apg", guideLevel: "expert", guide: APG_GUIDE, policy: table[preset] };
  }
  if (!isIn(TD3BC_JSRL_PRESETS, preset)) throw unknownPreset(preset, algorithm, TD3BC_JSRL_PRESETS, place);
  const usual = given.logs === undefined ? "td3" : "none";
  const { guideAlgorithm } = parseAs(guideNameSchema, { guideAlgorithm: usual, ...given }, place);
  const policy =
    preset === "paper"
      ? PAPER_METHODS[algorithm]
      : { ...TD3BC_JSRL_PRESETS[preset], ...GUIDED_ALGORITHMS[algorithm] };
  if (guideAlgorithm === "none") {
    const { logs } = given;
    return { task: DEFAULT_TASK, guideAlgorithm, logs, policy: { ...policy, criticStart: "scratch" } };
  }
  const shared = { task: DEFAULT_TASK, guideAlgorithm, guideLevel: "expert" };
  if (guideAlgorithm === "td3") return { ...shared, guide: GUIDE_PRESETS[preset], policy };
  return { ...shared, guide: APG_GUIDE, policy: { ...policy, criticStart: "scratch" } }; // it has no critics
}

const isIn = <K extends string>(table: Readonly<Record<K, unknown>>, name: string): name is K =>
  Object.hasOwn(table, name);

function unknownPreset(preset: string, algorithm: string, table: object, place: string): SpikewingError {
  const names = Object.keys(table).join(", ");
  return new SpikewingError(place, `preset is ${shown(preset)}; with ${algorithm} expected ${names}`);
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
  return parseAs(runConfigSchema, value, place);
}

/** @throws SpikewingError naming the field, its value and what is accepted. */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues.map(innermost);
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

/** Of a union the alternative that went furthest; else the issue itself. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const [first, ...others] = issue.errors.flatMap(([inner]) => (inner ? [inner] : []));
  if (first === undefined) return issue;
  const furthest = others.reduce(
    (best, other) => (other.path.length > best.path.length ? other : best),
    first,
  );
  const { path, ...inner } = innermost(furthest);
  return { ...inner, path: [...issue.path, ...path] } as z.core.$ZodIssue;
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
