import { expect, test } from "vitest";
import { resolveRunConfig, TD3BC_JSRL_PRESETS } from "../src/index.js";

const resolve = (overrides: Record<string, unknown>) =>
  resolveRunConfig({ preset: "fast", algorithm: "td3bc-jsrl", seed: 1, overrides }, "train.json");

test("without overrides the preset stands", () => {
  expect(resolve({}).policy).toEqual(TD3BC_JSRL_PRESETS.fast);
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
  [{ speed: 3 }, /^train\.json: .*speed/],
  [
    { policy: { surrogateSlope: { kind: "fixed", slope: 200 } } },
    /policy\.surrogateSlope\.slope is 200; .*100/,
  ],
])("%j is refused with place, field, value and what is accepted", (overrides, message) => {
  expect(() => resolve(overrides)).toThrow(message);
});

test.each(["actor", "jumpStart", "surrogateSlope", "actorAdam"])(
  "an unknown field inside %s is refused",
  (field) => {
    const given = { ...TD3BC_JSRL_PRESETS.fast[field as "actor"], speed: 3 };
    expect(() => resolve({ policy: { [field]: given } })).toThrow(/^train\.json: .*speed/);
  },
);
