import { createCore, createInlinePool, createMemory } from "@spikewing/core";
import { compileCore } from "@spikewing/core/node";
import { describe, expect, test } from "vitest";
import {
  admitRun,
  createGuidePhase,
  createPolicyPhase,
  type GuidedRunConfig,
  hasGuide,
  type Policy,
  type RunConfig,
  resolveRunConfig,
  SpikewingError,
} from "../src/index.js";
import {
  APG_GUIDED_LIMITS,
  APG_LIMITS,
  DISTIL_LIMITS,
  GUIDED_LIMITS,
  type Limit,
  STAGED_LIMITS,
} from "./config-limits.js";

/** Runs of one round that take a moment, with every part of a real one. */
const GUIDED = {
  algorithm: "td3bc-jsrl",
  guide: {
    actor: { kind: "dense", hidden: [8], activation: "tanh", history: true },
    criticHidden: [8],
    environments: 16,
    stepsPerRound: 520,
    updatesPerRound: 2,
    rounds: 1,
    firstUpdateAt: 100,
    bufferEpisodes: 64,
    batchSize: 8,
    evaluateEvery: 1,
    evaluationEpisodes: 4,
  },
  policy: {
    actor: {
      kind: "spiking",
      hidden: [8, 8],
      productBits: 25,
      weightBits: [12, 12],
      inputGain: [4, 1, 2, 0.5],
    },
    criticHidden: [8],
    criticStart: "scratch",
    environments: 16,
    stepsPerRound: 20,
    updatesPerRound: 2,
    rounds: 1,
    firstSteps: 480,
    bufferEpisodes: 64,
    batchSize: 8,
    sequenceLength: 8,
    warmupSteps: 1,
    criticWarmupSteps: 1,
    criticStride: 1,
    evaluateEvery: 1,
    evaluationEpisodes: 4,
  },
};

const WINDOWS = {
  drones: 16,
  rounds: 1,
  windowsPerRound: 2,
  shortWindow: 4,
  longWindow: 4,
  longestWindow: 4,
  evaluateEvery: 1,
  evaluationEpisodes: 4,
};
const APG = { algorithm: "apg", policy: { ...WINDOWS, actor: GUIDED.policy.actor } };
const APG_GUIDED = {
  ...GUIDED,
  guideAlgorithm: "apg",
  guide: { ...WINDOWS, actor: GUIDED.guide.actor },
};

const { actor, environments, stepsPerRound, updatesPerRound, rounds, ...learning } = GUIDED.policy;
const { firstSteps, bufferEpisodes, batchSize, sequenceLength, warmupSteps, ...scoring } = learning;
const SEQUENCES = {
  ...{ environments, stepsPerRound, updatesPerRound, rounds },
  ...{ firstSteps, bufferEpisodes, batchSize, sequenceLength, warmupSteps },
  evaluateEvery: scoring.evaluateEvery,
  evaluationEpisodes: scoring.evaluationEpisodes,
};
const { guide } = APG_GUIDED;
const DISTIL = { algorithm: "distil", guide, policy: { ...SEQUENCES, actor } };
const { criticHidden, criticWarmupSteps, criticStride } = GUIDED.policy;
const STAGED = {
  algorithm: "staged",
  guide,
  policy: {
    actor,
    jumpStart: { ...SEQUENCES, criticHidden, criticWarmupSteps, criticStride },
    distil: SEQUENCES,
    improvement: WINDOWS,
  },
};

const module = compileCore("simd");
const memory = createMemory("simd");

/** A core on which a run is laid out; it must not fly. */
function scratchCore() {
  const core = createCore(module, memory);
  const flown = () => expect.unreachable("a step was flown before the run was admitted");
  const kernels = { ...core.kernels, rolloutFly: flown, evaluationFly: flown, batchSample: flown };
  return Object.create(core, { kernels: { value: kernels } }) as typeof core;
}

const factory = () => {
  const core = createCore(module, createMemory("simd"));
  return { core, pool: createInlinePool(core.kernels) };
};

type Overrides = Record<string, unknown>;

/** A base with fields set by their paths. */
function withFields(base: object, fields: Readonly<Record<string, unknown>>): Overrides {
  const config = structuredClone(base) as Overrides;
  for (const [path, value] of Object.entries(fields)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    const parent = keys.reduce<Overrides>((at, key) => {
      at[key] ??= {};
      return at[key] as Overrides;
    }, config);
    parent[last] = value;
  }
  return config;
}

/** The run, or the one line that refuses it. */
function admit(fields: Readonly<Record<string, unknown>>, base: object = GUIDED): RunConfig | string {
  try {
    const config = resolveRunConfig({ overrides: withFields(base, fields) }, "c.json");
    admitRun(config, undefined, scratchCore, "c.json");
    return config;
  } catch (error) {
    if (!(error instanceof SpikewingError)) throw error;
    return error.message;
  }
}

function expectOneLine(line: string): void {
  expect(line).toMatch(/^c\.json: [\x20-\x7e]{10,1200}$/);
}

/** The first round of a phase, to finite numbers. */
function flyRound(phase: { run(): Generator<object> }): void {
  const { value: report } = phase.run().next();
  const { evaluation, trainingReturn, trainingCrashRate, ...rest } = report; // no episode may have ended
  const numbers = [...Object.values(rest), evaluation?.meanReturn ?? 0].filter(
    (value) => typeof value === "number",
  );
  expect(numbers.length).toBeGreaterThan(5);
  expect(numbers.filter((number) => !Number.isFinite(number))).toEqual([]);
}

let ownGuide: Policy | undefined;

/** One round of the phases that a field reaches. */
function fly(config: RunConfig, paths: readonly string[]): void {
  if (!hasGuide(config)) {
    flyRound(createPolicyPhase(factory, config, undefined));
    return;
  }
  const reachesGuide = paths.some((path) => !path.startsWith("policy."));
  if (!reachesGuide && ownGuide) {
    flyRound(createPolicyPhase(factory, config, ownGuide));
    return;
  }
  const phase = createGuidePhase(factory, config);
  flyRound(phase);
  flyRound(createPolicyPhase(factory, config, phase.policy("expert")));
}

/** What a round of takes longer than a test may: these are admitted, and laid out, and no more. */
const LONG = /^(guide|policy)\.(jumpStart\.|distil\.|improvement\.)?(updatesPerRound|windowsPerRound)$/;

/**
 * The widest networks take seconds a flight. What distils, and the first stage of a run in stages, fly the same actors as a
 * guided run, and a guide that learned through the simulator is there an actor of a run through it, and flies the jump start
 * as any other does: here they are laid out and no more.
 */
const isFlownElsewhere = (base: object, path: string) =>
  ((base === DISTIL || base === STAGED) && path === "policy.actor") ||
  (base === APG_GUIDED && path === "guide.actor.hidden");

/** The least is too few for the fewest drones, the most is more than a core holds. */
const NEVER = /^(guide|policy)\.(jumpStart\.)?bufferEpisodes$/;

test("the run that all others are beside is admitted and flies", () => {
  const config = admit({}) as GuidedRunConfig;
  const phase = createGuidePhase(factory, config);
  flyRound(phase);
  ownGuide = phase.policy("expert");
  flyRound(createPolicyPhase(factory, config, ownGuide));
});

const pathsOf = (limits: readonly Limit[]) => [...new Set(limits.map(({ path }) => path))];

describe.each([
  ["a guided run", GUIDED, GUIDED_LIMITS],
  ["a run through the simulator", APG, APG_LIMITS],
  [
    "a run with a guide that learned through the simulator",
    APG_GUIDED,
    APG_GUIDED_LIMITS.filter(({ path }) => !path.startsWith("policy.") && !path.startsWith("task.")),
  ],
  ["a run that distils", DISTIL, DISTIL_LIMITS.filter(({ path }) => path.startsWith("policy."))],
  ["a run in stages", STAGED, STAGED_LIMITS.filter(({ path }) => path.startsWith("policy."))],
] as const)(
  "%s: a field at its limit is refused in one line unflown, or flies to finite numbers",
  (_, base, all) => {
    test.each(pathsOf(all).filter((path) => path !== "algorithm" && path !== "guideAlgorithm"))(
      "%s",
      (path) => {
        const limits = all.filter((limit) => limit.path === path);
        let flown = 0;
        for (const { value, accepted } of limits) {
          const admitted = admit({ [path]: value }, base);
          if (typeof admitted === "string") expectOneLine(admitted);
          else {
            expect(accepted, `${path} ${JSON.stringify(value)} is taken`).toBe(true);
            if (!(LONG.test(path) && value !== 1) && !isFlownElsewhere(base, path)) fly(admitted, [path]);
            flown++;
          }
        }
        const canFly = limits.some(({ accepted }) => accepted) && !NEVER.test(path);
        expect(flown > 0, "one limit at least flies").toBe(canFly);
      },
    );
  },
);

/** Fields that depend on each other: each pair at the corners of its ranges. */
const PAIRS = [
  ["guide.bufferEpisodes", "guide.environments"],
  ["guide.firstUpdateAt", "guide.environments"],
  ["guide.firstUpdateAt", "guide.bufferEpisodes"],
  ["guide.stepsPerRound", "guide.rounds"],
  ["guide.criticHidden", "policy.criticHidden"],
  ["guide.criticActivation", "policy.criticActivation"],
  ["policy.criticInput", "policy.criticStart"],
  ["policy.bufferEpisodes", "policy.environments"],
  ["policy.firstSteps", "policy.stepsPerRound"],
  ["policy.warmupSteps", "policy.sequenceLength"],
  ["policy.criticWarmupSteps", "policy.sequenceLength"],
  ["policy.criticStride", "policy.sequenceLength"],
  ["policy.criticStride", "policy.criticWarmupSteps"],
  ["policy.stride", "policy.sequenceLength"],
  ["policy.rounds", "policy.updatesPerRound"],
  ["policy.startFraction", "policy.episodeStartCounts"],
  ["policy.alpha", "policy.bcWeight"],
  ["policy.alpha", "policy.actorAdam.learningRate"],
  ["policy.policyNoise", "policy.policyNoiseClip"],
  ["policy.explorationStd", "policy.actionLimit"],
  ["policy.actorAdam.learningRate", "policy.actorAdam.weightDecay"],
  ["task.airframe", "task.bounds"],
  ["task.reward", "task.airframe"],
] as const;

describe("two fields that depend on each other, at the corners of their ranges", () => {
  const taken = (path: string) => GUIDED_LIMITS.filter((limit) => limit.path === path && limit.accepted);
  test.each(PAIRS)("%s and %s", (first, second) => {
    for (const { value: a } of taken(first)) {
      for (const { value: b } of taken(second)) {
        const together = first.startsWith("guide.critic") ? { "policy.criticStart": "guide" } : {};
        const admitted = admit({ ...together, [first]: a, [second]: b });
        if (typeof admitted === "string") expectOneLine(admitted);
        else if (![first, second].some((path) => LONG.test(path))) fly(admitted, [first, second]);
      }
    }
  });
});
