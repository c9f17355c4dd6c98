import { expect, test } from "vitest";
import {
  ACTION_WORDS,
  type Address,
  BODY_WORDS,
  Body,
  type Core,
  REWARDS,
  variationFields,
} from "../src/index.js";
import { loadCore } from "../src/node.js";
import { createBatch, WIDE_VARIATION } from "./flight.js";
import { firstDifference } from "./memory.js";

const N = 8;
const STEPS = 12;
const HIDDEN = [24, 16] as const;

/** Three windows of a spiking or dense policy in a delayed flight; the drones, and the gradient of the last window. */
function learnBriefly(core: Core, kind: "spiking" | "dense"): Uint8Array[] {
  const { kernels, allocate } = core;
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
  const actor = allocate(64) as Address<"Actor">;
  const scratch = allocate(16);
  let count: number;
  if (kind === "dense") {
    const mlp = allocate(64);
    kernels.mlpInit(mlp, 2, 1, 1, 18, 12, 4, 0, 0);
    count = kernels.mlpParameterCount(mlp);
    const parameters = allocate(4 * count);
    kernels.initialiseMlp(mlp, parameters, 9, 0, scratch);
    kernels.actorInit(actor, mlp, parameters, allocate(4 * count), 0, 0, allocate(4 * count), 0, 18);
  } else {
    count = kernels.masterCount(...HIDDEN);
    const parameters = allocate(4 * count);
    const images = [0, 1].map(() => {
      const image = allocate(kernels.imageBytes(...HIDDEN));
      kernels.imageInit(image, ...HIDDEN, 25, 12, 12);
      return image;
    });
    const gain = allocate(72);
    core.f32(gain, 18).fill(1);
    const copies = allocate(kernels.backwardCopyBytes(...HIDDEN));
    kernels.initialiseSpiking(parameters, ...HIDDEN, 9, 0, scratch);
    kernels.actorInit(actor, 0, parameters, allocate(4 * count), images[0]!, images[1]!, copies, gain, 18);
  }
  kernels.actorSync(actor);
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

test.each(["spiking", "dense"] as const)(
  "SIMD and scalar give the same bytes of a %s policy's gradient through the simulator",
  (kind) => {
    const simd = learnBriefly(loadCore("simd"), kind);
    expect(simd.every((region) => region.some((byte) => byte !== 0))).toBe(true);
    expect(firstDifference(simd, learnBriefly(loadCore("scalar"), kind))).toBe("same");
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
