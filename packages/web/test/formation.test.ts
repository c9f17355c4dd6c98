import { compileCore, loadCore } from "@spikewing/core/node";
import {
  createActor,
  decodePolicy,
  encodePolicy,
  initialiseActor,
  type Policy,
  policyWeights,
} from "@spikewing/rl";
import { beforeAll, describe, expect, test } from "vitest";
import type { TimedInput } from "../src/flight-input.js";
import { DEFAULT_SETTINGS } from "../src/flight-settings.js";
import { createFormation } from "../src/formation.js";
import { silentNeurons } from "../src/lesion.js";

const module = compileCore("simd");
let policy: Policy;

beforeAll(() => {
  policy = untrainedPolicy();
});

function untrainedPolicy(): Policy {
  const core = loadCore("simd");
  const shape = {
    kind: "spiking",
    hidden: [64, 32],
    productBits: 25,
    weightBits: [12, 12],
    inputGain: [1, 1, 1, 1],
  } as const;
  const actor = createActor(core, shape);
  initialiseActor(core, actor, 3, 0);
  const example = { observations: new Int16Array(0), actions: new Int16Array(0) };
  const file = encodePolicy({ shape, weights: policyWeights(core, actor), example, record: {} });
  return decodePolicy(file, "untrained");
}

const create = (settings = DEFAULT_SETTINGS, replay: readonly TimedInput[] = []) =>
  createFormation(module, [{ name: "a", policy }], settings, replay);

function fly(formation: ReturnType<typeof create>, steps: number): number {
  for (let i = 0; i < steps; i++) formation.advance();
  return formation.hash;
}

describe("formation", () => {
  test("a push is caught: for two seconds the error after it counts as nothing else", () => {
    const formation = create({ ...DEFAULT_SETTINGS, hiddenForce: "off" });
    const { flight } = formation.drones[0]!;
    fly(formation, 1);
    const { catchM, errorM } = flight.errorSplit();
    expect(catchM).toBeGreaterThan(0);
    expect(errorM).toBeNaN();
    flight.reset(0);
    for (let step = 0; step < 201; step++) flight.step();
    const settled = flight.errorSplit().errorM;
    formation.apply({ kind: "push", force: [40, 0, 0], yaw: 0, steps: 4 });
    flight.step();
    expect(flight.errorSplit().errorM).toBe(settled);
  });

  test("inputs given live and the same inputs replayed give the same bytes", () => {
    const live = create();
    fly(live, 3);
    live.apply({ kind: "push", force: [40, -20, 10], yaw: 15, steps: 4 });
    live.apply({ kind: "change", name: "mass", value: 1.2 });
    fly(live, 5);
    live.apply({ kind: "target", position: [0.1, 0, 0.2] });
    live.apply({ kind: "change", name: "failedMotor", value: 2 });
    const hash = fly(live, 6);
    expect(fly(create(DEFAULT_SETTINGS, live.inputs), 14)).toBe(hash);
    expect(fly(create(), 14)).not.toBe(hash);
  });

  test.each([
    ["seed", 2],
    ["mass", 1.3],
    ["thrust", 0.9],
    ["noise", 20],
    ["windX", 30],
    ["windY", -30],
    ["gusts", 10],
    ["failedMotor", 3],
    ["airframe", "crazyflie-l2f-py"],
    ["path", "circle"],
  ] as const)("%s is part of the flight", (name, value) => {
    expect(fly(create({ ...DEFAULT_SETTINGS, [name]: value }), 12)).not.toBe(fly(create(), 12));
  });

  test("a push ends by itself", () => {
    const formation = create({ ...DEFAULT_SETTINGS, noise: 0 });
    const before = formation.drones[0]!.state.velocity[0]!;
    formation.apply({ kind: "push", force: [100, 0, 0], yaw: 0, steps: 2 });
    const calm = create({ ...DEFAULT_SETTINGS, noise: 0 });
    fly(formation, 2);
    fly(calm, 2);
    const gained = formation.drones[0]!.state.velocity[0]! - calm.drones[0]!.state.velocity[0]!;
    expect(gained).toBeCloseTo((0.1 / 0.027) * 0.02, 3); // F t / m
    expect(before).toBe(create({ ...DEFAULT_SETTINGS, noise: 0 }).drones[0]!.state.velocity[0]);
  });

  test("drones of the same policy fly the same", () => {
    const formation = createFormation(
      module,
      [
        { name: "a", policy },
        { name: "b", policy },
      ],
      DEFAULT_SETTINGS,
    );
    fly(formation, 20);
    const [a, b] = formation.drones;
    expect(a!.state).toEqual(b!.state);
    expect(formation.hash).toBe(fly(create(), 20));
  });

  test("the first drone's silenced neurons never fire, a larger share contains a smaller one, and a replay is the same", () => {
    const formation = createFormation(
      module,
      [
        { name: "a", policy },
        { name: "b", policy },
      ],
      DEFAULT_SETTINGS,
    );
    const [first, second] = formation.drones;
    const fired = (drone: typeof first, steps: number) => {
      const neurons = new Set<number>();
      for (let i = 0; i < steps; i++) {
        formation.advance();
        for (const [j, spike] of drone!.flight.spikes().entries()) if (spike) neurons.add(j);
      }
      return neurons;
    };
    expect(fired(first, 10).size).toBeGreaterThan(20);
    formation.apply({ kind: "lesion", percent: 35 });
    const some = silentNeurons(formation.inputs, DEFAULT_SETTINGS.seed, 96);
    expect(some.size).toBe(34);
    const speaking = fired(first, 10);
    expect([...speaking].filter((neuron) => some.has(neuron))).toEqual([]);
    const [neuron] = speaking;
    formation.apply({ kind: "silence", neuron: neuron!, isSilent: true });
    expect(fired(first, 10).has(neuron!)).toBe(false);
    formation.apply({ kind: "lesion", percent: 60 });
    const more = silentNeurons(formation.inputs, DEFAULT_SETTINGS.seed, 96);
    expect([...some].every((each) => more.has(each))).toBe(true);
    expect(silentNeurons(formation.inputs, 2, 96)).not.toEqual(more);
    formation.apply({ kind: "lesion", percent: 100 });
    expect(fired(first, 10).size).toBe(0);
    expect(fired(second, 10).size).toBeGreaterThan(20); // those beside it stay whole
    formation.apply({ kind: "lesion", percent: 0 });
    expect(fired(first, 10).size).toBeGreaterThan(20);
    const again = createFormation(module, [{ name: "a", policy }], DEFAULT_SETTINGS, formation.inputs);
    while (again.step < formation.step) again.advance();
    expect(again.hash).toBe(formation.hash);
  });

  test("a drone that left its bounds is stopped and says so", () => {
    const formation = create({ ...DEFAULT_SETTINGS, failedMotor: 1 });
    fly(formation, 300);
    const { crashed, step } = formation.drones[0]!.state;
    expect(crashed).toBe(true);
    expect(step).toBeLessThan(300);
  });
});
