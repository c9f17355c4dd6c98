import { readFileSync } from "node:fs";
import { createNodePool } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { createFlight, DEFAULT_TASK, decodePolicy, EVALUATION_SEEDS, loadPolicy } from "../src/index.js";

const file = new URL("../policies/snn.safetensors", import.meta.url);
const TEN_MINUTES = 60_000;
/** q16; where a membrane saturates. */
const RAIL = 2 ** 30;

test("the shipped policy hovers for ten minutes, and no membrane comes to its rail", () => {
  const { core, pool } = createNodePool(1);
  const actor = loadPolicy(core, decodePolicy(readFileSync(file), "snn"));
  const flight = createFlight(core, DEFAULT_TASK, actor, EVALUATION_SEEDS.reserved);
  flight.reset(0);
  let largest = 0;
  for (let step = 1; step <= TEN_MINUTES; step++) {
    flight.step();
    if (step % 10 === 0)
      for (const membrane of flight.membranes()) largest = Math.max(largest, Math.abs(membrane));
  }
  pool.close();
  expect(flight.state().crashed).toBe(false);
  expect(Math.hypot(...flight.state().position)).toBeLessThan(0.1);
  expect(largest).toBeLessThan(RAIL);
});
