import { describe, expect, test } from "vitest";
import type { TimedInput } from "../src/flight-input.js";
import { decodeLink, encodeLink } from "../src/flight-link.js";
import { DEFAULT_SETTINGS } from "../src/flight-settings.js";

const INPUTS: readonly TimedInput[] = [
  { step: 4, input: { kind: "push", force: [40, -20, 10], yaw: 0, steps: 20 } },
  { step: 4, input: { kind: "target", position: [0.25, -0.5, 0.1] } },
  { step: 90, input: { kind: "change", name: "windX", value: -12 } },
];
const FLIGHT = {
  policy: "snn 2",
  settings: { ...DEFAULT_SETTINGS, seed: 77, mass: 1.15, path: "figure-eight", noise: 2.5 } as const,
  inputs: INPUTS,
  check: { step: 120, hash: 0xfe00_12ab },
};

describe("flight link", () => {
  test("comes back as it was", () => {
    expect(decodeLink(encodeLink(FLIGHT))).toEqual({ flight: FLIGHT, problems: [] });
  });

  test("an empty link is the default flight", () => {
    const { flight, problems } = decodeLink("");
    expect(problems).toEqual([]);
    expect(flight.settings).toEqual(DEFAULT_SETTINGS);
  });

  test.each([
    ["mass=9", 'mass is "9"; expected a number from 0.7 to 1.6'],
    ["seed=1.5", 'seed is "1.5"; expected an integer from 0 to 4294967295'],
    ["seed=", 'seed is ""; expected an integer from 0 to 4294967295'],
    ["path=spiral", 'path is "spiral"; expected one of hover, circle, figure-eight, square'],
    ["inputs=5x1", 'input 1 "5x1": expected a step, then p, t or c'],
    ["inputs=5t1,2", 'input 1 "5t1,2": 2 numbers; expected 3'],
    ["inputs=9t0,0,0~5t0,0,0", "input 2 is at step 5, before 9"],
    ["inputs=5cseed,3", 'input 1 "5cseed,3": "seed" is no setting that can change in flight'],
    ["inputs=5p0,0,Infinity,0,1", 'input 1 "5p0,0,Infinity,0,1": expected numbers from -1000 to 1000'],
    ["check=zz", 'check is "zz"; expected STEP.HASH'],
    ["__proto__=1", 'unknown field "__proto__"'],
  ])("%s is named and keeps the default", (text, problem) => {
    const { flight, problems } = decodeLink(text);
    expect(problems).toEqual([problem]);
    expect(flight.settings).toEqual(DEFAULT_SETTINGS);
    expect(flight.inputs).toEqual([]);
  });

  test("100,000 damaged links are read without a throw, and never give a flight out of range", () => {
    const whole = encodeLink(FLIGHT);
    let state = 12345;
    const draw = (n: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    for (let i = 0; i < 100_000; i++) {
      const characters = [...whole];
      for (let k = draw(4); k >= 0; k--)
        characters[draw(characters.length)] = String.fromCharCode(32 + draw(95));
      const { flight } = decodeLink(characters.slice(0, 1 + draw(characters.length)).join(""));
      const { mass, seed, noise } = flight.settings;
      if (!(mass >= 0.7 && mass <= 1.6 && Number.isInteger(seed) && noise >= 0))
        expect.fail(`out of range: ${characters.join("")}`);
    }
  });
});
