import { z } from "zod";
import { withRules } from "./config-rules.js";
import { CREDIT_ISSUE, hasTracesFor, SEQUENCE_RULES, td3bcJsrlFields } from "./td3bc-jsrl-config.js";
import { TD3BC_JSRL_PRESETS } from "./td3bc-jsrl-presets.js";

/** Collecting flights and learning from sequences of them goes as in td3bc-jsrl-config.ts. */
const distilFields = td3bcJsrlFields
  .pick({
    actor: true,
    environments: true,
    updatesPerRound: true,
    rounds: true,
    firstSteps: true,
    bufferEpisodes: true,
    explorationStd: true,
    batchSize: true,
    sequenceLength: true,
    stride: true,
    startFraction: true,
    warmupSteps: true,
    episodeStartCounts: true,
    surrogateSlope: true,
    actorAdam: true,
    credit: true,
    evaluateEvery: true,
    evaluationEpisodes: true,
  })
  .extend({
    stepsPerRound: z.number().int().min(1).max(10_000),
    /** First rounds in which the teacher flies; behind them the student does. */
    teacherRounds: z.number().int().min(0).max(100_000),
    /** The student learns to hold zero where the teacher holds its own steady offset (RAPTOR). */
    correctsOffset: z.boolean(),
  });

/** Hyperparameters of distillation, but for who learns; the student is named beside them in staged-config.ts. */
export const distilStageSchema = withRules(distilFields.omit({ actor: true, credit: true }), SEQUENCE_RULES);
export const distilConfigSchema = withRules(distilFields, SEQUENCE_RULES).refine(hasTracesFor, CREDIT_ISSUE);
export type DistilConfig = z.infer<typeof distilConfigSchema>;

const { fast } = TD3BC_JSRL_PRESETS;

/** What was measured is logged in the package's README. */
const policy: DistilConfig = {
  actor: fast.actor,
  environments: fast.environments,
  stepsPerRound: fast.stepsPerRound,
  updatesPerRound: fast.updatesPerRound,
  rounds: 60,
  firstSteps: fast.firstSteps,
  bufferEpisodes: fast.bufferEpisodes,
  explorationStd: fast.explorationStd,
  batchSize: fast.batchSize,
  sequenceLength: fast.sequenceLength,
  stride: fast.stride,
  startFraction: fast.startFraction,
  warmupSteps: fast.warmupSteps,
  episodeStartCounts: fast.episodeStartCounts,
  surrogateSlope: { kind: "fixed", slope: 5 },
  actorAdam: { ...fast.actorAdam, learningRate: 2e-3, clipNorm: 1 },
  evaluateEvery: 5,
  evaluationEpisodes: fast.evaluationEpisodes,
  teacherRounds: 10,
  correctsOffset: true,
};

export const DISTIL_PRESETS = { fast: policy } as const satisfies Record<string, DistilConfig>;
