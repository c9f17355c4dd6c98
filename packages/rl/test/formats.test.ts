import { layerWeights } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { roundReadOut } from "../src/experiments/formats.js";
import { createActor, initialiseActor } from "../src/index.js";

test("a read-out of 4 bits has 15 levels a motor, each within half a level of what it was, and a quarter of the bytes", () => {
  const core = loadCore("simd");
  const shape = { kind: "spiking", hidden: [16, 32], productBits: 25, weightBits: [12, 12] } as const;
  const actor = createActor(core, { ...shape, inputGain: [1, 1, 1, 1] });
  initialiseActor(core, actor, 1, 0);
  const weights = layerWeights(core, actor.image, 2);
  const before = [...weights];
  expect(roundReadOut(core, actor)).toBe(2 * 32 * 4 - (32 * 4) / 2 - 4 * 4);
  for (let motor = 0; motor < 4; motor++) {
    const of = (values: ArrayLike<number>) => Array.from({ length: 32 }, (_, i) => values[4 * i + motor]!);
    const largest = Math.max(...of(before).map(Math.abs));
    expect(new Set(of(weights)).size).toBeLessThanOrEqual(15);
    for (const [i, value] of of(weights).entries())
      expect(Math.abs(value - of(before)[i]!)).toBeLessThanOrEqual(largest / 14 + 1);
  }
});
