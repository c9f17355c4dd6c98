import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { createSlopeProbe, TD3BC_JSRL_PRESETS } from "../src/index.js";

const { actor } = TD3BC_JSRL_PRESETS.fast;
if (actor.kind !== "spiking") throw new TypeError("the preset's actor spikes");
const probe = createSlopeProbe(loadCore("simd"), actor, 1);

test("the surrogate peaks at 1 and is a quarter one slope length away", () => {
  const [peak, quarter] = probe.surrogate([0, 0.1], 10);
  expect(peak).toBe(1);
  expect(quarter).toBeCloseTo(0.25, 6);
});

test("steeper slopes shrink the gradient, most in the first layer, and leave the read-out alone", () => {
  const shallow = probe.gradient(1);
  const steep = probe.gradient(100);
  const shrinks = shallow.map(({ meanMagnitude }, layer) => meanMagnitude / steep[layer]!.meanMagnitude);
  expect(shrinks[0]).toBeGreaterThan(shrinks[1]!);
  expect(shrinks[1]).toBeGreaterThan(2);
  expect(shrinks[2]).toBe(1);
});

test("a shallow slope turns the gradient of the first layer furthest from the steep one", () => {
  const [first, second, readOut] = probe.gradient(1).map(({ alignment }) => alignment);
  expect(first).toBeLessThan(second!);
  expect(second).toBeLessThan(1);
  expect(readOut).toBeCloseTo(1, 6);
  for (const { alignment } of probe.gradient(100)) expect(alignment).toBeCloseTo(1, 6);
});
