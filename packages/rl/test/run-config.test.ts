import { AIRFRAMES, FULL_BATTERY_V } from "@spikewing/core";
import { expect, test } from "vitest";
import {
  DEFAULT_TASK,
  EVALUATION_SEEDS,
  type PresetName,
  resolveRunConfig,
  TD3BC_JSRL_PRESETS,
} from "../src/index.js";

const DENSE = { kind: "dense", hidden: [8], activation: "tanh" };

const resolve = (overrides: Record<string, unknown>) =>
  resolveRunConfig({ preset: "fast", algorithm: "td3bc-jsrl", seed: 1, overrides }, "train.json");

test("without overrides the preset stands", () => {
  expect(resolve({}).policy).toEqual(TD3BC_JSRL_PRESETS.fast);
});

test("presets of learning through the simulator differ in what is flown", () => {
  const fast = resolveRunConfig({ preset: "fast" }, "test");
  const taskOf = (preset: PresetName) => {
    const { task, ...rest } = resolveRunConfig({ preset }, "test");
    expect(rest).toEqual({ ...fast, preset, task: undefined });
    return task;
  };
  expect(taskOf("no-delay")).toEqual(DEFAULT_TASK);
  expect(taskOf("all-around")).toEqual({ ...fast.task, start: "l2f-all-around" });
  const { variation, ...robust } = taskOf("robust");
  expect(robust).toEqual(fast.task);
  const { mass, thrust, batteryV } = variation!;
  const { thrust: curve, rotorRange, massKg } = AIRFRAMES["crazyflie-l2f"];
  const rotor = (rotorRange[1] * batteryV![0]) / FULL_BATTERY_V;
  const lift = 4 * thrust![0] * curve.reduce((sum, c, power) => sum + c * rotor ** power, 0);
  expect(lift / (mass![1] * massKg * 9.81)).toBeGreaterThan(1); // even the worst drone can hover
});

test("an override reaches into the preset and leaves the rest", () => {
  const { policy } = resolve({
    policy: { actorAdam: { learningRate: 0.01 }, surrogateSlope: { kind: "fixed", slope: 5 } },
  });
  expect(policy.actorAdam).toEqual({ ...TD3BC_JSRL_PRESETS.fast.actorAdam, learningRate: 0.01 });
  expect(policy.surrogateSlope).toEqual({ kind: "fixed", slope: 5 });
});

test.each([
  [{ policy: { batchSize: 0 } }, /^train\.json: policy\.batchSize is 0; expected .*>=4/],
  [{ policy: { batchSize: 6 } }, /^train\.json: policy\.batchSize is 6; .*multiple of 4/],
  [{ policy: { gamma: "high" } }, /^train\.json: policy\.gamma is "high"; expected number/],
  [{ task: { airframe: "boeing" } }, /^train\.json: task\.airframe is "boeing"; .*crazyflie-l2f/],
  [{ task: { variation: { mass: 2 } } }, /^train\.json: task\.variation\.mass is 2; expected tuple/],
  [{ task: { variation: { mass: [0, 1] } } }, /^train\.json: task\.variation\.mass\.0 is 0; .*>=0\.2/],
  [{ task: { variation: { windMn: [6, 0] } } }, /^train\.json: task\.variation\.windMn is .*lower end first/],
  [{ task: { variation: { wingspan: [1, 1] } } }, /^train\.json: task\.variation is .*wingspan/],
  [{ speed: 3 }, /^train\.json: .*speed/],
  [
    { policy: { surrogateSlope: { kind: "fixed", slope: 200 } } },
    /policy\.surrogateSlope\.slope is 200; .*100/,
  ],
])("%j is refused with place, field, value and what is accepted", (overrides, message) => {
  expect(() => resolve(overrides)).toThrow(message);
});

const nested = (depth: number) => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);

test.each<[string, unknown, RegExp]>([
  ["an inherited name", { policy: { constructor: {} } }, /^c: policy\.constructor is no field; /],
  [
    "the name of a prototype",
    JSON.parse('{"guide":{"__proto__":{"rounds":1}}}'),
    /^c: guide\.__proto__ is no field; /,
  ],
  ["an inherited preset", { preset: "constructor" }, /^c: preset is "constructor"; expected one of "fast"/],
  ["null for a part", { task: null }, /^c: task is null; expected object/],
  ["null for a name", { preset: null }, /^c: preset is null; expected one of /],
  ["null for a number", { seed: null }, /^c: seed is null; expected number/],
  ["a value nested 20,000 deep", { seed: nested(20_000) }, /^c: seed is a list; expected number/],
  ["a part nested 20,000 deep", { policy: nested(20_000) }, /^c: policy is a list; expected object/],
  ["a name of a million letters", { ["x".repeat(1e6)]: 1 }, /^c: x{60}\.\.\. is no field; /],
  [
    "a text of a million letters",
    { policy: { gamma: "x".repeat(1e6) } },
    /^c: policy\.gamma is "x{60}\.\.\."; /,
  ],
  ["colours for a terminal", { "\u001b[31mred": 1 }, /^c: \\u\{1b\}\[31mred is no field; /],
  ["a turn of the reading direction", { "\u202eevil": 1 }, /^c: \\u\{202e\}evil is no field; /],
  [
    "a seed that evaluations draw from",
    { seed: EVALUATION_SEEDS.reserved },
    /^c: seed is 1579075565; expected none of /,
  ],
  [
    "a guide blind to its past",
    { guide: { actor: { ...DENSE, history: false } } },
    /^c: guide\.actor\.history is false; /,
  ],
  [
    "learning from nothing",
    { policy: { firstSteps: 1 } },
    /^c: policy\.firstSteps is 1; expected at least 250 /,
  ],
  [
    "a warm-up that never ends",
    { policy: { warmupSteps: 100 } },
    /^c: policy\.warmupSteps is 100; expected at most 99 /,
  ],
  [
    "critics that never train",
    { policy: { criticStride: 81 } },
    /^c: policy\.criticStride is 81; expected at most 80 /,
  ],
  [
    "an actor that nothing moves",
    { policy: { alpha: 0, bcWeight: 0 } },
    /^c: policy\.bcWeight is 0; expected at least /,
  ],
  [
    "a first update after the last round",
    { guide: { firstUpdateAt: 2e6 } },
    /^c: guide\.firstUpdateAt is 2000000; expected/,
  ],
  [
    "a weight beyond f32's squares",
    { policy: { alpha: 3.4e38 } },
    /^c: policy\.alpha is 3\.4e\+38; .*<=10000/,
  ],
  [
    "a rate that rounds to nothing",
    { policy: { actorAdam: { learningRate: 1e-300 } } },
    /learningRate is 1e-300; .*>=1e-8/,
  ],
  [
    "a weight that rounds to nothing",
    { policy: { bcWeight: 1e-300 } },
    /bcWeight is 1e-300; expected 0, or a number from/,
  ],
  [
    "traces of neurons that have none",
    { policy: { credit: "eprop", actor: { hidden: [{ width: 8, recurrent: true }, 8] } } },
    /^c: policy\.credit is "eprop"; expected "bptt" \(e-prop has traces of /,
  ],
  [
    "more updates than are counted",
    { guide: { rounds: 1e6, updatesPerRound: 1e5 } },
    /^c: guide\.rounds is 1000000; /,
  ],
])("%s is refused in one short line", (_, overrides, line) => {
  const refused = () =>
    resolveRunConfig({ algorithm: "td3bc-jsrl", overrides: overrides as Record<string, unknown> }, "c");
  expect(refused).toThrow(line);
  expect(refused).toThrow(/^[\x20-\x7e]{1,1200}$/);
});

test.each(["actor", "jumpStart", "surrogateSlope", "actorAdam"])(
  "an unknown field inside %s is refused",
  (field) => {
    const given = { ...TD3BC_JSRL_PRESETS.fast[field as "actor"], speed: 3 };
    expect(() => resolve({ policy: { [field]: given } })).toThrow(/^train\.json: .*speed/);
  },
);

test("a preset stands for its algorithm where none is named, and learning through the simulator for a late drone", () => {
  const fast = resolveRunConfig({}, "c");
  expect(fast).toMatchObject({ preset: "fast", algorithm: "apg", task: { delayS: [0, 0.006] } });
  expect(fast).not.toHaveProperty("guide");
  const paper = resolveRunConfig({ preset: "paper" }, "c");
  expect(paper).toMatchObject({ algorithm: "td3bc-jsrl", task: { delayS: [0, 0] } });
});

test("a guide comes from TD3, or from the simulator where the config says so; then critics start from scratch", () => {
  expect(resolve({})).toMatchObject({ guideAlgorithm: "td3", policy: { criticStart: "guide" } });
  const bySimulator = resolve({ guideAlgorithm: "apg", guide: { rounds: 7 } });
  expect(bySimulator).toMatchObject({ guide: { rounds: 7, drones: 96 }, policy: { criticStart: "scratch" } });
  expect(() => resolve({ guideAlgorithm: "sac" })).toThrow(
    /^train\.json: guideAlgorithm is "sac"; expected one of /,
  );
  expect(() => resolve({ guideAlgorithm: "apg", guide: { tau: 1 } })).toThrow(
    /^train\.json: guide\.tau is no field; /,
  );
});

test.each(["staged", "distil"] as const)(
  "%s learns from a guide by the simulator, for a late drone",
  (algorithm) => {
    const config = resolveRunConfig({ algorithm }, "c");
    expect(config).toMatchObject({ guideAlgorithm: "apg", preset: "fast", task: { delayS: [0, 0.006] } });
    expect(() => resolveRunConfig({ algorithm, preset: "paper" }, "c")).toThrow(
      `c: preset is "paper"; with ${algorithm} expected fast`,
    );
    expect(() => resolveRunConfig({ algorithm, overrides: { guideAlgorithm: "td3" } }, "c")).toThrow(
      /^c: guideAlgorithm is "td3"; expected /,
    );
  },
);

test.each<[string, Record<string, unknown>, RegExp]>([
  ["a guide", { guide: {} }, /^c: guide is no field; /],
  [
    "the paper's preset",
    { preset: "paper" },
    /^c: preset is "paper"; with apg expected fast, no-delay, robust, real-crazyflie, all-around$/,
  ],
  [
    "a delay of more than a period",
    { task: { delayS: [0, 0.02] } },
    /^c: task\.delayS\.1 is 0\.02; expected /,
  ],
  [
    "a delay from its end",
    { task: { delayS: [0.004, 0.002] } },
    /^c: task\.delayS is \[0\.004,0\.002\]; expected the smaller first/,
  ],
  [
    "more rows than are counted",
    { policy: { drones: 1024, longWindow: 500 } },
    /^c: policy\.longWindow is 500; expected at most 255 /,
  ],
])("learning through the simulator refuses %s", (_, overrides, message) => {
  expect(() => resolveRunConfig({ algorithm: "apg", overrides }, "c")).toThrow(message);
});
