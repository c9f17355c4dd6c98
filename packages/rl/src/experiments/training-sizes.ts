import { PAPER_METHODS } from "../td3bc-jsrl-presets.js";
import type { Scale } from "./experiment.js";
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
 * And of a method of the paper: its column of table 5.1; at scale default with 38 rounds of 40 updates, batches of 64 at the most,
 * every fourth step for the critics, and a fixed data set of 0.3 M steps.
 */
function sizesOf(scale: Scale, method: PaperMethod): JsonObject {
  const { batchSize, bufferEpisodes, stepsPerRound } = PAPER_METHODS[method];
  switch (scale) {
    case "smoke":
      return { ...TINY_SEQUENCES, criticHidden: [16], firstSteps: 501 };
    case "default":
      return {
        ...{ rounds: 38, updatesPerRound: 40, batchSize: Math.min(batchSize, 64), criticStride: 4 },
        ...{ bufferEpisodes: Math.min(bufferEpisodes, 1000) },
        ...(stepsPerRound === 0 && { firstSteps: 18_750 }),
      };
    case "paper":
      return {};
  }
}

/** Seeds of a training; the paper has five. */
export const TRAINING_SEEDS: Readonly<Record<Scale, readonly number[]>> = {
  smoke: [1, 2],
  default: [11, 12, 13],
  paper: [11, 12, 13, 14, 15],
};

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
