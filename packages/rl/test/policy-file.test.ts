import { loadCore } from "@spikewing/core/node";
import fc from "fast-check";
import { expect, test } from "vitest";
import { recordExample } from "../src/flight.js";
import {
  createActor,
  createFlight,
  DEFAULT_TASK,
  decodePolicy,
  encodePolicy,
  initialiseActor,
  loadPolicy,
  type Policy,
  policyWeights,
  TD3BC_JSRL_PRESETS,
} from "../src/index.js";

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
