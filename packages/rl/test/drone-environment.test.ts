import { EPISODE_STEPS } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createActor } from "../src/actor.js";
import { createEnvironment, createVectorEnvironment } from "../src/drone-environment.js";
import { createFlight } from "../src/flight.js";
import { DEFAULT_TASK, type Task } from "../src/task.js";

/** Motor commands near those that hold the drone, other ones in each step. */
const commands = (step: number) => [0, 1, 2, 3].map((k) => 0.3 + 0.4 * Math.sin(1 + step + 7 * k));

const gusty: Task = { ...DEFAULT_TASK, delayS: [0, 0.006], variation: { gustsMn: 20 } };

describe("createEnvironment", () => {
  test.each([
    ["the default task", DEFAULT_TASK],
    ["gusts and a delay", gusty],
  ])("flies %s as a flight does, bit for bit", (_, task) => {
    const core = loadCore();
    const actor = createActor(core, { kind: "dense", hidden: [4], activation: "tanh", history: false });
    const flight = createFlight(core, task, actor, 5);
    const environment = createEnvironment(core, { task });
    flight.reset(3);
    let observation = environment.reset({ seed: 5, episode: 3 }).observation;
    for (let step = 0; step < 40; step++) {
      expect(observation).toEqual(flight.observe());
      flight.stepWith(commands(step));
      const next = environment.step(commands(step));
      const { reward, crashed, position, rotors } = flight.state();
      expect(next.reward).toBe(reward);
      expect(next.terminated).toBe(crashed);
      expect(next.info).toEqual({ episode: 3, step: step + 1 });
      expect(environment.state()).toMatchObject({ position, rotors });
      observation = next.observation;
      if (next.terminated) return;
    }
  });

  test("has spaces that its observations and actions lie in", () => {
    const core = loadCore();
    for (const [history, width] of [
      [false, 18],
      [true, 146],
    ] as const) {
      const environment = createEnvironment(core, { history });
      const { shape, low, high } = environment.observationSpace;
      expect({ shape, bounds: [low.length, high.length] }).toEqual({
        shape: [width],
        bounds: [width, width],
      });
      expect(environment.reset().observation).toHaveLength(width);
      const { observation } = environment.step([0.5, -0.25, 1, -1]);
      if (history) expect([...observation.slice(-4)]).toEqual([0.5, -0.25, 1, -1]);
      expect([...environment.actionSpace.low]).toEqual([-1, -1, -1, -1]);
      expect([...environment.actionSpace.high]).toEqual([1, 1, 1, 1]);
    }
  });

  test("begins the same for one seed, and goes on to another episode without one", () => {
    const environment = createEnvironment(loadCore());
    const first = environment.reset({ seed: 7 }).observation;
    const second = environment.reset();
    expect(second.info.episode).toBe(1);
    expect(second.observation).not.toEqual(first);
    expect(environment.reset({ seed: 8 }).observation).not.toEqual(first);
    expect(environment.reset({ seed: 7 }).observation).toEqual(first);
  });

  test("tells a crash from the end of time, and then waits for reset", () => {
    const core = loadCore();
    const ends = (maxSteps: number) => {
      const environment = createEnvironment(core, { maxSteps });
      environment.reset({ seed: 1 });
      for (let step = 1; ; step++) {
        const { terminated, truncated } = environment.step([-1, -1, -1, -1]);
        if (!terminated && !truncated) continue;
        expect(() => environment.step([0, 0, 0, 0])).toThrow("step: the episode is over; expected reset()");
        return { step, terminated, truncated };
      }
    };
    expect(ends(5)).toEqual({ step: 5, terminated: false, truncated: true });
    const fallen = ends(EPISODE_STEPS);
    expect(fallen).toMatchObject({ terminated: true, truncated: false });
    expect(fallen.step).toBeLessThan(100);
  });

  test("refuses what is no action, seed or number of steps", () => {
    const core = loadCore();
    const environment = createEnvironment(core);
    expect(() => environment.step([0, 0, 0, 0])).toThrow("step: before the first reset; expected reset()");
    environment.reset();
    expect(() => environment.step([0, 0, 0])).toThrow("actions: 3 values; expected 4, 4 for each drone");
    expect(() => environment.step([0, Number.NaN, 0, 0])).toThrow(
      "actions: value 1 is NaN; expected a finite number",
    );
    expect(() => environment.reset({ seed: -1 })).toThrow(
      "seed: -1; expected an integer from 0 to 4294967295",
    );
    expect(() => createEnvironment(core, { maxSteps: 0 })).toThrow(
      "maxSteps: 0; expected an integer from 1 to ",
    );
    expect(() => createVectorEnvironment(core, 0)).toThrow(
      "environments: 0; expected an integer from 1 to 4096",
    );
  });
});

describe("createVectorEnvironment", () => {
  test("flies every drone as if it were alone, and begins its next episode a step after the end of one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(1000), (n, seed) => {
        const core = loadCore();
        const together = createVectorEnvironment(core, n, { maxSteps: 12 });
        const alone = Array.from({ length: n }, () => createEnvironment(core, { maxSteps: 12 }));
        const { observations: starts } = together.reset({ seed });
        const row = (rows: Float32Array, i: number) => rows.slice(18 * i, 18 * (i + 1));
        const over = alone.map(() => false);
        alone.forEach((environment, i) => {
          expect(environment.reset({ seed, episode: i }).observation).toEqual(row(starts, i));
        });
        for (let step = 0; step < 30; step++) {
          const actions = alone.flatMap((_, i) => commands(step + 100 * i));
          const { observations, rewards, terminated, truncated, infos } = together.step(actions);
          alone.forEach((environment, i) => {
            if (over[i]) {
              const begun = environment.reset({ episode: infos[i]!.episode });
              expect(infos[i]).toEqual(begun.info);
              expect((infos[i]!.episode - i) % n).toBe(0);
              expect(row(observations, i)).toEqual(begun.observation);
              expect([rewards[i], terminated[i], truncated[i]]).toEqual([0, false, false]);
              over[i] = false;
            } else {
              const single = environment.step(actions.slice(4 * i, 4 * (i + 1)));
              expect(row(observations, i)).toEqual(single.observation);
              expect([rewards[i], terminated[i], truncated[i]]).toEqual([
                single.reward,
                single.terminated,
                single.truncated,
              ]);
              over[i] = single.terminated || single.truncated;
            }
          });
        }
      }),
      { numRuns: 6 },
    );
  });
});
