import { createInlinePool, type ShardPool } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { createPolicyPhase, resolveRunConfig } from "@spikewing/rl";
import { median } from "d3-array";

/** What the way back through a window of flight costs, beside the flight itself. */
export interface AdjointCost {
  readonly actor: string;
  /** A drone and control period, µs: flying it, policy and sensors included; and differentiating that. */
  readonly forwardUs: number;
  readonly backwardUs: number;
  /** Median of the ratios within a round. */
  readonly backwardOverForward: number;
}

const DRONES = 96;
const WINDOWS = 4;
const WINDOW_STEPS = 50;
const ACTORS = {
  spiking: {},
  dense: { kind: "dense", hidden: [64, 64], activation: "tanh", history: false },
};

type Kernel = Parameters<ShardPool["run"]>[0];

/** Sums up the time that each kernel takes. */
function timed(pool: ShardPool, seconds: Map<Kernel, number>): ShardPool {
  return {
    ...pool,
    run(kernel, argumentsOf) {
      const start = performance.now();
      pool.run(kernel, argumentsOf);
      seconds.set(kernel, (seconds.get(kernel) ?? 0) + (performance.now() - start) / 1e3);
    },
  };
}

function costOf(actor: keyof typeof ACTORS, repetitions: number): AdjointCost {
  const policy = {
    actor: ACTORS[actor],
    drones: DRONES,
    windowsPerRound: WINDOWS,
    shortWindow: WINDOW_STEPS,
    growAt: 1,
    rounds: 100_000,
    evaluateEvery: 100_000,
  };
  const config = resolveRunConfig({ algorithm: "apg", seed: 1, overrides: { policy } }, "bench");
  const seconds = new Map<Kernel, number>();
  const phase = createPolicyPhase(
    () => {
      const core = loadCore("simd");
      return { core, pool: timed(createInlinePool(core.kernels), seconds) };
    },
    config,
    undefined,
  );
  const rounds = phase.run();
  rounds.next(); // compiles
  const periods = DRONES * WINDOWS * WINDOW_STEPS;
  const costs = Array.from({ length: repetitions }, () => {
    seconds.clear();
    rounds.next();
    const us = (kernel: Kernel) => (1e6 * seconds.get(kernel)!) / periods;
    return { forward: us("flightWindowFly"), backward: us("flightWindowBackward") };
  });
  return {
    actor,
    forwardUs: median(costs.map(({ forward }) => forward))!,
    backwardUs: median(costs.map(({ backward }) => backward))!,
    backwardOverForward: median(costs.map(({ forward, backward }) => backward / forward))!,
  };
}

export const adjointCosts = (repetitions: number): AdjointCost[] => [
  costOf("spiking", repetitions),
  costOf("dense", repetitions),
];
