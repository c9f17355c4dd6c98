import { expect, test } from "vitest";
import { decodePolicy, encodePolicy, resolveRunConfig } from "../src/index.js";
import {
  TINY,
  TINY_APG,
  TINY_APG_GUIDED,
  TINY_DISTIL,
  tinyStaged,
  trainTinyGuide,
  trainTinyPolicy,
} from "./tiny-run.js";

const guide = trainTinyGuide(1);
const unbroken = trainTinyPolicy(1, guide);

test("a guide is the same with 1, 2 and 4 workers, and from the scalar build", () => {
  for (const workers of [2, 4, "scalar"] as const)
    expect(encodePolicy(trainTinyGuide(workers))).toEqual(encodePolicy(guide));
});

test("a policy is the same with 1, 2 and 4 workers, and from the scalar build", () => {
  for (const workers of [2, 4, "scalar"] as const) expect(trainTinyPolicy(workers, guide)).toEqual(unbroken);
});

const OTHER_ACTORS = {
  "recurrent adaptive i8": {
    kind: "spiking",
    hidden: [{ width: 32, neuron: "alif", recurrent: true }, 16, 16],
    productBits: 25,
    weightBits: [12, 12, 12],
    inputGain: [1, 1, 1, 1],
    weightFormat: "i8",
    readOut: "li",
    surrogate: "gaussian",
  },
  GRU: { kind: "gru", units: 16 },
  "spiking, in passes": {
    kind: "spiking-passes",
    hidden: [32, 16],
    productBits: 25,
    weightBits: [12, 12],
    inputGain: [1, 1, 1, 1],
    passes: 3,
    history: true,
  },
} as const;

test.each(Object.entries(OTHER_ACTORS))(
  "so is a %s one, which learns from the guide's flights too",
  (_, actor) => {
    const config = { ...TINY, policy: { ...TINY.policy, actor } } as typeof TINY;
    const whole = trainTinyPolicy(1, guide, config);
    for (const workers of [2, "scalar"] as const)
      expect(trainTinyPolicy(workers, guide, config)).toEqual(whole);
    expect(trainTinyPolicy(2, guide, config, 2)).toEqual(whole);
  },
);

test.each([1, 2, 3])("a run cut after round %i resumes to the same policy", (breakAfter) => {
  expect(trainTinyPolicy(2, guide, TINY, breakAfter)).toEqual(unbroken);
});

test("another seed gives another policy", () => {
  const { weights } = decodePolicy(trainTinyPolicy(1, guide, { ...TINY, seed: 6 }), "other");
  expect(weights).not.toEqual(decodePolicy(unbroken, "unbroken").weights);
});

test.each(["bc", "td3bc", "td3"] as const)("%s trains through the same loop", (algorithm) => {
  const { policy } = resolveRunConfig({ preset: "fast", algorithm, seed: 5 }, "test");
  const {
    rounds,
    evaluateEvery,
    updatesPerRound,
    batchSize,
    environments,
    bufferEpisodes,
    evaluationEpisodes,
  } = TINY.policy;
  const size = {
    rounds,
    evaluateEvery,
    updatesPerRound,
    batchSize,
    environments,
    bufferEpisodes,
    evaluationEpisodes,
  };
  const { weights } = decodePolicy(
    trainTinyPolicy(1, guide, { ...TINY, policy: { ...policy, ...size } }),
    algorithm,
  );
  expect(weights).not.toEqual(decodePolicy(unbroken, "td3bc-jsrl").weights);
});

test("the paper's preset trains: critics that see the history, adaptive slope, warm-up at every start", () => {
  const { policy } = resolveRunConfig({ preset: "paper", algorithm: "td3bc-jsrl", seed: 5 }, "test");
  const size = { rounds: 3, updatesPerRound: 2, batchSize: 8, bufferEpisodes: 64, evaluationEpisodes: 16 };
  const trained = trainTinyPolicy(1, guide, { ...TINY, policy: { ...policy, ...size } });
  expect(decodePolicy(trained, "paper").weights).not.toEqual(decodePolicy(unbroken, "fast").weights);
  expect(trainTinyPolicy(2, guide, { ...TINY, policy: { ...policy, ...size } }, 1)).toEqual(trained);
});

test("a policy learned through the simulator is the same with 1, 2 and 4 workers, from the scalar build, and cut and resumed", () => {
  const whole = trainTinyPolicy(1, undefined, TINY_APG);
  for (const workers of [2, 4, "scalar"] as const)
    expect(trainTinyPolicy(workers, undefined, TINY_APG)).toEqual(whole);
  for (const breakAfter of [1, 2, 3])
    expect(trainTinyPolicy(2, undefined, TINY_APG, breakAfter)).toEqual(whole);
});

test("a guide that learned through the simulator is the same cut and resumed, and leads to the same policy", () => {
  const bySimulator = trainTinyGuide(1, TINY_APG_GUIDED);
  expect(bySimulator.record.algorithm).toBe("apg-guide");
  expect(bySimulator.critics).toBeUndefined();
  for (const workers of [2, "scalar"] as const)
    expect(encodePolicy(trainTinyGuide(workers, TINY_APG_GUIDED))).toEqual(encodePolicy(bySimulator));
  for (const breakAfter of [1, 2, 3])
    expect(encodePolicy(trainTinyGuide(2, TINY_APG_GUIDED, breakAfter))).toEqual(encodePolicy(bySimulator));
  const policy = trainTinyPolicy(1, bySimulator, TINY_APG_GUIDED);
  expect(trainTinyPolicy(2, bySimulator, TINY_APG_GUIDED, 2)).toEqual(policy);
});

test.each([
  ["distilled", TINY_DISTIL, 3],
  ["learned in stages, by a jump start", tinyStaged("jumpStart"), 5],
  ["learned in stages, distilled first", tinyStaged("distil"), 5],
] as const)(
  "a policy %s is the same with 1 and 2 workers, from the scalar build, and cut and resumed",
  (_, config, rounds) => {
    const teacher = trainTinyGuide(1, TINY_APG_GUIDED);
    const whole = trainTinyPolicy(1, teacher, config);
    for (const workers of [2, "scalar"] as const)
      expect(trainTinyPolicy(workers, teacher, config)).toEqual(whole);
    for (let breakAfter = 1; breakAfter < rounds; breakAfter++)
      expect(trainTinyPolicy(2, teacher, config, breakAfter)).toEqual(whole);
  },
);

test("by e-prop a policy learns otherwise than by BPTT, and alike with 1 and 2 workers and from the scalar build", () => {
  const config = { ...TINY, policy: { ...TINY.policy, credit: "eprop" } } as typeof TINY;
  const byTraces = trainTinyPolicy(1, guide, config);
  expect(byTraces).not.toEqual(unbroken);
  for (const workers of [2, "scalar"] as const)
    expect(trainTinyPolicy(workers, guide, config)).toEqual(byTraces);
});
