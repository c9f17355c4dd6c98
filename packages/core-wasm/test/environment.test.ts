import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Address,
  AIRFRAMES,
  BODY_WORDS,
  type Core,
  OBSERVATION_WITH_HISTORY_WORDS,
  PRIVILEGED_WORDS,
  REWARD_TERMS,
  REWARDS,
} from "../src/index.js";
import { loadCore } from "../src/node.js";
import { createBatch, readBody, relativeGap, writeBody } from "./flight.js";
import { randomValues } from "./memory.js";

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const airframes = fc.constantFrom(...(Object.keys(AIRFRAMES) as (keyof typeof AIRFRAMES)[]));

/** Actions of one environment are a function of its episode and step, as its start and its noise are. */
function fly(core: Core, at: Address<"Environments">, episodes: readonly number[], steps: number): void {
  const { kernels } = core;
  episodes.forEach((episode, i) => {
    kernels.environmentReset(at, i, episode);
  });
  const actions = core.f32(core.view("Environments", at).action, 4 * episodes.length);
  for (let step = 0; step < steps; step++) {
    kernels.environmentsObserve(at);
    episodes.forEach((episode, i) => {
      actions.set(randomValues(1000 * episode + step, 4, 1.2), 4 * i);
    });
    kernels.environmentsStep(at);
  }
  kernels.environmentsObserve(at);
}

/** All that one environment is and shows. */
function snapshot(core: Core, at: Address<"Environments">, n: number, i: number): number[] {
  const { terms, observation, privileged, terminated } = core.view("Environments", at);
  const row = (rows: Address<"F32s">, words: number) =>
    core.f32(rows, words * n).subarray(words * i, words * (i + 1));
  const allTerms = core.f32(terms, REWARD_TERMS * n);
  return [
    ...readBody(core, at, n, i),
    ...row(observation, OBSERVATION_WITH_HISTORY_WORDS),
    ...row(privileged, PRIVILEGED_WORDS),
    ...Array.from({ length: REWARD_TERMS }, (_, term) => allTerms[term * n + i]!),
    core.bytes(terminated, n)[i]!,
  ];
}

test("an environment is the same in whatever batch and lane it flies", () => {
  const episodes = fc.uniqueArray(fc.nat(1e6), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(seeds, episodes, airframes, fc.integer({ min: 1, max: 40 }), (seed, all, airframe, steps) => {
      const options = { seed, airframe, reward: REWARDS["paper-start"], noise: "l2f-py" } as const;
      const core = loadCore();
      const large = createBatch(core, { n: 16, ...options });
      fly(core, large, all, steps);
      const together = all.map((_, i) => snapshot(core, large, 16, i));
      const small = createBatch(core, { n: 4, ...options });
      all.forEach((episode, i) => {
        const lane = (i * 7 + 1) % 4;
        const crew = [0, 1, 2, 3].map((k) => (k === lane ? episode : 2e6 + k));
        fly(core, small, crew, steps);
        expect(snapshot(core, small, 4, lane)).toEqual(together[i]);
      });
    }),
    { numRuns: 15 },
  );
});

test("one seed gives the same start twice, another seed or episode another", () => {
  fc.assert(
    fc.property(seeds, fc.nat(1e6), (seed, episode) => {
      const core = loadCore();
      const reward = REWARDS["paper-start"];
      const start = (startSeed: number, startEpisode: number) => {
        const at = createBatch(core, { n: 4, seed: startSeed, reward, start: "l2f-py" });
        core.kernels.environmentReset(at, 2, startEpisode);
        return [...readBody(core, at, 4, 2)];
      };
      const once = start(seed, episode);
      expect(start(seed, episode)).toEqual(once);
      expect(start(seed + 1, episode)).not.toEqual(once);
      expect(start(seed, episode + 1)).not.toEqual(once);
    }),
    { numRuns: 20 },
  );
});

/** A vector turned about the world's z axis. */
const turn = ([x, y, z]: readonly number[], angle: number): number[] => [
  Math.cos(angle) * x! - Math.sin(angle) * y!,
  Math.sin(angle) * x! + Math.cos(angle) * y!,
  z!,
];

/** A body turned about the world's z axis: q' = (cos, 0, 0, sin)(angle / 2) q; what is in the body frame stays. */
function turnBody(body: readonly number[], angle: number): number[] {
  const c = Math.cos(angle / 2);
  const s = Math.sin(angle / 2);
  const [w = 0, x = 0, y = 0, z = 0] = body.slice(3, 7);
  return [
    ...turn(body.slice(0, 3), angle),
    ...[c * w - s * z, c * x - s * y, c * y + s * x, c * z + s * w],
    ...turn(body.slice(7, 10), angle),
    ...body.slice(10, 17),
    ...turn(body.slice(17, 20), angle),
    ...body.slice(20, 23),
  ];
}

test("yawing the world yaws the trajectory", () => {
  fc.assert(
    fc.property(seeds, airframes, fc.double({ min: -3, max: 3, noNaN: true }), (seed, airframe, angle) => {
      const core = loadCore();
      const { kernels } = core;
      const at = createBatch(core, { n: 4, seed, airframe, reward: REWARDS["paper-start"] });
      for (let i = 0; i < 4; i++) kernels.environmentReset(at, i, i);
      // Lane 1 flies lane 0's start in a yawed world, with the same actions.
      writeBody(core, at, 4, 1, turnBody([...readBody(core, at, 4, 0)], angle));
      const actions = core.f32(core.view("Environments", at).action, 16);
      for (let step = 0; step < 50; step++) {
        const action = randomValues(seed + step, 4, 0.4).map((a) => a + 0.3);
        actions.set(action, 0);
        actions.set(action, 4);
        kernels.environmentsStep(at);
      }
      const expected = turnBody([...readBody(core, at, 4, 0)], angle);
      const flown = readBody(core, at, 4, 1);
      // Half a second of rounding; a wrong frame would be off by the size of the words themselves.
      for (let word = 0; word < BODY_WORDS; word++)
        expect(relativeGap(flown[word]!, expected[word]!), `word ${word}`).toBeLessThan(2e-4);
    }),
    { numRuns: 40 },
  );
});
