import { expect, test } from "vitest";
import { AIRFRAMES, airframeFields, type Core, LAYOUTS, REWARDS, rewardFields } from "../src/index.js";
import { loadCore } from "../src/node.js";
import { createBatch } from "./flight.js";

test("an object is written and read by the names of its fields", () => {
  const core = loadCore();
  const reward = core.create("Reward", rewardFields(REWARDS["l2f-target"]));
  expect(core.view("Reward", reward)).toMatchObject({ constant: 2, position: 40, plainNorms: false });
  core.assign("Reward", reward, { position: 7, plainNorms: true });
  expect(core.view("Reward", reward)).toMatchObject({ constant: 2, position: 7, plainNorms: true });
});

test("what follows from the fields is there after create and after assign", () => {
  const core = loadCore();
  const airframe = core.create("Airframe", airframeFields(AIRFRAMES["crazyflie-l2f"]));
  const view = core.view("Airframe", airframe);
  expect(view.inverseMass).toBe(Math.fround(1 / Math.fround(0.027)));
  core.assign("Airframe", airframe, { massKg: 0.5 });
  expect(view.inverseMass).toBe(2);
});

test("a view outlives the growth of its memory", () => {
  const core = loadCore();
  const noise = core.create("SensorNoise", {
    positionM: 0.5,
    rotation: 0,
    velocityMPerS: 0,
    angularVelocityRadPerS: 0,
  });
  const view = core.view("SensorNoise", noise);
  core.allocate("F32s", 2 ** 20);
  expect(view.positionM).toBe(0.5);
});

test("no two fields of a class overlap, and all end within it", () => {
  const bytes = { f32: 4, f64: 8, i64: 8, i32: 4, u32: 4, usize: 4, bool: 1 };
  for (const [name, layout] of Object.entries(LAYOUTS)) {
    const fields = Object.values(layout.fields).sort((a, b) => a.offset - b.offset);
    fields.forEach(({ type, offset }, i) => {
      const next = fields[i + 1]?.offset ?? layout.bytes;
      expect(offset + bytes[type], name).toBeLessThanOrEqual(next);
    });
  }
});

test("the arrays of an object lie behind one another, aligned and within what was taken for them", () => {
  const core = loadCore();
  const at = createBatch(core, { n: 8, reward: REWARDS["paper-start"] });
  const end = core.allocatedBytes;
  const { scratch, body, target, terminated } = core.view("Environments", at);
  const arrays = [scratch, body, target, terminated];
  for (const array of arrays) expect(array % 16).toBe(0);
  expect(scratch).toBeGreaterThanOrEqual(at + LAYOUTS.Environments.bytes);
  expect([...arrays].sort((a, b) => a - b)).toEqual(arrays);
  expect(terminated + 8).toBeLessThanOrEqual(end);
});

/** Never called: that these lines do not compile is what is tested (tsconfig.tests.json). */
export function wrong(core: Core): void {
  const reward = core.create("Reward", rewardFields(REWARDS["paper-start"]));
  const environments = createBatch(core, { n: 4, reward: REWARDS["paper-start"] });
  const { body } = core.view("Environments", environments);
  // @ts-expect-error: a reward is no batch of environments
  core.kernels.environmentsStep(reward);
  // @ts-expect-error: swapped arguments
  core.kernels.environmentReset(0, environments, 1);
  // @ts-expect-error: a plain number is no address
  core.kernels.environmentsObserve(64);
  // @ts-expect-error: arithmetic on an address gives none
  core.kernels.trajectoryTarget(0, 0, 1, 1, body + 4);
  // @ts-expect-error: nor can it be read
  core.f32(body + 48, 1);
  // @ts-expect-error: nor is it found without a type
  core.bytes(64, 8);
  // @ts-expect-error: what is allocated is of a kind
  core.allocate(64);
  // @ts-expect-error: an array goes on as what it is
  core.element("U8s", body, 4);
  // @ts-expect-error: a field is missing
  core.create("SensorNoise", { positionM: 0, rotation: 0, velocityMPerS: 0 });
  // @ts-expect-error: there is no such field
  core.assign("Reward", reward, { heading: 1 });
  // @ts-expect-error: an array is not an object
  core.view("Reward", body);
}
