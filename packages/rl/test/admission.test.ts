import { createCore, createMemory } from "@spikewing/core";
import { compileCore } from "@spikewing/core/node";
import { describe, expect, test } from "vitest";
import { admitRun, type Policy, resolveRunConfig } from "../src/index.js";
import { trainTinyGuide } from "./tiny-run.js";

const module = compileCore("simd");
const memory = createMemory("simd");
const createScratch = () => createCore(module, memory);
const SPIKING = { kind: "spiking", productBits: 25, weightBits: [12, 12], inputGain: [1, 1, 1, 1] };
const WIDEST = { ...SPIKING, hidden: [1024, 1024] };

const admit = (overrides: Record<string, unknown>, guide?: Policy) =>
  admitRun(
    resolveRunConfig({ algorithm: "td3bc-jsrl", overrides }, "c.json"),
    guide,
    createScratch,
    "c.json",
  );

test.each(["fast", "paper"] as const)("the preset %s is admitted with every algorithm", (preset) => {
  for (const algorithm of ["td3bc-jsrl", "td3bc", "bc", "td3"] as const)
    admitRun(resolveRunConfig({ preset, algorithm }, "c.json"), undefined, createScratch, "c.json");
});

describe("what a core cannot hold is refused with the most that it could", () => {
  test.each<[string, Record<string, unknown>]>([
    ["guide.bufferEpisodes", { bufferEpisodes: 20_000 }],
    ["policy.bufferEpisodes", { bufferEpisodes: 20_000 }],
    ["policy.batchSize", { batchSize: 2048, sequenceLength: 500 }],
    ["policy.batchSize", { batchSize: 2768, actor: WIDEST }], // more than 32 bits
    ["policy.batchSize", { batchSize: 4096, sequenceLength: 500, actor: WIDEST }],
  ])("%s: %j", (field, config) => {
    const [phase, size] = field.split(".") as ["guide" | "policy", keyof typeof config];
    const value = config[size];
    let most = 0;
    const line = new RegExp(
      `^c\\.json: ${field} is ${value}; expected at most (\\d+) \\(the ${phase}'s memory is \\d+ MiB\\)$`,
    );
    try {
      admit({ [phase]: config });
    } catch (error) {
      most = Number(line.exec((error as Error).message)?.[1]);
    }
    expect(most).toBeGreaterThan(0);
    admit({ [phase]: { ...config, [size]: most } });
    expect(() => admit({ [phase]: { ...config, [size]: most + 4 } })).toThrow(/ MiB\)$/);
  });

  test("and where no one field would do, by the fields that could be smaller together", () => {
    const policy = { batchSize: 4096, sequenceLength: 500, bufferEpisodes: 18_000, actor: WIDEST };
    expect(() => admit({ policy })).toThrow(/^c\.json: policy: expected smaller bufferEpisodes, batchSize, /);
  });
});

describe("critics that start as the guide's", () => {
  const guide = trainTinyGuide(1);
  const { critics, ...withoutCritics } = guide;

  test.each<[Record<string, unknown>, string]>([
    [
      { criticHidden: [64] },
      'policy.criticHidden is [64]; expected [64,64], as the guide\'s critics (or policy.criticStart "scratch")',
    ],
    [
      { criticActivation: "relu" },
      'policy.criticActivation is "relu"; expected tanh, as the guide\'s critics',
    ],
    [
      { criticInput: "history" },
      'policy.criticInput is "history"; expected privileged, as the guide\'s critics',
    ],
  ])("are the same networks: %j is refused", (policy, line) => {
    expect(() => admit({ policy })).toThrow(`c.json: ${line}`);
    expect(() => admit({ policy }, guide)).toThrow(`c.json: ${line}`);
    admit({ policy: { ...policy, criticStart: "scratch" } }, guide);
  });

  test("need a guide that has some, unless nobody asks them", () => {
    expect(() => admit({}, withoutCritics)).toThrow(
      'c.json: policy.criticStart is "guide"; expected a guide that was trained with critics',
    );
    admit({ policy: { alpha: 0 } }, withoutCritics);
    expect(() => admit({ guideAlgorithm: "apg", policy: { criticStart: "guide" } })).toThrow(
      'c.json: policy.criticStart is "guide"; expected a guide that was trained with critics',
    );
    admit({ guideAlgorithm: "apg" });
  });
});

test("the preset fast is admitted in stages and distilled, and a stage too large is refused by its name", () => {
  const layOut = (algorithm: "staged" | "distil", policy = {}) =>
    admitRun(
      resolveRunConfig({ algorithm, overrides: { policy } }, "c.json"),
      undefined,
      createScratch,
      "c.json",
    );
  layOut("staged");
  layOut("staged", { second: "distil" });
  layOut("distil");
  expect(() => layOut("staged", { jumpStart: { bufferEpisodes: 20_000 } })).toThrow(
    /^c\.json: policy\.jumpStart\.bufferEpisodes is 20000; expected at most \d+ /,
  );
});

test("a guide that is no such thing is refused", () => {
  const shape = { kind: "dense", hidden: [8], activation: "tanh", history: false } as const;
  const blind: Policy = { shape, weights: new Uint8Array(4), record: {} };
  expect(() => admit({ policy: { criticStart: "scratch" } }, blind)).toThrow(
    /^guide: shape is dense; expected /,
  );
});
