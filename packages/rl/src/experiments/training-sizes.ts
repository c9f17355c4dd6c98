import { PAPER_METHODS } from "../td3bc-jsrl-presets.js";
import { type Scale, seedsFrom } from "./experiment.js";
import type { JsonObject } from "./sweep.js";
import type { TrainSettings } from "./train.js";

/** Trainings of a few neurons and rounds: every part of a real one, good for nothing. */
const TINY_WINDOWS = {
  ...{ drones: 32, rounds: 2, windowsPerRound: 3, shortWindow: 20, longWindow: 20, longestWindow: 20 },
  ...{ evaluateEvery: 1, evaluationEpisodes: 4 },
};
const TINY_SEQUENCES = {
  ...{ rounds: 2, updatesPerRound: 2, batchSize: 8, environments: 16, bufferEpisodes: 64 },
  ...{ evaluateEvery: 1, evaluationEpisodes: 4 },
};
const TINY_ACTOR = { hidden: [16, 8] };

/** What is laid over the preset of a training through the simulator; `paper` has the preset's own length. */
const WINDOWS: Readonly<Record<Scale, JsonObject>> = {
  smoke: TINY_WINDOWS,
  default: { rounds: 50 },
  paper: {},
};

export type PaperMethod = keyof typeof PAPER_METHODS;

/**
 * And of a method of the paper: its column of table 5.1; at scale default with 38 rounds of 320 updates (the 9,500 of the table
 * and more) on small batches, every fourth step for the critics, and a fixed data set of 0.3 M steps. In the same time 40 updates
 * on batches of 64 bring behaviour cloning to a return of 74 +- 7, 320 on 8 to 261: the package's README.
 */
function sizesOf(scale: Scale, method: PaperMethod): JsonObject {
  const { bufferEpisodes, stepsPerRound } = PAPER_METHODS[method];
  switch (scale) {
    case "smoke":
      return { ...TINY_SEQUENCES, criticHidden: [16], firstSteps: 501 };
    case "default":
      return {
        ...{ rounds: 38, updatesPerRound: 320, batchSize: 8, criticStride: 4 },
        ...{ bufferEpisodes: Math.min(bufferEpisodes, 1000) },
        ...(stepsPerRound === 0 && { firstSteps: 18_750 }),
      };
    case "paper":
      return {};
  }
}

const FIRST_SEED = 11;

/** Seeds of a training; the paper has five. */
export const TRAINING_SEEDS: Readonly<Record<Scale, readonly number[]>> = {
  smoke: [1, 2],
  default: seedsFrom(FIRST_SEED, 3),
  paper: seedsFrom(FIRST_SEED, 5),
};

/** Where the paper's methods, or their parts, are set beside each other: five, as in the paper. */
export const COMPARISON_SEEDS: typeof TRAINING_SEEDS = { ...TRAINING_SEEDS, default: TRAINING_SEEDS.paper };

const EPISODES: Readonly<Record<Scale, number>> = { smoke: 4, default: 1000, paper: 4000 };

/** A training through the simulator, on the paper's task; `policy` is laid over the preset, an actor given whole as it is. */
export function throughSimulator(scale: Scale, name: string, policy: JsonObject = {}): TrainSettings {
  const small = scale === "smoke" && !("actor" in policy) ? { actor: TINY_ACTOR } : {};
  return {
    name,
    config: { preset: "no-delay", algorithm: "apg", policy: { ...WINDOWS[scale], ...small, ...policy } },
    guide: null,
    episodes: EPISODES[scale],
    seeds: "reserved",
    conditions: false,
  };
}

/** The config of the policies that come with the package, with other formats of the weights. */
export function inFormat(scale: Scale, formats: JsonObject): JsonObject {
  const small =
    scale === "smoke" ? { ...TINY_WINDOWS, actor: { ...TINY_ACTOR, ...formats } } : { actor: formats };
  return { preset: "fast", algorithm: "apg", policy: small };
}

/** A training of the paper on sequences, with a guide that comes with the package. */
export function fromFlights(
  scale: Scale,
  name: string,
  algorithm: PaperMethod,
  policy: JsonObject = {},
  guide: TrainSettings["guide"] = "guide-expert",
): TrainSettings {
  const small = scale === "smoke" ? { actor: TINY_ACTOR } : {};
  return {
    name,
    config: { preset: "paper", algorithm, policy: { ...sizesOf(scale, algorithm), ...small, ...policy } },
    guide,
    episodes: EPISODES[scale],
    seeds: "reserved",
    conditions: false,
  };
}

/** The network of the paper's section 5.1: past actions seen, four passes a decision, membranes of 0 before each. */
const PASSES = {
  ...{ kind: "spiking-passes", passes: 4, history: true },
  ...{ productBits: 25, weightBits: [12, 12], inputGain: [1, 1, 1, 1] },
};
/** Decisions have no memory, so batches are of transitions; the table has 256 for TD3 and none for BC. */
const TRANSITIONS = { sequenceLength: 1, stride: 1, warmupSteps: 0, criticWarmupSteps: 0, criticStride: 1 };
const PASSES_BATCH = { bc: 1024, td3: 256 };
/** They are cheap: more of them take the time of the others' sequences. */
const PASSES_UPDATES = { bc: 120, td3: 200 };

/** A training of the paper's slope study on the network of that study. */
export function inPasses(
  scale: Scale,
  name: string,
  algorithm: keyof typeof PASSES_BATCH,
  policy: JsonObject,
): TrainSettings {
  const { hidden } = scale === "smoke" ? TINY_ACTOR : { hidden: [256, 128] };
  const size = scale === "smoke" ? {} : { batchSize: PASSES_BATCH[algorithm] };
  const updates = scale === "default" ? { updatesPerRound: PASSES_UPDATES[algorithm] } : {};
  return fromFlights(scale, name, algorithm, {
    ...{ actor: { ...PASSES, hidden }, ...TRANSITIONS, ...size, ...updates, ...policy },
  });
}

/** Distillation of a teacher through the simulator, which comes with no package: each run trains its own. */
export function distilled(scale: Scale, name: string): TrainSettings {
  const tiny = {
    guide: { ...TINY_WINDOWS, actor: { hidden: [16] } },
    policy: { ...TINY_SEQUENCES, teacherRounds: 1, actor: TINY_ACTOR },
  };
  return {
    name,
    config: {
      preset: "fast",
      algorithm: "distil",
      task: { delayS: [0, 0] },
      ...(scale === "smoke" ? tiny : {}),
    },
    guide: null,
    episodes: EPISODES[scale],
    seeds: "reserved",
    conditions: false,
  };
}

const rates = (...learningRates: readonly number[]): readonly JsonObject[] =>
  learningRates.map((learningRate) => ({ actorAdam: { learningRate } }));

export type BaselineSettings = TrainSettings & {
  /** "evolution" is no algorithm of the command line: its config is that of evolution.ts. */
  readonly by: "evolution" | "gradient";
  /** What is tried first, each for `tuningRounds` rounds from another seed; validation chooses. */
  readonly candidates: readonly JsonObject[];
  readonly tuningRounds: number;
};

/** What each baseline may spend: rounds in all, of which a quarter for each of three candidates before. */
const TAUGHT: Readonly<Record<Scale, JsonObject & { readonly rounds: number }>> = {
  smoke: { ...TINY_SEQUENCES, teacherRounds: 1, actor: TINY_ACTOR },
  default: { rounds: 20, updatesPerRound: 40, batchSize: 16, teacherRounds: 5, evaluateEvery: 1 },
  paper: { rounds: 60, evaluateEvery: 1 },
};
const quarter = (rounds: number) => Math.max(1, Math.ceil(rounds / 4));

/** Distillation of the expert guide, with either gradient. */
export function taught(scale: Scale, name: string, credit: "bptt" | "eprop"): BaselineSettings {
  const policy = TAUGHT[scale];
  return {
    name,
    by: "gradient",
    config: { preset: "fast", algorithm: "distil", task: { delayS: [0, 0] }, policy: { ...policy, credit } },
    guide: "guide-expert",
    candidates: rates(5e-4, 2e-3, 5e-3),
    tuningRounds: quarter(policy.rounds),
    ...{ episodes: EPISODES[scale], seeds: "reserved", conditions: false },
  };
}

const EVOLVED: Readonly<Record<Scale, JsonObject & { readonly rounds: number }>> = {
  smoke: { rounds: 2, pairs: 2, episodes: 4, evaluateEvery: 1, evaluationEpisodes: 4 },
  default: { rounds: 300, pairs: 32, episodes: 16, evaluateEvery: 15, evaluationEpisodes: 200 },
  paper: { rounds: 2000, pairs: 64, episodes: 32, evaluateEvery: 20, evaluationEpisodes: 200 },
};

/** Of the noise a member's parameters, and the learning rate. */
const EVOLUTION_CANDIDATES = [
  [0.02, 0.01],
  [0.03, 0.02],
  [0.05, 0.03],
] as const;

/** An evolution strategy on the network that the others have. */
export function evolved(scale: Scale, name: string): BaselineSettings {
  const size = EVOLVED[scale];
  const hidden = scale === "smoke" ? TINY_ACTOR.hidden : [256, 128];
  const actor = { kind: "spiking", hidden, productBits: 25, weightBits: [12, 12], inputGain: [4, 1, 2, 0.5] };
  return {
    name,
    by: "evolution",
    config: { policy: { ...size, actor } },
    guide: null,
    candidates: EVOLUTION_CANDIDATES.map(([noiseStd, learningRate]) => ({
      noiseStd,
      adam: { learningRate, finalLearningRate: 1, weightDecay: 0, clipNorm: 0 },
    })),
    tuningRounds: quarter(size.rounds),
    ...{ episodes: EPISODES[scale], seeds: "reserved", conditions: false },
  };
}
