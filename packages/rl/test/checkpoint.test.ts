import fc from "fast-check";
import { expect, test } from "vitest";
import { CHECKPOINT_FORMAT } from "../src/checkpoint.js";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type Phase,
  SpikewingError,
} from "../src/index.js";
import { encodeSealed } from "../src/sealed-container.js";
import { TINY, TINY_IDENTITY } from "./tiny-run.js";

const MEMORY = Uint8Array.from({ length: 64 }, (_, i) => i);
const PROGRESS = { round: 2, update: 6, bcWeight: 1.9208, scores: [12.5, 80.25], bestReturn: 80.25 };

/** A phase in all that a checkpoint asks of it. */
const phase = {
  core: { allocated: () => MEMORY },
  progress: PROGRESS,
} as unknown as Phase<unknown>;
const file = encodeCheckpoint("policy", TINY, TINY_IDENTITY, phase);
const headerEnd = 8 + new DataView(file.buffer).getUint32(0, true);
const whole: Checkpoint = {
  phase: "policy",
  config: TINY,
  identity: TINY_IDENTITY,
  progress: PROGRESS,
  memory: MEMORY,
};

test("a checkpoint holds its run's config and identity, the counters and the memory", () => {
  expect(decodeCheckpoint(file, "c")).toEqual(whole);
});

/** Refused by name, in one line; or, where the bytes mean the same to every reader, as it was. */
function expectRefused(damaged: Uint8Array): void {
  let found: Checkpoint;
  try {
    found = decodeCheckpoint(damaged, "c");
  } catch (error) {
    if (!(error instanceof SpikewingError) || !/^c: [^\n]{1,400}$/.test(error.message)) throw error;
    return;
  }
  expect(found).toEqual(whole);
}

test("of every bit of a checkpoint's header, none can change and be taken for another meaning", () => {
  for (let bit = 0; bit < 8 * headerEnd; bit++) {
    const damaged = file.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expectRefused(damaged);
  }
});

test("cut, spliced and overwritten headers are refused by name", () => {
  const place = fc.nat(headerEnd - 1);
  const splice = fc.record({ at: place, removed: fc.nat(40), put: fc.uint8Array({ maxLength: 40 }) });
  fc.assert(
    fc.property(fc.array(splice, { minLength: 1, maxLength: 4 }), (splices) => {
      let damaged = file;
      for (const { at, removed, put } of splices)
        damaged = Uint8Array.from([...damaged.subarray(0, at), ...put, ...damaged.subarray(at + removed)]);
      expectRefused(damaged);
    }),
    { numRuns: 5000, seed: 1 },
  );
});

const METADATA = {
  format: CHECKPOINT_FORMAT,
  phase: "policy",
  config: JSON.stringify(TINY),
  identity: JSON.stringify(TINY_IDENTITY),
  progress: JSON.stringify(PROGRESS),
};
const memoryTensor = { dtype: "U8", shape: [MEMORY.length], bytes: MEMORY } as const;
const sealed = (metadata: object, tensors: object = { memory: memoryTensor }) =>
  encodeSealed({ metadata: { ...METADATA, ...metadata }, tensors: new Map(Object.entries(tensors)) });

test.each<[Record<string, string>, RegExp]>([
  [{ progress: JSON.stringify({ ...PROGRESS, round: -5 }) }, /^c: progress\.round: /],
  [{ progress: JSON.stringify({ ...PROGRESS, round: 5 }) }, /^c: progress\.round is 5; expected up to 4$/],
  [{ progress: JSON.stringify({ ...PROGRESS, bestReturn: "80" }) }, /^c: progress\.bestReturn: /],
  [{ progress: JSON.stringify({ ...PROGRESS, speed: 1 }) }, /^c: progress: .*speed/],
  [{ progress: JSON.stringify({ round: 2, update: 6, levels: {} }) }, /^c: progress/],
  [{ progress: "{" }, /^c: progress is not JSON$/],
  [{ config: JSON.stringify({ ...TINY, seed: -1 }) }, /^c: config\.seed: /],
  [
    { config: JSON.stringify({ ...TINY, policy: { ...TINY.policy, gamma: 2 } }) },
    /^c: config\.policy\.gamma: /,
  ],
  [
    { config: JSON.stringify({ ...TINY, policy: { ...TINY.policy, speed: 2 } }) },
    /^c: config\.policy: .*speed/,
  ],
  [{ identity: JSON.stringify({ ...TINY_IDENTITY, core: "new" }) }, /^c: identity\.core: /],
  [{ phase: "landing" }, /^c: phase is "landing"; expected guide or policy$/],
  [
    { format: "spikewing-checkpoint-1" },
    /^c: format is "spikewing-checkpoint-1"; this build reads spikewing-/,
  ],
])("a sealed checkpoint with %j is refused by field", (metadata, line) => {
  expect(() => decodeCheckpoint(sealed(metadata), "c")).toThrow(line);
});

test("a checkpoint without its memory is refused", () => {
  expect(() => decodeCheckpoint(sealed({}, {}), "c")).toThrow(/^c: expected one tensor, memory, /);
});
