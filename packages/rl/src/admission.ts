/**
 * Whether a run can be flown at all, before its first step: whether its parts fit each other, and the core's memory. Both
 * phases are laid out by the very code that trains, on a core that is then thrown away, so nothing here knows a size.
 */
import {
  CORE_MEMORY_BYTES,
  type Core,
  type CoreExports,
  CoreMemoryError,
  createInlinePool,
} from "@spikewing/core";
import { z } from "zod";
import { type Experience, requireLearnable } from "./logged-experience.js";
import type { Policy } from "./policy-file.js";
import { asGuide, layGuide, layPolicy } from "./run.js";
import {
  type GuidedRunConfig,
  hasGuide,
  hasLogs,
  type LoggedRunConfig,
  type RunConfig,
  type RunWithGuide,
} from "./run-config.js";
import { shown } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";
import type { Guide } from "./td3bc-jsrl.js";

/** Makes an empty core. Its memory may be that of an earlier one: it is laid out, never flown on. */
export type CoreFactory = () => Core;

/**
 * Throws what would end the run later on.
 *
 * @param guide where one was given; else the run trains its own
 * @param logs of config.logs; other configs have none
 * @param place where the config comes from
 * @throws SpikewingError naming field, value and what is accepted
 */
export function admitRun(
  config: RunConfig,
  guide: Policy | undefined,
  createCore: CoreFactory,
  place: string,
  logs: readonly Experience[] = [],
): void {
  if (!hasGuide(config)) {
    if (guide)
      throw new SpikewingError(
        place,
        `a guide is given; with algorithm ${config.algorithm} expected none`,
        "or algorithm td3bc-jsrl",
      );
    if (hasLogs(config)) {
      requireOwnCritics(config, place);
      requireLearnable(config.policy, logs);
    }
    requireMemory("policy", config, (sized) => layOutPolicy(sized, undefined, createCore), place);
    if (hasLogs(config)) requireFittingLogs(config, logs, createCore, place);
    return;
  }
  if ("criticStart" in config.policy) requireFittingCritics(config as GuidedRunConfig, guide, place);
  if (!guide) requireMemory("guide", config, (sized) => layOutGuide(sized, createCore), place);
  const flown = guide ? asGuide(guide) : layOutGuide(config, createCore);
  requireMemory("policy", config, (sized) => layOutPolicy(sized, flown, createCore), place);
}

/** The critics of a guide, as far as its record tells. */
const guideCriticsSchema = z.object({
  criticHidden: z.array(z.number()),
  criticActivation: z.enum(["tanh", "relu"]),
});

/** Where the policy's critics start as the guide's they must be the same networks. */
function requireFittingCritics(config: GuidedRunConfig, guide: Policy | undefined, place: string): void {
  const { policy } = config;
  if (policy.criticStart !== "guide") return;
  const refuse = (field: string, value: unknown, expected: string): never => {
    const remedy = 'or policy.criticStart "scratch"';
    throw new SpikewingError(place, `${field} is ${shown(value)}; expected ${expected}`, remedy);
  };
  if (guide ? !guide.critics : config.guideAlgorithm === "apg") {
    if (policy.alpha === 0) return;
    refuse("policy.criticStart", "guide", "a guide that was trained with critics");
  }
  if (policy.criticInput !== "privileged")
    refuse("policy.criticInput", policy.criticInput, "privileged, as the guide's critics");
  const { success, data } = guideCriticsSchema.safeParse(guide ? guide.record.config : config.guide);
  if (!success) return; // of another make: their size will tell
  const { criticHidden, criticActivation } = data;
  if (String(policy.criticHidden) !== String(criticHidden))
    refuse("policy.criticHidden", policy.criticHidden, `[${criticHidden}], as the guide's critics`);
  if (policy.criticActivation !== criticActivation)
    refuse("policy.criticActivation", policy.criticActivation, `${criticActivation}, as the guide's critics`);
}

/** Logs have no critics to start from. */
function requireOwnCritics({ policy }: LoggedRunConfig, place: string): void {
  if (policy.criticStart === "scratch") return;
  throw new SpikewingError(place, `policy.criticStart is ${policy.criticStart}; with logs expected scratch`);
}

/** What stores the logs says what of them does not fit, and knows no file of the config. */
function requireFittingLogs(
  config: LoggedRunConfig,
  logs: readonly Experience[],
  createCore: CoreFactory,
  place: string,
): void {
  try {
    layOutPolicy(config, undefined, createCore, logs);
  } catch (error) {
    if (!(error instanceof SpikewingError) || error.place !== "configuration") throw error;
    throw new SpikewingError(place, error.problem, error.remedy);
  }
}

/** Nothing is drawn or derived: a layout needs sizes and headers alone. */
const UNDRAWN = {
  actorInitialise() {},
  actorStartAt() {},
  criticsInitialise() {},
  criticsSync() {},
  actorSync: () => 0,
  actorSyncTarget() {},
} satisfies Partial<CoreExports>;

function undrawn(core: Core): Core {
  return Object.create(core, { kernels: { value: { ...core.kernels, ...UNDRAWN } } });
}

function layOutGuide(config: RunWithGuide, createCore: CoreFactory): Guide {
  const core = undrawn(createCore());
  const training = layGuide(core, createInlinePool(core.kernels), config, config.seed);
  const { hidden, activation } = config.guide.actor;
  return { hidden, activation, critics: undefined, ...training.snapshot("expert") };
}

function layOutPolicy(
  config: RunConfig,
  guide: Guide | undefined,
  createCore: CoreFactory,
  logs: readonly Experience[] = [],
): void {
  const core = undrawn(createCore());
  layPolicy(core, createInlinePool(core.kernels), config, guide, config.seed, logs);
}

/** Fields that a phase's memory grows with, the usual culprits first, and the least that each takes. */
const SIZES = {
  bufferEpisodes: 4,
  batchSize: 4,
  sequenceLength: 1,
  environments: 16,
  drones: 16,
  longestWindow: 2,
  longWindow: 2,
  shortWindow: 2,
  evaluationEpisodes: 4,
} as const;
type Size = keyof typeof SIZES;

type LayOut<Config> = (config: Config) => unknown;

function requireMemory<Config extends RunConfig>(
  phase: "guide" | "policy",
  config: Config,
  layOut: LayOut<Config>,
  place: string,
): void {
  const refused = tryLayOut(layOut, config);
  if (!refused) return;
  if (refused.acceptedBytes === undefined)
    throw new SpikewingError(
      place,
      `${phase} takes ${megabytes(refused.wantedBytes)} of memory; this machine gives less`,
    );
  const limit = `the ${phase}'s memory is ${megabytes(CORE_MEMORY_BYTES)}`;
  const sizes = sizesOf(phase, config);
  const culprit = sizes.find(({ path, unit }) => !tryLayOut(layOut, resized(config, path, unit)));
  if (!culprit) {
    const fields = sizes.map(({ path }) => path.slice(1).join(".")).join(", ");
    throw new SpikewingError(place, `${phase}: expected smaller ${fields} or layers`, limit);
  }
  const { path, value, unit } = culprit;
  let [fits, tooLarge] = [1, value / unit];
  while (tooLarge - fits > 1) {
    const middle = Math.floor((fits + tooLarge) / 2);
    if (tryLayOut(layOut, resized(config, path, middle * unit))) tooLarge = middle;
    else fits = middle;
  }
  throw new SpikewingError(place, `${path.join(".")} is ${value}; expected at most ${fits * unit}`, limit);
}

/** The sizes of a phase, of all the stages that it has. */
function sizesOf(phase: "guide" | "policy", config: RunConfig) {
  const stages =
    phase === "policy" && config.algorithm === "staged"
      ? [config.policy.second, "improvement"].map((stage) => [phase, stage])
      : [[phase]];
  return (Object.keys(SIZES) as Size[]).flatMap((field) =>
    stages.flatMap((stage) => {
      const path = [...stage, field];
      const value = path.reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>>)[key], config);
      return typeof value === "number" ? [{ path, value, unit: SIZES[field] }] : [];
    }),
  );
}

/** The config with another number at a path. */
function resized<Config>(config: Config, [key, ...inner]: readonly string[], value: number): Config {
  if (key === undefined) return value as Config;
  const part = (config as Readonly<Record<string, unknown>>)[key];
  return { ...config, [key]: resized(part, inner, value) };
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** What the core says against a layout. */
function tryLayOut<Config>(layOut: LayOut<Config>, config: Config): CoreMemoryError | undefined {
  try {
    layOut(config);
    return undefined;
  } catch (error) {
    if (error instanceof CoreMemoryError) return error;
    throw error;
  }
}
