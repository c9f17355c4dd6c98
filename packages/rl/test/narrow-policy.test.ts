import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { flyClosedLoop } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import {
  DEFAULT_TASK,
  decodePolicy,
  encodePolicy,
  loadPolicy,
  narrowPolicy,
  type Policy,
  policyImage,
  resolveRunConfig,
} from "../src/index.js";

const read = (name: string) =>
  decodePolicy(readFileSync(fileURLToPath(new URL(`../policies/${name}`, import.meta.url))), name);
const simd = loadCore("simd");
const scalar = loadCore("scalar");
const wide = read("snn.safetensors");
const narrow = narrowPolicy(simd, wide, DEFAULT_TASK, "snn.safetensors");
const STEPS = 500;
const fly = (core: typeof simd, policy: typeof wide) =>
  flyClosedLoop(core, policyImage(core, loadPolicy(core, policy)), 0, STEPS);

test("a narrow policy has the weights of layer 2 and the read-out in a byte each", () => {
  const [h1, h2] = [256, 128];
  const scales = 4 * (h2 + 4);
  expect(narrow.weights.length).toBe(wide.weights.length - (h1 * h2 + 4 * h2) + scales);
  expect(narrow.record).toMatchObject({ seed: wide.record.seed as number });
  expect(narrow.record).not.toHaveProperty("evaluation");
});

test("it goes through a file unchanged", () => {
  const file = encodePolicy(narrow);
  expect(decodePolicy(file, "a")).toEqual(narrow);
  expect(encodePolicy(decodePolicy(file, "a"))).toEqual(file);
});

test("it stays in the air like the wide one, on another path", () => {
  const flown = fly(simd, narrow);
  expect(flown.episodes).toBe(1);
  expect(fly(simd, wide).episodes).toBe(1);
  expect(flown.hash).not.toBe(fly(simd, wide).hash);
});

test("SIMD and scalar builds narrow and fly it to the same bytes", () => {
  expect(narrowPolicy(scalar, wide, DEFAULT_TASK, "snn.safetensors")).toEqual(narrow);
  expect(fly(scalar, narrow)).toEqual(fly(simd, narrow));
});

test("the shipped narrow policy, trained so, takes as many bytes, has another path, and stays in the air", () => {
  const shipped = read("snn-i8.safetensors");
  expect(shipped.shape).toMatchObject({ weightFormat: "i8", hidden: [256, 128] });
  expect(shipped.weights.length).toBe(narrow.weights.length);
  const flown = fly(simd, shipped);
  expect(flown.episodes).toBe(1);
  expect(flown.hash).not.toBe(fly(simd, narrow).hash);
});

test("a dense policy and a narrow one are refused by name", () => {
  expect(() => narrowPolicy(simd, narrow, DEFAULT_TASK, "snn-i8")).toThrow(
    /^snn-i8: its weights are i8 already$/,
  );
  expect(() => narrowPolicy(simd, read("ann.safetensors"), DEFAULT_TASK, "ann")).toThrow(
    /^ann: kind is dense; expected spiking$/,
  );
});

test("a config can ask to train narrow weights", () => {
  const choice = { preset: "fast", algorithm: "td3bc-jsrl", seed: 1 } as const;
  const ask = (actor: Policy["shape"]) =>
    resolveRunConfig({ ...choice, overrides: { policy: { actor } } }, "c.json");
  expect(ask(wide.shape).policy.actor).toEqual(wide.shape);
  expect(ask(narrow.shape).policy.actor).toEqual(narrow.shape);
});
