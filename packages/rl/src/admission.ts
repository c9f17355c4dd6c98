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
import { createApgTraining } from "./apg.js";
import type { Policy } from "./policy-file.js";
import { asGuide, layGuide } from "./run.js";
import type { ApgRunConfig, GuidedRunConfig, RunConfig } from "./run-config.js";
import { shown } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";
import { createTd3bcJsrlTraining, type Guide } from "./td3bc-jsrl.js";

/** Makes an empty core. Its memory may be that of an earlier one: it is laid out, never flown on. */
export type CoreFactory = () => Core;

/**
 * Throws what would end the run later on.
 *
 * @param guide where one was given; else the run trains its own
 * @param place where the config comes from
 * @throws SpikewingError naming field, value and what is accepted
 */
export function admitRun(
  config: RunConfig,
  guide: Policy | undefined,
  createCore: CoreFactory,
  place: string,
): void {
  if (config.algorithm === "apg") {
    if (guide)
      throw new SpikewingError(
        place,
        "a guide is given; with algorithm apg expected none",
        "or algorithm td3bc-jsrl",
      );
    requireMemory("policy", config, (sized) => layOutApg(sized, createCore), place);
    return;
  }
  requireFittingCritics(config, guide, place);
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

function layOutGuide(config: GuidedRunConfig, createCore: CoreFactory): Guide {
  const core = undrawn(createCore());
  const training = layGuide(core, createInlinePool(core.kernels), config, config.seed);
  const { hidden, activation } = config.guide.actor;
  return { hidden, activation, critics: undefined, ...training.snapshot("expert") };
}

function layOutApg({ task, policy, seed }: ApgRunConfig, createCore: CoreFactory): void {
  const core = undrawn(createCore());
  createApgTraining(core, createInlinePool(core.kernels), task, policy, seed);
}

function layOutPolicy({ task, policy, seed }: GuidedRunConfig, guide: Guide, createCore: CoreFactory): void {
  const core = undrawn(createCore());
  createTd3bcJsrlTraining(core, createInlinePool(core.kernels), task, policy, guide, seed);
}

/** Fields that a phase's memory grows with, the usual culprits first, and the least that each takes. */
const SIZES = {
  bufferEpisodes: 4,
  batchSize: 4,
  sequenceLength: 2,
  environments: 16,
  drones: 16,
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
  const sizes = (config as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[phase]!;
  const limit = `the ${phase}'s memory is ${megabytes(CORE_MEMORY_BYTES)}`;
  const resized = (field: Size, value: number) =>
    ({ ...config, [phase]: { ...sizes, [field]: value } }) as Config;
  const fields = (Object.keys(SIZES) as Size[]).filter((field) => typeof sizes[field] === "number");
  const culprit = fields.find((field) => !tryLayOut(layOut, resized(field, SIZES[field])));
  if (!culprit)
    throw new SpikewingError(place, `${phase}: expected smaller ${fields.join(", ")} or layers`, limit);
  const unit = SIZES[culprit];
  let [fits, tooLarge] = [1, (sizes[culprit] as number) / unit];
  while (tooLarge - fits > 1) {
    const middle = Math.floor((fits + tooLarge) / 2);
    if (tryLayOut(layOut, resized(culprit, middle * unit))) tooLarge = middle;
    else fits = middle;
  }
  const field = `${phase}.${culprit}`;
  throw new SpikewingError(place, `${field} is ${sizes[culprit]}; expected at most ${fits * unit}`, limit);
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
