import { createInlinePool, type PooledCore } from "@spikewing/core";
import { coreDigest, createNodePool, loadCore } from "@spikewing/core/node";
import type { FlightLog } from "../src/flight-log/flight-log.js";
import {
  createGuidePhase,
  createPolicyPhase,
  decodeCheckpoint,
  digestOf,
  encodeCheckpoint,
  encodePolicy,
  type Policy,
  type RunConfig,
  type RunIdentity,
  type RunWithGuide,
  resolveRunConfig,
  restoreCheckpoint,
} from "../src/index.js";

/** A whole run of a few seconds: every part of a real one, too short to learn much. */
export const TINY = resolveRunConfig(
  {
    preset: "fast",
    algorithm: "td3bc-jsrl",
    seed: 5,
    overrides: {
      guide: {
        rounds: 40,
        evaluateEvery: 20,
        firstUpdateAt: 500,
        bufferEpisodes: 200,
        batchSize: 64,
        evaluationEpisodes: 16,
      },
      policy: {
        rounds: 4,
        evaluateEvery: 2,
        updatesPerRound: 3,
        batchSize: 8,
        environments: 16,
        bufferEpisodes: 64,
        evaluationEpisodes: 16,
      },
    },
  },
  "tiny run",
);

const TINY_WINDOWS = {
  drones: 32,
  rounds: 4,
  windowsPerRound: 6,
  shortWindow: 20,
  longWindow: 30,
  longestWindow: 30,
  evaluateEvery: 2,
  evaluationEpisodes: 16,
};

/** With a guide that learns through the simulator. */
export const TINY_APG_GUIDED = resolveRunConfig(
  {
    algorithm: "td3bc-jsrl",
    seed: 5,
    overrides: {
      guideAlgorithm: "apg",
      guide: { ...TINY_WINDOWS, actor: { hidden: [16] } },
      policy: {
        rounds: 4,
        evaluateEvery: 2,
        updatesPerRound: 3,
        batchSize: 8,
        environments: 16,
        bufferEpisodes: 64,
        evaluationEpisodes: 16,
      },
    },
  },
  "tiny run",
);

const TINY_SEQUENCES = {
  rounds: 3,
  evaluateEvery: 2,
  updatesPerRound: 3,
  batchSize: 8,
  environments: 16,
  bufferEpisodes: 64,
  evaluationEpisodes: 16,
};

/** From a teacher by the simulator, in two ways. */
export const TINY_DISTIL = resolveRunConfig(
  {
    algorithm: "distil",
    seed: 5,
    overrides: {
      guide: { ...TINY_WINDOWS, actor: { hidden: [16] } },
      policy: { ...TINY_SEQUENCES, teacherRounds: 1, actor: { hidden: [32, 16] } },
    },
  },
  "tiny run",
);
export const tinyStaged = (second: "jumpStart" | "distil") =>
  resolveRunConfig(
    {
      algorithm: "staged",
      seed: 5,
      overrides: {
        guide: { ...TINY_WINDOWS, actor: { hidden: [16] } },
        policy: {
          actor: { hidden: [32, 16] },
          second,
          jumpStart: TINY_SEQUENCES,
          distil: { ...TINY_SEQUENCES, teacherRounds: 1 },
          improvement: { ...TINY_WINDOWS, rounds: 2 },
        },
      },
    },
    "tiny run",
  );

/** The same through the simulator: half a second, and it learns to stay up. */
export const TINY_APG = resolveRunConfig(
  {
    algorithm: "apg",
    seed: 5,
    overrides: {
      policy: {
        ...TINY_WINDOWS,
        actor: { hidden: [32, 16] },
      },
    },
  },
  "tiny run",
);

export const TINY_IDENTITY: RunIdentity = {
  format: "spikewing-run-1",
  version: "0.1.0",
  core: coreDigest(),
  config: digestOf(TINY),
  guide: null,
};

/** Threads in all, or the scalar build in one. */
type Workers = number | "scalar";

export const poolOf = (workers: Workers) => (): PooledCore => {
  if (workers !== "scalar") return createNodePool(workers);
  const core = loadCore("scalar");
  return { core, pool: createInlinePool(core.kernels) };
};

/** With `breakAfter` the run is cut there, saved, and resumed in a new core. */
export function trainTinyGuide(workers: Workers, config: RunWithGuide = TINY, breakAfter?: number): Policy {
  let phase = createGuidePhase(poolOf(workers), config);
  if (breakAfter !== undefined) {
    for (const { round } of phase.run()) if (round === breakAfter) break;
    const file = encodeCheckpoint("guide", config, TINY_IDENTITY, phase);
    phase.pool.close();
    phase = createGuidePhase(poolOf(workers), config);
    restoreCheckpoint(phase, decodeCheckpoint(file, "tiny.checkpoint"), "tiny.checkpoint");
  }
  for (const _ of phase.run());
  const policy = phase.policy("expert");
  phase.pool.close();
  return policy;
}

/** Bytes of the trained policy file; with `breakAfter` the run is cut there, saved, and resumed in a new core. */
export function trainTinyPolicy(
  workers: Workers,
  guide: Policy | undefined,
  config: RunConfig = TINY,
  breakAfter?: number,
  logs?: readonly FlightLog[],
): Uint8Array {
  let phase = createPolicyPhase(poolOf(workers), config, guide, logs);
  if (breakAfter !== undefined) {
    for (const { round } of phase.run()) if (round === breakAfter) break;
    const file = encodeCheckpoint("policy", config, TINY_IDENTITY, phase);
    phase.pool.close();
    phase = createPolicyPhase(poolOf(workers), config, guide, logs);
    restoreCheckpoint(phase, decodeCheckpoint(file, "tiny.checkpoint"), "tiny.checkpoint");
  }
  for (const _ of phase.run());
  const { policy } = phase.finish();
  phase.pool.close();
  return encodePolicy(policy);
}
