import { type Core, createCore, createMemory } from "@spikewing/core";
import { compileCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { createFlight, DEFAULT_TASK, decodePolicy, loadPolicy, SpikewingError } from "../src/index.js";
import { createDamage, PLACE } from "./policy-damage.js";

/** Of everything random here; a failing case is named by it and by its number. */
const SEED = 20_251_024;
const CASES = 1_000_000;
/** Policies are loaded into one core until it is renewed: memory of a core is never given back. */
const LOADS_PER_CORE = 200;

const module = compileCore("simd");

/** Flies one step; throws where the core traps. */
function flyOneStep(core: Core, policy: ReturnType<typeof decodePolicy>): void {
  const flight = createFlight(core, DEFAULT_TASK, loadPolicy(core, policy), 1);
  flight.reset(0);
  flight.step();
  if (!flight.state().action.every((value) => Math.abs(value) <= 1))
    throw new Error(`action ${flight.state().action}`);
}

test("a million damaged policy files are refused by name, or fly", () => {
  Error.stackTraceLimit = 0; // a million refusals need no stacks; seed and number find a case again
  const damage = createDamage(SEED);
  const outcomes = new Map<string, { refused: number; flown: number }>();
  let core = createCore(module, createMemory("simd"));
  let loads = 0;
  for (let i = 0; i < CASES; i++) {
    const { kind, file } = damage(i);
    const outcome = outcomes.get(kind) ?? { refused: 0, flown: 0 };
    outcomes.set(kind, outcome);
    try {
      const policy = decodePolicy(file, PLACE);
      if (loads++ % LOADS_PER_CORE === 0) core = createCore(module, createMemory("simd"));
      flyOneStep(core, policy);
      outcome.flown++;
    } catch (error) {
      const isNamed = error instanceof SpikewingError && error.message.startsWith(`${PLACE}: `);
      if (!isNamed || error.message.length > 300 || error.message.includes("\n"))
        expect.fail(`seed ${SEED}, case ${i}, ${kind}: ${String(error).slice(0, 500)}`);
      outcome.refused++;
    }
  }
  // Every kind of damage must do something, and files that were sealed again must get as far as flying.
  for (const [kind, { refused }] of outcomes) expect(refused, kind).toBeGreaterThan(100);
  for (const kind of ["values, sealed", "spliced, sealed"])
    expect(outcomes.get(kind)!.flown, kind).toBeGreaterThan(100);
});
