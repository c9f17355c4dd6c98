import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { levelGusts } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { createFlight, DEFAULT_TASK, loadPolicy } from "@spikewing/rl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, startBench } from "../../src/emulator/bench.js";
import { buildController } from "../../src/emulator/build-controller.js";
import { flyAlone, flyOnWire, flyWithLosses, type Line } from "../../src/hil/fly-on-wire.js";
import { createReferencePilot } from "../../src/hil/reference-pilot.js";
import { policyData } from "../../src/library/policy-data.js";
import { SHIPPED_POLICY } from "../emulator/shipped-policy.js";

const STEPS = 500;

const core = loadCore();
const data = policyData(core, SHIPPED_POLICY, "shipped policy");
const actor = loadPolicy(core, SHIPPED_POLICY);
const folder = mkdtempSync(join(tmpdir(), "spikewing-hil-"));
let bench: Bench;
beforeAll(async () => {
  bench = await startBench(buildController({ data, program: "bench", outDir: folder }));
});
afterAll(async () => {
  await bench?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Sensor noise of the task, a steady wind and gusts. */
function windyFlight(seed: number) {
  const flight = createFlight(core, DEFAULT_TASK, actor, seed);
  return {
    ...flight,
    reset: (episode: number) => {
      flight.reset(episode);
      flight.setDisturbance([0.01, -0.006, 0], [0, 0, 0]);
      flight.setGusts(levelGusts(0.01));
    },
  };
}

test.each([
  { seed: 1, episode: 0 },
  { seed: 7, episode: 0 },
  { seed: 2026, episode: 11 },
])(
  "5 s with noise and wind over the wire give the bytes of the simulation: seed $seed",
  async ({ seed, episode }) => {
    const flight = windyFlight(seed);
    const alone = flyAlone(flight, episode, STEPS);
    const onWire = await flyOnWire(flight, bench, episode, STEPS);
    console.log(`seed ${seed}, episode ${episode}: trajectory ${onWire.hash.toString(16).padStart(8, "0")}`);
    expect(alone.crashed).toBe(false);
    expect(onWire.hash).toBe(alone.hash);
    expect(onWire.bytes).toEqual(alone.bytes);
  },
);

test("repeated frames change no byte of the trajectory", async () => {
  const flight = windyFlight(5);
  const line: Line = { repeatsState: (step) => step % 7 === 3 };
  const onWire = await flyOnWire(flight, bench, 1, STEPS, line);
  expect(onWire.bytes).toEqual(flyAlone(flight, 1, STEPS).bytes);
});

test("lost frames change what they must: the policy does not step, or the motors hold", async () => {
  const flight = windyFlight(4);
  const line: Line = {
    losesState: (step) => step % 20 === 10 || (step % 50 >= 30 && step % 50 < 33),
    losesAnswer: (step) => step % 17 === 5,
  };
  const expected = flyWithLosses(flight, createReferencePilot(core, data.image), 1, STEPS, line);
  const onWire = await flyOnWire(flight, bench, 1, STEPS, line);
  expect(onWire.bytes).toEqual(expected.bytes);
  expect(onWire.crashed).toBe(false);
  expect(onWire.hash).not.toBe(flyAlone(flight, 1, STEPS).hash);
});
