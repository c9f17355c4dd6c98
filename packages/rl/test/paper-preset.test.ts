import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TD3BC_JSRL_PRESETS } from "../src/index.js";

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
