import type { Td3bcJsrlConfig } from "./td3bc-jsrl-config.js";

type StreamingActor = Extract<Td3bcJsrlConfig["actor"], { kind: "spiking" }>;

/** Ours: more return in less time. What was tried is logged in the package's README. */
const fast: Td3bcJsrlConfig & { readonly actor: StreamingActor } = {
  actor: {
    kind: "spiking",
    hidden: [256, 128],
    productBits: 25,
    weightBits: [12, 12],
    inputGain: [4, 1, 2, 0.5],
  },
  criticHidden: [64, 64],
  criticActivation: "tanh",
  criticInput: "privileged",
  criticStart: "guide",
  environments: 64,
  stepsPerRound: 250,
  updatesPerRound: 80,
  rounds: 150,
  firstSteps: 501,
  bufferEpisodes: 800,
  explorationStd: 0.05,
  actionLimit: 1,
  jumpStart: { kind: "linear", first: 450, last: 0, rounds: 10 },
  batchSize: 32,
  sequenceLength: 100,
  stride: 50,
  startFraction: 0.25,
  warmupSteps: 20,
  criticWarmupSteps: 20,
  episodeStartCounts: true,
  criticStride: 4,
  gamma: 0.99,
  tau: 0.01,
  policyNoise: 0.1,
  policyNoiseClip: 0.5,
  policyDelay: 1,
  alpha: 2,
  bcWeight: 2,
  bcDecay: 0.98,
  surrogateSlope: { kind: "fixed", slope: 10 },
  actorAdam: { learningRate: 1e-3, finalLearningRate: 0.1, weightDecay: 0, clipNorm: 0 },
  criticAdam: { learningRate: 1e-3, finalLearningRate: 0.1, weightDecay: 0, clipNorm: 0 },
  evaluateEvery: 10,
  evaluationEpisodes: 200,
};

const paperActor: StreamingActor = {
  kind: "spiking",
  hidden: [256, 128],
  productBits: 25,
  weightBits: [12, 12],
  inputGain: [1, 1, 1, 1],
};

/**
 * The paper's TD3BC+JSRL (supplement S3, pseudocode S5; where sources disagree, as docs/REFERENCE.md, section 11, says). Its batch
 * of 350 becomes 352, its 9 episodes a round become 16.
 */
const paper: Td3bcJsrlConfig = {
  ...fast,
  actor: paperActor,
  criticHidden: [256, 128],
  criticActivation: "relu",
  criticInput: "history",
  criticStart: "scratch",
  environments: 16,
  stepsPerRound: 500,
  updatesPerRound: 250,
  rounds: 38,
  bufferEpisodes: 4000,
  explorationStd: 0.1,
  actionLimit: 2,
  jumpStart: { kind: "linear", first: 450, last: 50, rounds: 16 },
  batchSize: 352,
  startFraction: 0,
  warmupSteps: 50,
  criticWarmupSteps: 0,
  episodeStartCounts: false,
  criticStride: 1,
  policyNoise: 0.2,
  bcWeight: 0.2,
  bcDecay: 0.99,
  rewardCurriculum: { kind: "linear", to: "paper-end", steps: 6 },
  surrogateSlope: { kind: "adaptive", first: 2, window: 10, rewardRange: 400 },
  actorAdam: { learningRate: 1e-3, finalLearningRate: 1, weightDecay: 0, clipNorm: 0 },
  criticAdam: { learningRate: 1e-3, finalLearningRate: 1, weightDecay: 0, clipNorm: 0 },
  evaluateEvery: 1,
};

/** Hyperparameters of TD3BC with a jump start by name. */
export const TD3BC_JSRL_PRESETS = { fast, paper } as const satisfies Record<string, Td3bcJsrlConfig>;

/** The guide flies every step: the data of the offline methods. */
const guideOnly = { kind: "linear", first: 500, last: 500, rounds: 1 } as const;

/**
 * The paper's methods are one loop with terms switched off: BC and TD3BC learn from flights of others alone, a guide's or
 * logged ones, TD3 from its own alone.
 */
export const OFFLINE_ALGORITHMS = {
  td3bc: { jumpStart: guideOnly, bcDecay: 1 },
  bc: { jumpStart: guideOnly, alpha: 0, bcWeight: 1, bcDecay: 1 },
} as const satisfies Record<string, Partial<Td3bcJsrlConfig>>;
/** What switches terms of that loop off, by the name of the method. */
export const GUIDED_ALGORITHMS = {
  "td3bc-jsrl": {},
  ...OFFLINE_ALGORITHMS,
  td3: { jumpStart: { kind: "none" }, bcWeight: 0, criticStart: "scratch" },
} as const satisfies Record<string, Partial<Td3bcJsrlConfig>>;

/** A data set of a million steps: what the guide flew before the first round, and nothing behind it. */
const FIXED_DATA = { firstSteps: 62_500, stepsPerRound: 0, bufferEpisodes: 2000 } as const;

/**
 * Table 5.1 of docs/REFERENCE.md, a column a method; what a column does not name is that of TD3BC+JSRL. Batches are
 * multiples of 4 (50, 125 and 350 in the table). An epoch of an offline method is a pass over its data, whose sequences are 9
 * an episode; one of TD3 is 8,000 steps, 125 of them its million.
 */
export const PAPER_METHODS = {
  bc: {
    ...paper,
    ...GUIDED_ALGORITHMS.bc,
    ...FIXED_DATA,
    ...{ batchSize: 52, rounds: 300, updatesPerRound: 346, policyNoise: 0 },
  },
  td3bc: {
    ...paper,
    ...GUIDED_ALGORITHMS.td3bc,
    ...FIXED_DATA,
    actor: { ...paperActor, hidden: [256, 256] },
    ...{ batchSize: 124, rounds: 300, updatesPerRound: 145, policyNoise: 0 },
  },
  "td3bc-jsrl": paper,
  // Transitions do not fill membranes: its batches are of sequences as well, all of whose steps count.
  td3: {
    ...paper,
    ...GUIDED_ALGORITHMS.td3,
    ...{ batchSize: 256, rounds: 125, warmupSteps: 0, policyNoise: 0 },
  },
} as const satisfies Record<keyof typeof GUIDED_ALGORITHMS, Td3bcJsrlConfig>;
