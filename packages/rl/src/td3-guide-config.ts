import { EPISODE_STEPS } from "@spikewing/core";
import { z } from "zod";
import { adamSchema } from "./adam-config.js";
import { COLLECTION_RULES, withRules } from "./config-rules.js";
import { guideShapeSchema } from "./policy-file.js";

const count = (min: number, max: number) => z.number().int().min(min).max(max);

/** Hyperparameters of the guide: TD3 (Fujimoto et al. 2018) as learning-to-fly trains it, with privileged critics. */
const guideFields = z.strictObject({
  actor: guideShapeSchema,
  criticHidden: z.array(count(1, 1024)).min(1).max(3),
  criticActivation: z.enum(["tanh", "relu"]),
  /** Drones in the air at once, a multiple of 16. */
  environments: count(16, 4096).multipleOf(16),
  /** Control periods that each of them flies a round, and updates that follow. */
  stepsPerRound: count(1, 10_000),
  updatesPerRound: count(1, 100_000),
  rounds: count(1, 1_000_000),
  /** Transitions in the buffer before the first update. */
  firstUpdateAt: count(1, 10_000_000),
  /** Episodes in the replay buffer, a multiple of 4. */
  bufferEpisodes: count(4, 20_000).multipleOf(4),
  batchSize: count(4, 65_536).multipleOf(4),
  gamma: z.number().min(0).max(1),
  tau: z.number().min(1e-6).max(1),
  explorationStd: z.number().min(0).max(1),
  policyNoise: z.number().min(0).max(1),
  policyNoiseClip: z.number().min(0).max(2),
  /** Critic updates for one of the actor and the targets. */
  policyDelay: count(1, 100),
  actorAdam: adamSchema,
  criticAdam: adamSchema,
  /** Rounds between two evaluations, and their episodes (validation seeds). */
  evaluateEvery: count(1, 1_000_000),
  evaluationEpisodes: count(4, 4096).multipleOf(4),
});
export const guideConfigSchema = withRules(guideFields, [
  ...COLLECTION_RULES,
  {
    path: "firstUpdateAt",
    most: ({ environments, rounds, stepsPerRound }) =>
      environments * Math.max(rounds * stepsPerRound - EPISODE_STEPS + 1, 0),
    because: "that many transitions of ended episodes are flown in all rounds",
  },
  {
    path: "firstUpdateAt",
    most: ({ bufferEpisodes, environments }) => (bufferEpisodes - environments) * EPISODE_STEPS,
    because: "that many transitions of ended episodes are kept",
  },
]);
export type GuideConfig = z.infer<typeof guideConfigSchema>;

const adam = { learningRate: 1e-3, finalLearningRate: 0.1, weightDecay: 0, clipNorm: 0 } as const;

/** Ours: 64 drones at once, faster targets. */
const fast: GuideConfig = {
  actor: { kind: "dense", hidden: [64, 64], activation: "tanh", history: true },
  criticHidden: [64, 64],
  criticActivation: "tanh",
  environments: 64,
  stepsPerRound: 20,
  updatesPerRound: 20,
  rounds: 1500,
  firstUpdateAt: 5000,
  bufferEpisodes: 2000,
  batchSize: 256,
  gamma: 0.99,
  tau: 0.01,
  explorationStd: 0.1,
  policyNoise: 0.2,
  policyNoiseClip: 0.5,
  policyDelay: 2,
  actorAdam: adam,
  criticAdam: adam,
  evaluateEvery: 50,
  evaluationEpisodes: 200,
};

/**
 * learning-to-fly, src/config/config.h: 300,000 steps, a critic update every 10 and an actor update every 20. Its one
 * environment becomes our smallest batch of 16.
 */
const paper: GuideConfig = {
  ...fast,
  environments: 16,
  stepsPerRound: 10,
  updatesPerRound: 16,
  rounds: 1875,
  firstUpdateAt: 15_000,
  bufferEpisodes: 4000,
  tau: 0.005,
  actorAdam: { ...adam, finalLearningRate: 1, weightDecay: 1e-4 },
  criticAdam: { ...adam, finalLearningRate: 1, weightDecay: 1e-4 },
};

export const GUIDE_PRESETS = { fast, paper } as const satisfies Record<string, GuideConfig>;
