import { type CoreBuild, createInlinePool } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { createGuidePhase, resolveRunConfig } from "@spikewing/rl";
import type { Claim, Work } from "./measure.js";
import { createTd3Twin } from "./twin/td3.js";

const BATCH_SIZE = 256;
const HIDDEN = [64, 64] as const;
const UPDATES = 40;

/** Rounds of 40 updates and, so that there is something to learn from, 100 steps of 16 drones. */
function inCore(build: CoreBuild): Work {
  const overrides = {
    guide: {
      batchSize: BATCH_SIZE,
      updatesPerRound: UPDATES,
      stepsPerRound: 100,
      environments: 16,
      firstUpdateAt: 1,
      rounds: 1_000_000,
      evaluateEvery: 1_000_000,
      bufferEpisodes: 400,
    },
  };
  const config = resolveRunConfig({ preset: "fast", algorithm: "td3", seed: 1, overrides }, "bench");
  const phase = createGuidePhase(() => {
    const core = loadCore(build);
    return { core, pool: createInlinePool(core.kernels) };
  }, config);
  const rounds = phase.run();
  return () => {
    rounds.next();
    return UPDATES;
  };
}

export function guideUpdates(): Claim {
  const improve = createTd3Twin(BATCH_SIZE, HIDDEN, 20_000);
  return {
    name: `TD3 updates of the guide, batch ${BATCH_SIZE}`,
    unit: "updates/s",
    simd: inCore("simd"),
    scalar: inCore("scalar"),
    twin() {
      for (let i = 0; i < UPDATES; i++) improve();
      return UPDATES;
    },
  };
}
