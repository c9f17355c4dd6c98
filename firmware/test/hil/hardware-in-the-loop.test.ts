import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { levelGusts } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { type Actor, createFlight, DEFAULT_TASK, decodePolicy, type Flight, loadPolicy } from "@spikewing/rl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { type Bench, startBench } from "../../src/emulator/bench.js";
import { buildController } from "../../src/emulator/build-controller.js";
import { flyAlone, flyOnWire, flyWithLosses, type Line } from "../../src/hil/fly-on-wire.js";
import { createReferencePilot } from "../../src/hil/reference-pilot.js";
import { policyData } from "../../src/library/policy-data.js";

const STEPS = 500;
const SHORT_STEPS = 250;
/** A flight takes 3 s on a quiet machine. */
const LIMIT_MS = 180_000;

const core = loadCore();
const folder = newFolder();

function boardWith(name: "snn" | "snn-i8") {
  const path = fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`));
  const policy = decodePolicy(readFileSync(path), path);
  const data = policyData(core, policy, path);
  const start = () =>
    startBench(buildController({ data, program: "bench", outDir: join(folder, name), coreDir: folder }));
  return { data, actor: loadPolicy(core, policy), start };
}

/** Sensor noise of the task, a steady wind and gusts. */
function windyFlight(actor: Actor, seed: number, task = DEFAULT_TASK): Flight {
  const flight = createFlight(core, task, actor, seed);
  return {
    ...flight,
    reset: (episode: number) => {
      flight.reset(episode);
      flight.setDisturbance([0.01, -0.006, 0], [0, 0, 0]);
      flight.setGusts(levelGusts(0.01));
    },
  };
}

async function expectEqualOnWire(
  name: string,
  actor: Actor,
  bench: Bench,
  { seed, episode }: { readonly seed: number; readonly episode: number },
): Promise<void> {
  const flight = windyFlight(actor, seed);
  const alone = flyAlone(flight, episode, STEPS);
  const onWire = await flyOnWire(core, flight, bench, episode, STEPS);
  const mean = Math.round(onWire.instructions.reduce((sum, x) => sum + x, 0) / STEPS);
  console.log(
    `${name}, seed ${seed}, episode ${episode}: trajectory ${onWire.hash.toString(16).padStart(8, "0")}, ` +
      `${mean} instructions an exchange, at most ${Math.max(...onWire.instructions)}`,
  );
  expect(alone.crashed).toBe(false);
  expect(onWire.hash).toBe(alone.hash);
  expect(onWire.bytes).toEqual(alone.bytes);
}

const { data, actor, start } = boardWith("snn");
let bench: Bench;
beforeAll(async () => {
  bench = await start();
});
afterAll(() => bench?.stop());

test.each([
  { seed: 1, episode: 0 },
  { seed: 7, episode: 0 },
  { seed: 2026, episode: 11 },
])(
  "5 s with noise and wind over the wire give the bytes of the simulation: %o",
  async (start) => {
    expect.hasAssertions();
    await expectEqualOnWire("i16", actor, bench, start);
  },
  LIMIT_MS,
);

test(
  "so does the policy with i8 weights",
  async () => {
    expect.hasAssertions();
    const narrow = boardWith("snn-i8");
    const other = await narrow.start();
    try {
      await expectEqualOnWire("i8", narrow.actor, other, { seed: 1, episode: 0 });
    } finally {
      await other.stop();
    }
  },
  LIMIT_MS,
);

test(
  "a delay from the sensors' moment to the motors is in the loop as in the simulation",
  async () => {
    const late = windyFlight(actor, 7, { ...DEFAULT_TASK, delayS: [0.0017, 0.0027] });
    const onWire = await flyOnWire(core, late, bench, 0, SHORT_STEPS);
    expect(onWire.bytes).toEqual(flyAlone(late, 0, SHORT_STEPS).bytes);
    expect(onWire.crashed).toBe(false);
    expect(onWire.hash).not.toBe(flyAlone(windyFlight(actor, 7), 0, SHORT_STEPS).hash);
  },
  LIMIT_MS,
);

test(
  "repeated frames change no byte of the trajectory",
  async () => {
    const flight = windyFlight(actor, 5);
    const line: Line = { repeatsState: (step) => step % 7 === 3 };
    const onWire = await flyOnWire(core, flight, bench, 1, SHORT_STEPS, line);
    expect(onWire.bytes).toEqual(flyAlone(flight, 1, SHORT_STEPS).bytes);
  },
  LIMIT_MS,
);

test(
  "lost frames change what they must: the policy does not step, or the motors hold",
  async () => {
    const flight = windyFlight(actor, 4);
    const line: Line = {
      losesState: (step) => step % 20 === 10 || (step % 50 >= 30 && step % 50 < 33),
      losesAnswer: (step) => step % 17 === 5,
    };
    const expected = flyWithLosses(flight, createReferencePilot(core, data.image), 1, SHORT_STEPS, line);
    const onWire = await flyOnWire(core, flight, bench, 1, SHORT_STEPS, line);
    expect(onWire.bytes).toEqual(expected.bytes);
    expect(onWire.crashed).toBe(false);
    expect(onWire.hash).not.toBe(flyAlone(flight, 1, SHORT_STEPS).hash);
  },
  LIMIT_MS,
);
