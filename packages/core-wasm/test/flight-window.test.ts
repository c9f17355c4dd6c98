import { expect, test } from "vitest";
import {
  ACTION_WORDS,
  Activation,
  ActorKind,
  BODY_WORDS,
  Body,
  type Core,
  Neuron,
  OBSERVATION_WORDS,
  REWARDS,
  Surrogate,
  variationFields,
  WeightFormat,
} from "../src/index.js";
import { loadCore } from "../src/node.js";
import { createBatch, WIDE_VARIATION } from "./flight.js";
import { firstDifference } from "./memory.js";
import { createFloatActor, createMlp, createSpikingActor, lif, type TestActor } from "./network.js";

const N = 8;
const STEPS = 12;
/** Spiking policies by name. */
const NETWORKS = {
  spiking: { ...lif(24, 16), productBits: 25 },
  "three-layer": { ...lif(24, 16, 16), productBits: 25 },
  "recurrent adaptive narrow": {
    layers: [
      { width: 24, neuron: Neuron.ALIF, recurrent: true, weightFormat: WeightFormat.I8 },
      { width: 16, recurrent: true, weightFormat: WeightFormat.I8 },
    ],
    readOut: Neuron.LI,
    readOutFormat: WeightFormat.I4,
    surrogate: Surrogate.ARCTAN,
    productBits: 25,
  },
} as const;

type Create = (core: Core) => TestActor;

/** Policies of every kind of actor, by name. A kind that is forgotten here does not compile. */
const POLICIES_OF: Record<keyof typeof ActorKind, Readonly<Record<string, Create>>> = {
  SPIKING: Object.fromEntries(
    Object.entries(NETWORKS).map(([name, spec]) => [name, (core) => createSpikingActor(core, spec, 9)]),
  ),
  DENSE: {
    dense(core) {
      const mlp = createMlp(core, [OBSERVATION_WORDS, 12, ACTION_WORDS], Activation.TANH, Activation.TANH);
      return createFloatActor(core, { kind: ActorKind.DENSE, inputs: OBSERVATION_WORDS, mlp }, 9);
    },
  },
  GRU: {
    gru: (core) => createFloatActor(core, { kind: ActorKind.GRU, inputs: OBSERVATION_WORDS, units: 16 }, 9),
  },
  SPIKING_PASSES: {}, // the simulator's gradient does not go through it; batches are in actor-pass.spec.ts
};
const POLICIES = Object.values(POLICIES_OF).flatMap((policies) => Object.entries(policies));

/** Three windows of a policy in a delayed flight; the drones, and the gradient of the last window. */
function learnBriefly(core: Core, create: Create): Uint8Array[] {
  const { kernels } = core;
  const environments = createBatch(core, {
    n: N,
    seed: 3,
    airframe: "crazyflie-l2f",
    reward: REWARDS["paper-start"],
    start: "l2f",
    noise: "l2f",
    bounds: "l2f",
  });
  core.assign("Environments", environments, {
    delayMinS: 0.001,
    delayMaxS: 0.006,
    variation: core.create("Variation", variationFields(WIDE_VARIATION)),
  });
  const { at: actor, count } = create(core);
  const cost = core.create("FlightCost", {
    position: 1,
    positionNorm: 0.5,
    velocity: 0.01,
    angularVelocity: 0.002,
    orientation: 0.25,
    action: 0.035,
    actionChange: 0.5,
    actionBaseline: 0.334,
    end: 1,
  });
  const window = core.create("FlightWindow", {
    environments,
    actor,
    cost,
    shard: 0,
    shards: 1,
    steps: STEPS,
  });
  const gradient = core.allocate("F32s", count);
  for (const fresh of [1, 0, 0]) {
    kernels.flightWindowFly(window, STEPS, fresh);
    core.bytes(gradient, 4 * count).fill(0);
    kernels.flightWindowBackward(window, STEPS, 5, 0.97, 1 / (N * STEPS), gradient, count);
    expect(core.view("FlightWindow", window).finite).toBe(true);
  }
  const { body } = core.view("Environments", environments);
  return [core.bytes(gradient, 4 * count), core.bytes(body, 4 * BODY_WORDS * N)];
}

test.each(POLICIES)(
  "SIMD and scalar give the same bytes of a %s policy's gradient through the simulator",
  (_, create) => {
    const simd = learnBriefly(loadCore("simd"), create);
    expect(simd.every((region) => region.some((byte) => byte !== 0))).toBe(true);
    expect(firstDifference(simd, learnBriefly(loadCore("scalar"), create))).toBe("same");
  },
);

test("an episode's delay is within its range, its own, and 0 where none is asked for", () => {
  const core = loadCore("simd");
  const { kernels } = core;
  const flown = (minS: number, maxS: number): Float32Array => {
    const at = createBatch(core, {
      n: N,
      seed: 3,
      airframe: "crazyflie-l2f",
      reward: REWARDS["paper-start"],
      start: "l2f",
      noise: "none",
      bounds: "l2f",
    });
    core.assign("Environments", at, { delayMinS: minS, delayMaxS: maxS });
    for (let i = 0; i < N; i++) kernels.environmentReset(at, i, i);
    const { action, body } = core.view("Environments", at);
    core.f32(action, ACTION_WORDS * N).fill(0.9);
    kernels.environmentsStep(at);
    return core.f32(body, BODY_WORDS * N).slice(Body.ROTOR * N, (Body.ROTOR + 1) * N);
  };
  const prompt = flown(0, 0);
  const late = flown(0.004, 0.004);
  const drawn = flown(0, 0.01);
  // The motors turn faster the sooner the command of 0.9 reaches them.
  for (let i = 0; i < N; i++) {
    expect(late[i]).toBeLessThan(prompt[i]!);
    expect(drawn[i]).toBeLessThanOrEqual(prompt[i]!);
  }
  expect(new Set(drawn).size).toBe(N);
  expect(new Set(prompt).size).toBe(1);
});
