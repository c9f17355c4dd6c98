import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PAPER_METHODS, resolveRunConfig, TD3BC_JSRL_PRESETS } from "../src/index.js";

const { paper } = TD3BC_JSRL_PRESETS;
type Field = keyof typeof paper;

/** As published, or as docs/REFERENCE.md, section 11, reads what is published in several ways. */
const AS_PUBLISHED: Partial<typeof paper> = {
  criticHidden: [256, 128],
  criticActivation: "relu",
  criticInput: "history", // 146 + 4
  criticStart: "scratch",
  stepsPerRound: 500,
  bufferEpisodes: 4000, // 2 M transitions
  actionLimit: 2,
  jumpStart: { kind: "linear", first: 450, last: 50, rounds: 16 }, // 25 a round
  sequenceLength: 100,
  stride: 50,
  startFraction: 0,
  warmupSteps: 50,
  criticWarmupSteps: 0,
  episodeStartCounts: false,
  criticStride: 1,
  gamma: 0.99,
  tau: 0.01,
  policyNoise: 0.2,
  policyNoiseClip: 0.5,
  policyDelay: 1,
  alpha: 2,
  bcWeight: 0.2,
  bcDecay: 0.99,
  rewardCurriculum: { kind: "linear", to: "paper-end", steps: 6 },
  surrogateSlope: { kind: "adaptive", first: 2, window: 10, rewardRange: 400 },
  actorAdam: { learningRate: 1e-3, finalLearningRate: 1, weightDecay: 0, clipNorm: 0 },
  criticAdam: { learningRate: 1e-3, finalLearningRate: 1, weightDecay: 0, clipNorm: 0 },
  evaluateEvery: 1,
};

/** Otherwise, or stated nowhere: the value, and how the README says so. */
const OTHERWISE: Partial<Record<Field, readonly [value: unknown, said: RegExp]>> = {
  actor: [
    {
      kind: "spiking",
      hidden: [256, 128],
      productBits: 25,
      weightBits: [12, 12],
      inputGain: [1, 1, 1, 1],
    },
    /integers in every forward pass, where the paper has float32/,
  ],
  batchSize: [352, /batch of 350 sequences becomes 352/],
  environments: [16, /9 episodes a round become 16 drones/],
  rounds: [38, /38 rounds of 250 updates/],
  updatesPerRound: [250, /38 rounds of 250 updates/],
  explorationStd: [0.1, /standard deviation of 0\.1; no source states one/],
  firstSteps: [501, /first round's data is one episode a drone/],
  evaluationEpisodes: [200, /200 episodes instead of 20/],
};

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const section = /### How `paper` differs from the paper\n([\s\S]*?)\n###? /.exec(readme)![1]!;

test("every field of the preset paper is as published, or the README names how it is not", () => {
  expect(paper).toMatchObject(AS_PUBLISHED);
  for (const [field, [value, said]] of Object.entries(OTHERWISE)) {
    expect(paper[field as Field], field).toEqual(value);
    expect(section.replace(/\s+/g, " "), field).toMatch(said);
  }
  const sorted = [...Object.keys(AS_PUBLISHED), ...Object.keys(OTHERWISE)].sort();
  expect(sorted).toEqual(Object.keys(paper).sort());
});

/** Table 5.1 of docs/REFERENCE.md; null where it has a dash. Batches are the next multiple of 4, or the one before. */
const TABLE = {
  bc: { hidden: [256, 128], batch: 50, buffer: 1e6, warmup: 50, noise: 0, alpha: null, bc: null },
  td3bc: { hidden: [256, 256], batch: 125, buffer: 1e6, warmup: 50, noise: 0, alpha: 2, bc: null },
  "td3bc-jsrl": { hidden: [256, 128], batch: 350, buffer: 2e6, warmup: 50, noise: 0.2, alpha: 2, bc: 0.2 },
  td3: { hidden: [256, 128], batch: 256, buffer: 2e6, warmup: null, noise: null, alpha: null, bc: null },
} as const;

test.each(Object.entries(TABLE))("%s has its own column of the paper's hyperparameters", (name, column) => {
  const method = name as keyof typeof TABLE;
  const { policy } = resolveRunConfig({ preset: "paper", algorithm: method, seed: 1 }, "test");
  expect(policy).toEqual(PAPER_METHODS[method]);
  expect(policy.actor).toMatchObject({ hidden: column.hidden });
  expect(Math.abs(policy.batchSize - column.batch)).toBeLessThan(4);
  expect(policy.bufferEpisodes * 500).toBe(column.buffer);
  expect(policy.warmupSteps).toBe(column.warmup ?? 0);
  expect(policy.policyNoise).toBe(column.noise ?? 0);
  if (column.alpha !== null) expect(policy.alpha).toBe(column.alpha);
  if (column.bc !== null) expect(policy.bcWeight).toBe(column.bc);
  const isOffline = method === "bc" || method === "td3bc";
  expect(policy.stepsPerRound === 0).toBe(isOffline);
  if (isOffline) expect(policy.firstSteps * policy.environments).toBe(column.buffer);
});
