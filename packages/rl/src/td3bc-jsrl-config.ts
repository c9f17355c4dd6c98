import { EPISODE_STEPS } from "@spikewing/core";
import { z } from "zod";
import { adamSchema, zeroOr } from "./adam-config.js";
import { COLLECTION_RULES, type Collection, type Rule, withRules } from "./config-rules.js";
import { jumpStartSchema } from "./jump-start.js";
import { actorShapeSchema } from "./policy-file.js";
import { rewardCurriculumSchema } from "./reward-curriculum.js";
import { slopeScheduleSchema } from "./surrogate-slope.js";

const count = (min: number, max: number) => z.number().int().min(min).max(max);

/** Hyperparameters of TD3BC with a jump start: the one declaration that files, flags and checkpoints share. */
export const td3bcJsrlFields = z.strictObject({
  actor: actorShapeSchema,
  criticHidden: z.array(count(1, 1024)).min(1).max(3),
  criticActivation: z.enum(["tanh", "relu"]),
  /** What the critics see: the simulator's state, or what the guide sees (the paper). */
  criticInput: z.enum(["privileged", "history"]),
  /** Critics start as the guide's, which know the task already, or from scratch (the paper). */
  criticStart: z.enum(["guide", "scratch"]),

  /**
   * Drones in the air at once, a multiple of 16; control periods each flies a round (0: none behind the first steps, whose
   * flights are a fixed data set); updates that follow.
   */
  environments: count(16, 4096).multipleOf(16),
  stepsPerRound: count(0, 10_000),
  updatesPerRound: count(1, 100_000),
  rounds: count(1, 100_000),
  /** Control periods flown before the first round. */
  firstSteps: count(1, 100_000),
  /** Episodes in the replay buffer, a multiple of 4. */
  bufferEpisodes: count(4, 20_000).multipleOf(4),
  explorationStd: z.number().min(0).max(1),
  /** Noisy actions are clipped to +- this (the paper's pseudocode: 2; the simulator clamps at 1). */
  actionLimit: z.number().min(1).max(2),
  jumpStart: jumpStartSchema,

  /** Sequences in a batch, a multiple of 4; steps of a sequence; steps between the starts of two. */
  batchSize: count(4, 4096).multipleOf(4),
  sequenceLength: count(1, 500),
  stride: count(1, 500),
  /** Part of every batch that begins with its episode; the rest is drawn from all sequences alike. */
  startFraction: z.number().min(0).max(1),
  /** First steps of a sequence that only fill the membranes: no loss for the actor, none for the critics. */
  warmupSteps: count(0, 499),
  criticWarmupSteps: count(0, 499),
  /** Where a sequence begins with its episode the membranes are known to be zero: every step counts. */
  episodeStartCounts: z.boolean(),
  /** Of the steps that count for the critics, one in this many does. */
  criticStride: count(1, 100),

  gamma: z.number().min(0).max(1),
  tau: z.number().min(1e-6).max(1),
  policyNoise: z.number().min(0).max(1),
  policyNoiseClip: z.number().min(0).max(2),
  /** Critic updates for one of the actor and the targets. */
  policyDelay: count(1, 100),
  /** Weight of Q in the actor's loss, over mean|Q|; 0: no critics at all. */
  alpha: zeroOr(1e-6, 1e4),
  /** Weight of the squared distance to the action flown, and its factor after each round. */
  bcWeight: zeroOr(1e-6, 1e4),
  bcDecay: z.number().gt(0).max(1),
  surrogateSlope: slopeScheduleSchema,
  actorAdam: adamSchema,
  criticAdam: adamSchema,
  /** How the actor's gradient is had: back through time (absent too), or forwards, from traces (core, network/eprop.ts). */
  credit: z.enum(["bptt", "eprop"]).optional(),
  /** How the weights of the reward rise; absent: they do not. */
  rewardCurriculum: rewardCurriculumSchema.optional(),

  /** Rounds between two evaluations, and their episodes (validation seeds). */
  evaluateEvery: count(1, 100_000),
  evaluationEpisodes: count(4, 4096).multipleOf(4),
});
type Fields = z.output<typeof td3bcJsrlFields>;

/** What holds wherever sequences of flights that were collected are learned from. */
export const SEQUENCE_RULES: readonly Rule<
  Collection & Pick<Fields, "firstSteps" | "warmupSteps" | "sequenceLength">
>[] = [
  ...COLLECTION_RULES,
  {
    path: "firstSteps",
    least: ({ stepsPerRound }) => EPISODE_STEPS - stepsPerRound,
    because: "with stepsPerRound: learning begins when the first episodes have ended",
  },
  {
    path: "warmupSteps",
    most: ({ sequenceLength }) => sequenceLength - 1,
    because: "a sequence must hold a step that counts",
  },
];

export const TD3BC_JSRL_RULES: readonly Rule<Omit<Fields, "actor" | "criticStart">>[] = [
  ...SEQUENCE_RULES,
  {
    path: "criticWarmupSteps",
    most: ({ sequenceLength }) => sequenceLength - 1,
    because: "a sequence must hold a step that counts",
  },
  {
    path: "criticStride",
    most: ({ sequenceLength, criticWarmupSteps }) => sequenceLength - criticWarmupSteps,
    because: "one of the steps behind criticWarmupSteps must count",
  },
  {
    path: "bcWeight",
    least: ({ alpha }) => (alpha > 0 ? 0 : 1e-6),
    because: "with alpha 0 nothing else moves the actor",
  },
];
/** Traces are kept of plain layers alone. */
export const hasTracesFor = ({ actor, credit }: Pick<Fields, "actor" | "credit">): boolean =>
  credit !== "eprop" ||
  (actor.kind === "spiking" &&
    (actor.readOut ?? "none") === "none" &&
    actor.hidden.every(
      (layer) => typeof layer === "number" || ((layer.neuron ?? "lif") === "lif" && !layer.recurrent),
    ));
export const CREDIT_ISSUE = {
  path: ["credit"],
  error: `expected "bptt" (e-prop has traces of spiking layers of LIF that do not hear themselves, and a read-out without memory)`,
};
export const td3bcJsrlConfigSchema = withRules(td3bcJsrlFields, TD3BC_JSRL_RULES).refine(
  hasTracesFor,
  CREDIT_ISSUE,
);
export type Td3bcJsrlConfig = z.infer<typeof td3bcJsrlConfigSchema>;
