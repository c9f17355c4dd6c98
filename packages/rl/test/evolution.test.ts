import { expect, test } from "vitest";
import { centredRanks, createEvolution, type EvolutionConfig } from "../src/evolution.js";
import { DEFAULT_TASK } from "../src/index.js";
import { poolOf } from "./tiny-run.js";

const TINY: EvolutionConfig = {
  actor: {
    kind: "spiking",
    hidden: [32, 16],
    productBits: 25,
    weightBits: [12, 12],
    inputGain: [4, 1, 2, 0.5],
  },
  rounds: 60,
  pairs: 16,
  noiseStd: 0.05,
  episodes: 16,
  adam: { learningRate: 0.03, finalLearningRate: 1, weightDecay: 0, clipNorm: 0 },
  evaluateEvery: 60,
  evaluationEpisodes: 16,
};

function evolve(workers: Parameters<typeof poolOf>[0], config: EvolutionConfig, seed: number) {
  const { core, pool } = poolOf(workers)();
  const evolution = createEvolution(core, pool, DEFAULT_TASK, config, seed);
  const reports = [...evolution.run()];
  evolution.restoreBest();
  const { actor } = evolution;
  const parameters = core.f32(actor.parameters, actor.parameterCount).slice();
  pool.close();
  return { reports, parameters };
}

test("ranks are centred, whatever the returns are, and equal returns share theirs", () => {
  expect(centredRanks([3, -400, 20, 1e6])).toEqual([-0.5 + 1 / 3, -0.5, -0.5 + 2 / 3, 0.5]);
  expect(centredRanks([7, 7, 7])).toEqual([0, 0, 0]);
});

test("returns rise by evolution alone, from starts that are others in every generation", () => {
  const { reports } = evolve(1, TINY, 3);
  const returns = reports.map(({ trainingReturn }) => trainingReturn);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(returns.slice(-3))).toBeGreaterThan(mean(returns.slice(0, 3)) + 5);
  const still = evolve(
    1,
    { ...TINY, rounds: 2, noiseStd: 1e-7, adam: { ...TINY.adam, learningRate: 1e-8 } },
    3,
  );
  expect(still.reports[0]!.trainingReturn).not.toBe(still.reports[1]!.trainingReturn);
});

test("an evolution is the same with 1 and 2 workers, and from the scalar build", () => {
  const short = { ...TINY, rounds: 3, evaluateEvery: 3 };
  const { parameters } = evolve(1, short, 3);
  for (const workers of [2, "scalar"] as const)
    expect(evolve(workers, short, 3).parameters).toEqual(parameters);
  expect(evolve(1, short, 4).parameters).not.toEqual(parameters);
});
