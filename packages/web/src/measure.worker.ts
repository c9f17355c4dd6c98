/** Scores policies beside the flight: what `spikewing evaluate` computes, in the same order, to the same bytes. */
import { createCore, createInlinePool, createMemory, SHARDS } from "@spikewing/core";
import {
  createEvaluator,
  DEFAULT_TASK,
  EVALUATION_SEEDS,
  estimate,
  flyTrajectory,
  loadPolicy,
  PROTOCOL,
  recordedScore,
  robustnessConditions,
  scoreCondition,
  scoredTask,
  TRACKING_FLIGHTS,
  TRAJECTORIES,
  type Tracking,
  type TrajectoryName,
} from "@spikewing/rl";
import { expose } from "comlink";
import { fetchCoreModule } from "./core-module.js";
import type { ConditionRow, Measures } from "./measures.js";

/** Of a race, that each policy flies before the next one does. */
const RACE_EPISODES = 5 * SHARDS;

const loading = fetchCoreModule("simd");

async function layCore() {
  const core = createCore(await loading, createMemory("simd"));
  return { core, pool: createInlinePool(core.kernels) };
}

/** What the record of each says of how it flies the race's task; nothing of another task, or where it says nothing. */
const published: Measures["published"] = (policies) =>
  policies.map((policy) =>
    JSON.stringify(scoredTask(policy)) === JSON.stringify(DEFAULT_TASK) ? recordedScore(policy) : undefined,
  );

/** Every policy flies the reserved episodes of the protocol, the first ones first, until all have flown `episodes`. */
const race: Measures["race"] = async (policies, episodes, tell) => {
  const entrants = await Promise.all(
    policies.map(async (policy) => {
      const { core, pool } = await layCore();
      const options = {
        episodes: RACE_EPISODES,
        seed: EVALUATION_SEEDS.reserved,
        otherReward: PROTOCOL.otherReward,
      };
      const evaluator = createEvaluator(core, pool, DEFAULT_TASK, loadPolicy(core, policy), options);
      return { evaluator, returns: [] as number[], lost: 0 };
    }),
  );
  for (let flown = 0; flown < episodes; flown += RACE_EPISODES) {
    for (const [i, entrant] of entrants.entries()) {
      const { returns, crashRate } = entrant.evaluator.run(flown);
      entrant.returns.push(...returns);
      entrant.lost += Math.round(crashRate * returns.length);
      const { mean, standardError, n } = estimate(entrant.returns);
      await tell(i, { meanReturn: mean, standardError, episodes: n, crashRate: entrant.lost / n });
    }
  }
};

/** What `evaluate POLICY --alone --robustness` says of it. */
const robustness: Measures["robustness"] = async (policy, episodes, tell) => {
  const task = scoredTask(policy);
  const conditions = robustnessConditions(task);
  const trajectories = Object.keys(TRAJECTORIES) as TrajectoryName[];
  const pieces = conditions.length + trajectories.length;
  const { core, pool } = await layCore();
  const actor = loadPolicy(core, policy);
  const rows: ConditionRow[] = [];
  for (const condition of conditions) {
    const score = scoreCondition(core, pool, condition, actor, episodes);
    const row: ConditionRow = { ...condition, scores: [score] };
    rows.push(row);
    await tell({ condition: row }, rows.length, pieces);
  }
  const tracking: Tracking[] = [];
  for (const name of trajectories) {
    const row = flyTrajectory(core, task, actor, name, TRACKING_FLIGHTS);
    tracking.push(row);
    await tell({ trajectory: row }, rows.length + tracking.length, pieces);
  }
  return { protocol: { ...PROTOCOL, episodes, task }, conditions: rows, tracking: [tracking] };
};

expose({ published, race, robustness } satisfies Measures);
