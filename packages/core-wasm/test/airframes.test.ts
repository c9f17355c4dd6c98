import { expect, test } from "vitest";
import { AIRFRAMES, type Airframe, REWARDS } from "../src/index.js";
import { loadCore } from "../src/node.js";
import { createBatch, readBody, writeBody } from "./flight.js";

const airframes = Object.entries(AIRFRAMES) as [keyof typeof AIRFRAMES, Airframe][];

/** Rotor state at which four rotors carry the weight: the root of the thrust curve. */
function hoverRotor({ massKg, thrust: [c0, c1, c2] }: Airframe): number {
  return (-c1 + Math.sqrt(c1 * c1 - 4 * c2 * (c0 - (massKg * 9.81) / 4))) / (2 * c2);
}

test.each(airframes)(
  "%s is named by its key, says where it is from, and has thrust to spare",
  (key, airframe) => {
    const { name, source, massKg, thrust, rotorRange } = airframe;
    expect(name).toBe(key);
    expect(source).toMatch(/\w{4}/);
    const most = thrust.reduce((sum, c, power) => sum + 4 * c * rotorRange[1] ** power, 0);
    expect(most / (massKg * 9.81)).toBeGreaterThan(1.3);
    expect(most / (massKg * 9.81)).toBeLessThan(3);
  },
);

test.each(airframes)("%s hovers where its thrust is its weight", (key, airframe) => {
  const core = loadCore("simd");
  const at = createBatch(core, { n: 4, reward: REWARDS["paper-start"], airframe: key });
  const rotor = hoverRotor(airframe);
  const [low, high] = airframe.rotorRange;
  const level = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, rotor, rotor, rotor, rotor, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 4; i++) writeBody(core, at, 4, i, level);
  core.f32(core.view("Environments", at).action, 16).fill((2 * (rotor - low)) / (high - low) - 1);
  for (let step = 0; step < 100; step++) core.kernels.environmentsStep(at);
  expect(Math.abs(readBody(core, at, 4, 0)[2]!)).toBeLessThan(1e-4);
});
