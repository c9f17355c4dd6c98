import { expect, test } from "vitest";
import {
  ACTION_WORDS,
  AIRFRAMES,
  type Airframe,
  airframeFields,
  type Core,
  OBSERVATION_WITH_HISTORY_WORDS,
  REWARDS,
  type Variation,
  variationFields,
} from "../src/index.js";
import { loadCore } from "../src/node.js";
import { createBatch, readBody, WIDE_VARIATION } from "./flight.js";
import { randomValues } from "./memory.js";

const N = 8;
const L2F: Airframe = AIRFRAMES["crazyflie-l2f"];

interface Flown {
  readonly bodies: readonly Float32Array[];
  readonly observations: Float32Array;
  readonly start: readonly Float32Array[];
}

/** Thirty control periods of N drones under one and the same commands. */
function fly(core: Core, variation?: Variation, airframe?: Airframe): Flown {
  const { kernels } = core;
  const at = createBatch(core, { n: N, seed: 3, reward: REWARDS["paper-start"], noise: "l2f" });
  if (airframe) {
    core.assign("Airframe", core.view("Environments", at).airframe, airframeFields(airframe));
    kernels.environmentsPrepare(at);
  }
  if (variation)
    core.assign("Environments", at, { variation: core.create("Variation", variationFields(variation)) });
  const { action, observation } = core.view("Environments", at);
  for (let i = 0; i < N; i++) kernels.environmentReset(at, i, i);
  const start = Array.from({ length: N }, (_, i) => readBody(core, at, N, i));
  const actions = randomValues(9, 4, 1);
  for (let step = 0; step < 30; step++) {
    kernels.environmentsObserve(at);
    for (let i = 0; i < N; i++)
      core.f32(action, ACTION_WORDS * N).set(
        actions.map((a) => a * Math.cos(step)),
        4 * i,
      );
    kernels.environmentsStep(at);
  }
  kernels.environmentsObserve(at);
  const observations = core.f32(observation, OBSERVATION_WITH_HISTORY_WORDS * N).slice();
  return { bodies: Array.from({ length: N }, (_, i) => readBody(core, at, N, i)), observations, start };
}

// A factor of a power of two is exact, so a drone that is varied by it flies as one that is built so.
test.each<[keyof Variation, Variation, Partial<Airframe>]>([
  ["mass", { mass: [2, 2] }, { massKg: 2 * L2F.massKg }],
  ["inertia", { inertia: [2, 2] }, { inertia: [7.7e-6, 7.7e-6, 1.1935e-5] }],
  ["thrust", { thrust: [0.5, 0.5] }, { thrust: [0, 0, 1.58e-10] }],
  ["torqueRatio", { torqueRatio: [2, 2] }, { torquePerThrust: 2 * L2F.torquePerThrust }],
  ["motorRise", { motorRise: [0.5, 0.5] }, { motorLagS: [0.075, 0.15] }],
  ["motorFall", { motorFall: [2, 2] }, { motorLagS: [0.15, 0.3] }],
  ["arm", { arm: [0.5, 0.5] }, { armM: 0.014 }],
])("a drone of another %s flies like one that was built so", (_, variation, built) => {
  const varied = fly(loadCore("simd"), variation).bodies;
  expect(varied).toEqual(fly(loadCore("simd"), undefined, { ...L2F, ...built }).bodies);
  expect(varied).not.toEqual(fly(loadCore("simd")).bodies);
});

test("half of the voltage turns the rotors half as fast", () => {
  const rotor = ({ bodies }: Flown) => bodies[0]!.slice(13, 17);
  const settled = (batteryV: number) =>
    rotor(
      fly(loadCore("simd"), { batteryV: [batteryV, batteryV], motorRise: [0.1, 0.1], motorFall: [0.1, 0.1] }),
    );
  const full = settled(4.2);
  const half = settled(2.1);
  for (let i = 0; i < 4; i++) expect(half[i]! / full[i]!).toBeCloseTo(0.5, 2);
});

test("a variation of nothing leaves every byte as it is", () => {
  expect(fly(loadCore("simd"), {})).toEqual(fly(loadCore("simd")));
});

test("every episode has an airframe of its own, and the same one in any batch", () => {
  const { bodies } = fly(loadCore("simd"), { mass: [0.7, 1.3] });
  const plain = fly(loadCore("simd")).bodies;
  const shift = bodies.map((body, i) => body[9]! - plain[i]![9]!);
  expect(new Set(shift.map((speed) => speed.toFixed(6))).size).toBe(N);
  expect(shift.some((speed) => speed > 0) && shift.some((speed) => speed < 0)).toBe(true);
  expect(fly(loadCore("scalar"), { mass: [0.7, 1.3] }).bodies).toEqual(bodies);
});

test("wind blows level with the strength that is asked for, each episode from its own side", () => {
  const calm = fly(loadCore("simd"));
  const windy = fly(loadCore("simd"), { windMn: [20, 20], yawUnm: [-30, -30] });
  const forces = windy.start.map((body, i) =>
    body.slice(17, 23).map((value, k) => value - calm.start[i]![17 + k]!),
  );
  for (const [x, y, z, roll, pitch, yaw] of forces) {
    expect(Math.hypot(x!, y!)).toBeCloseTo(0.02, 6);
    expect([z, roll, pitch]).toEqual([0, 0, 0]);
    expect(yaw).toBeCloseTo(-30e-6, 9);
  }
  expect(new Set(forces.map(([x]) => x)).size).toBe(N);
});

test("biased sensors are off by the same all through an episode, by another in the next, and not in attitude", () => {
  const sensorBias = { positionM: 0.1, velocityMPerS: 0.2, angularVelocityRadPerS: 0.3 };
  const exact = fly(loadCore("simd"));
  const biased = fly(loadCore("simd"), { sensorBias });
  expect(biased.bodies).toEqual(exact.bodies);
  const off = (i: number) =>
    Array.from(
      { length: 18 },
      (_, k) =>
        biased.observations[OBSERVATION_WITH_HISTORY_WORDS * i + k]! -
        exact.observations[OBSERVATION_WITH_HISTORY_WORDS * i + k]!,
    );
  const all = Array.from({ length: N }, (_, i) => off(i));
  for (const entry of all) expect(entry.slice(3, 12)).toEqual(new Array(9).fill(0));
  const rms = (first: number) =>
    Math.sqrt(
      all.flatMap((entry) => entry.slice(first, first + 3)).reduce((sum, x) => sum + x * x, 0) / (3 * N),
    );
  expect(rms(0) / 0.1).toBeGreaterThan(0.6);
  expect(rms(0) / 0.1).toBeLessThan(1.5);
  expect(rms(12) / 0.2).toBeGreaterThan(0.6);
  expect(rms(15) / 0.3).toBeGreaterThan(0.6);
  expect(new Set(all.map(([x]) => x)).size).toBe(N);
});

test("everything at once gives the same bytes in the SIMD and the scalar build", () => {
  expect(fly(loadCore("scalar"), WIDE_VARIATION)).toEqual(fly(loadCore("simd"), WIDE_VARIATION));
});
