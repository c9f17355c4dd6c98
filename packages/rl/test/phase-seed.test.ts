import { DRAW_BYTES } from "@spikewing/core";
import { createNodePool } from "@spikewing/core/node";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createActor, createPolicyPhase, EVALUATION_SEEDS, initialiseActor } from "../src/index.js";
import { policyWeights } from "../src/load-policy.js";
import { PHASES, type PhaseName, phaseSeed } from "../src/phase-seed.js";
import { poolOf, TINY, trainTinyGuide } from "./tiny-run.js";

const { core, pool } = createNodePool(1);
const anySeed = fc.integer({ min: 0, max: 0xffffffff });
const phases = Object.keys(PHASES) as PhaseName[];

test("every phase of a run has a seed of its own, and none has the run's", () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const seeds = [seed, ...phases.map((phase) => phaseSeed(core, seed, phase))];
      expect(new Set(seeds).size).toBe(seeds.length);
    }),
  );
});

test("no phase draws from a seed of evaluation, whatever the run's seed", () => {
  const evaluation: readonly number[] = Object.values(EVALUATION_SEEDS);
  for (const seed of evaluation)
    for (const phase of phases) expect(evaluation).not.toContain(phaseSeed(core, seed, phase));

  // The one seed in 2^32 whose policy would train on the validation starts takes the next draw instead.
  const unlucky = 1245636069;
  expect(core.kernels.phaseSeed(unlucky, PHASES.policy, 0, core.allocate("Scratch", DRAW_BYTES)) >>> 0).toBe(
    EVALUATION_SEEDS.validation,
  );
  expect(phaseSeed(core, unlucky, "policy")).toBe(
    core.kernels.phaseSeed(unlucky, PHASES.policy, 1, core.allocate("Scratch", DRAW_BYTES)) >>> 0,
  );
});

test("a dense policy of its guide's shape begins with the policy phase's draws, not as its guide began", () => {
  const shape = TINY.guide.actor;
  const drawn = (phase: PhaseName): Buffer => {
    const actor = createActor(core, shape);
    initialiseActor(core, actor, phaseSeed(core, TINY.seed, phase), 0);
    return Buffer.from(policyWeights(core, actor));
  };
  const config = { ...TINY, policy: { ...TINY.policy, actor: shape } };
  const phase = createPolicyPhase(poolOf(1), config, trainTinyGuide(1));
  const begins = Buffer.from(phase.snapshot().weights);
  phase.pool.close();
  expect(begins.equals(drawn("policy"))).toBe(true);
  expect(begins.equals(drawn("guide"))).toBe(false);
});

pool.close();
