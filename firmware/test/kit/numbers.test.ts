// The numbers of the flight document, computed again from what they follow from.
import { readFileSync } from "node:fs";
import { AIRFRAMES, GRAVITY_M_PER_S2 } from "@spikewing/core";
import { THRUST_CURVES } from "@spikewing/rl/identification";
import { expect, test } from "vitest";
import { BAUD, FRAMES, frameBytes } from "../../src/protocol/table.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const text = read("../../kit/FLYING.md");
const plain = text.replaceAll(/\s+/g, " ");

/** What the firmware lets a motor lift at most, N, with these propellers (THRUST_MAX of platform_defaults, 2a18fc29). */
const PROPELLERS: Readonly<Record<string, { readonly curve: readonly number[]; readonly most: number }>> = {
  "2.1+": { curve: THRUST_CURVES["crazyflie-2.1-plus"], most: 0.12 },
  legacy: { curve: THRUST_CURVES["legacy-propellers"], most: 0.12 },
  "thrust upgrade kit": { curve: THRUST_CURVES["thrust-upgrade-kit"], most: 0.18 },
  "2.1 Brushless": { curve: THRUST_CURVES.brushless, most: 0.2 },
};

/** Volts at which a motor lifts this; the curves rise from 1 V on. */
function voltsFor(newton: number, curve: readonly number[]): number {
  let [low, high] = [1, 6];
  for (let i = 0; i < 60; i++) {
    const v = (low + high) / 2;
    const lifts = curve.reduce((sum, c, k) => sum + c * v ** k, 0);
    if (lifts < newton) low = v;
    else high = v;
  }
  return low;
}

const rows = [...text.matchAll(/^ {2}\| ([^|]+) \| ([\d.]+) g \| (.+) \|$/gm)].map(
  ([, name, grams, rest]) => ({
    name: name!,
    grams: Number(grams),
    cells: rest!.split(" | "),
  }),
);

test("what it takes to hover follows from the curves, the weight and the volts", () => {
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(PROPELLERS)));
  const volts = [...text.matchAll(/ (\d\.\d) V(?= \|)/g)].map(([, v]) => Number(v));
  expect(volts).toEqual([4.2, 3.7, 3.3]);
  for (const { name, grams, cells } of rows) {
    const { curve, most } = PROPELLERS[name]!;
    const needed = voltsFor((grams / 1000) * (GRAVITY_M_PER_S2 / 4), curve);
    const lifted = ((4 * most) / (1.2 * GRAVITY_M_PER_S2)) * 1000;
    const expected = [...volts.map((v) => (needed / v).toFixed(2)), `${lifted.toFixed(1)} g`];
    expect([name, grams, ...cells]).toEqual([name, grams, ...expected]);
  }
});

test("weights by default are those of the platforms, and moments of inertia those of the airframes", () => {
  const masses = read("../crazyflie/declarations/platform_defaults.h").matchAll(/CF_MASS ([\d.]+)f/g);
  const [brushless, brushed] = [...masses].map(([, mass]) => mass);
  expect(plain).toContain(`the platform's by default: ${brushed}, Brushless ${brushless}`);
  const [l2f, rlTools, measured] = (["crazyflie-l2f", "crazyflie-2026", "crazyflie-21"] as const).map(
    (name) => AIRFRAMES[name],
  );
  expect(plain).toContain(
    `(${l2f!.inertia[0].toExponential()} kg m^2 about x and y, ${l2f!.motorLagS[0]} s)`,
  );
  expect(plain).toContain(
    `\`crazyflie-2026\` (${(rlTools!.inertia[0] / l2f!.inertia[0]).toFixed(1)} times the inertia)`,
  );
  expect(plain).toContain(`\`crazyflie-21\` (${(measured!.inertia[0] / l2f!.inertia[0]).toFixed(1)} times, `);
});

test("the time on the wire follows from the lengths of the frames", () => {
  const bytes = ["STATE", "MOTORS"].reduce(
    (sum, name) => sum + frameBytes(FRAMES.find((frame) => frame.name === name)!),
    0,
  );
  expect(plain).toContain(`${((10_000 * bytes) / BAUD).toFixed(2)} ms on the wire`);
});
