import { createInlinePool } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import fc from "fast-check";
import { expect, test } from "vitest";
import { recordExample } from "../src/flight.js";
import {
  createActor,
  createFlight,
  createPolicyPhase,
  DEFAULT_TASK,
  decodePolicy,
  encodePolicy,
  initialiseActor,
  loadPolicy,
  type Policy,
  policyWeights,
  resolveRunConfig,
  TD3BC_JSRL_PRESETS,
} from "../src/index.js";
import { type Entry, type Parts, seal, takeApart } from "./policy-damage.js";

const core = loadCore();
const shape = { ...TD3BC_JSRL_PRESETS.fast.actor, hidden: [16, 8] } as Policy["shape"];
const actor = createActor(core, shape);
initialiseActor(core, actor, 1, 0);
const policy: Policy = {
  shape,
  weights: policyWeights(core, actor),
  example: recordExample(core, DEFAULT_TASK, actor, 20, 3),
  record: { seed: 1 },
};
const file = encodePolicy(policy);

test("a policy file gives back what was written", () => {
  expect(decodePolicy(file, "a")).toEqual(policy);
  expect(encodePolicy(decodePolicy(file, "a"))).toEqual(file);
});

test("a loaded policy flies as the one that was saved", () => {
  const fly = (flown: typeof actor) => {
    const flight = createFlight(core, DEFAULT_TASK, flown, 9);
    flight.reset(4);
    for (let t = 0; t < 30; t++) flight.step();
    return { state: flight.state(), membranes: flight.membranes(), spikes: flight.spikes() };
  };
  const saved = fly(actor);
  expect(fly(loadPolicy(core, decodePolicy(file, "a")))).toEqual(saved);
  expect(saved.spikes.reduce((sum, spike) => sum + spike, 0)).toBeGreaterThan(0);
});

test("a policy file cut at any byte is refused by name", () => {
  fc.assert(
    fc.property(fc.nat(file.length - 1), (cut) => {
      expect(() => decodePolicy(file.subarray(0, cut), "hover.policy")).toThrow(/^hover\.policy: /);
    }),
  );
});

test("a policy file with any bit flipped is refused by name", () => {
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(7), (at, bit) => {
      const damaged = file.slice();
      damaged[at]! ^= 1 << bit;
      expect(() => decodePolicy(damaged, "hover.policy")).toThrow(/^hover\.policy: /);
    }),
    { numRuns: 300 },
  );
});

/** The file with something changed, and sealed again as a forger would. */
function forge(change: (parts: Parts, tensors: Record<string, Entry>) => Parts | undefined): Uint8Array {
  const parts = takeApart(file);
  return seal(change(parts, parts.header as Record<string, Entry>) ?? parts);
}

test.each<[string, Parameters<typeof forge>[0], string]>([
  [
    "a leak above one",
    ({ data }, { leak1 }) => void new DataView(data.buffer).setInt32(leak1!.data_offsets[0] + 8, 65537, true),
    "tensor leak1: value 2 is 65537; expected from 0 to 65536",
  ],
  [
    "a weight that the proofs leave out",
    ({ data }, { w2 }) => void new DataView(data.buffer).setInt16(w2!.data_offsets[0], -32768, true),
    "tensor w2: value 0 is -32768; expected from -32767 to 32767",
  ],
  [
    "critics of bytes",
    ({ header, data }) => ({
      header: {
        ...header,
        critics: { dtype: "U8", shape: [3], data_offsets: [data.length, data.length + 3] },
      },
      data: Uint8Array.of(...data, 1, 2, 3),
    }),
    "tensor critics is U8 (3); expected F32 (3)",
  ],
  [
    "critics that are not finite",
    ({ header, data }) => ({
      header: {
        ...header,
        critics: { dtype: "F32", shape: [1], data_offsets: [data.length, data.length + 4] },
      },
      data: Uint8Array.of(...data, 0, 0, 128, 127),
    }),
    "tensor critics: value 0 is Infinity; expected finite",
  ],
  [
    "a type that only JavaScript has",
    (_, { b3 }) => void Object.assign(b3!, { dtype: "toString" }),
    'tensor b3: dtype is "toString"; expected one of F32, I8, I16, I32, U8, F64, I64',
  ],
  [
    "a hole between tensors",
    ({ header, data }) => ({
      header: {
        ...header,
        hole: { dtype: "U8", shape: [1], data_offsets: [data.length + 1, data.length + 2] },
      },
      data: Uint8Array.of(...data, 1, 2),
    }),
    `tensor hole starts at byte ${takeApart(file).data.length + 1} of the data; expected`,
  ],
  [
    "two tensors in one place",
    (_, { w1, w2 }) => void Object.assign(w2!, { data_offsets: w1!.data_offsets, shape: w1!.shape }),
    "tensor w2 starts at byte 0 of the data; expected",
  ],
])("a sealed policy file with %s is refused", (_, change, message) => {
  expect(() => decodePolicy(forge(change), "forged")).toThrow(`forged: ${message}`);
});

test("a header that is deeper than a stack, or longer than a line, is refused in a line", () => {
  const withDtype = (dtype: string) => {
    const json = new TextEncoder().encode(`{"w1":{"dtype":${dtype},"shape":[],"data_offsets":[0,0]}}`);
    const bytes = new Uint8Array(8 + json.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  };
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  expect(() => decodePolicy(withDtype(deep), "deep")).toThrow(
    "deep: tensor w1: dtype is a list; expected one of",
  );
  expect(() => decodePolicy(withDtype(`"${"x".repeat(500_000)}"`), "long")).toThrow(
    /^long: tensor w1: dtype is "x{60}\.\.\."; expected one of [A-Z0-9, ]+$/,
  );
});

test("a guide with critics of another size is refused before training", () => {
  const config = resolveRunConfig({ preset: "fast", algorithm: "td3bc-jsrl", seed: 1 }, "test");
  const guideCore = loadCore();
  const guideActor = createActor(guideCore, config.guide.actor);
  const weights = policyWeights(guideCore, guideActor);
  const guide = { shape: config.guide.actor, weights, record: {}, critics: new Float32Array(3) };
  const factory = () => ({ core: guideCore, pool: createInlinePool(guideCore.kernels) });
  expect(config.policy.criticStart).toBe("guide");
  expect(() => createPolicyPhase(factory, config, guide)).toThrow(
    /^guide: its critics have 3 values; expected \d+ for the layers in the config$/,
  );
});
