import { type Core, EPISODE_STEPS, rewardFields, SHARDS, type ShardPool } from "@spikewing/core";
import { type Actor, isSpiking } from "./actor.js";
import { widthsOf } from "./layers.js";
import { createEnvironments, type Task, writeTask } from "./task.js";
import { rewardOf, type TaskReward } from "./task-parts.js";

/**
 * Seeds of starts and sensor noise. Training draws from its own seed; choosing among policies uses `validation`;
 * `reserved` is for published numbers alone.
 */
export const EVALUATION_SEEDS = { validation: 0x7a11da7e, reserved: 0x5e1ec7ed } as const;

export interface EvaluationOptions {
  /** Episodes, a multiple of SHARDS. */
  readonly episodes: number;
  readonly seed: number;
  /** A second scoring of the same flights; must share the orientation measure and baseline of the task's reward. */
  readonly otherReward: TaskReward;
}

export interface Evaluation {
  readonly meanReturn: number;
  /** Over episodes, not over training seeds. */
  readonly standardDeviation: number;
  readonly crashRate: number;
  /** Mean over the episodes that did not crash; NaN if all did. */
  readonly uncrashedReturn: number;
  readonly otherMeanReturn: number;
  readonly meanSteps: number;
  /** Mean over uncrashed episodes of the root mean square distance to the target, m. */
  readonly positionErrorM: number;
  /** Spikes a neuron and step of each layer; none for an actor that does not spike. */
  readonly spikeRates: readonly number[];
  readonly returns: readonly number[];
  readonly settled: Settled;
}

/** From 2 s on, when the start is forgotten, in the episodes that did not crash; NaN where all did. */
export interface Settled {
  /** Root mean square distance to the target, m. */
  readonly positionErrorM: number;
  /** Mean over the episodes of the length of the mean error, m: what noise and chatter do not explain. */
  readonly offsetM: number;
  /** Mean change of a motor command from step to step, of a range of 2. */
  readonly commandChange: number;
}

/** Flies an actor without exploration and scores it. The memory it takes is kept for the next call. */
export interface Evaluator {
  /**
   * @param first of the seed's episodes that are flown
   * @param tell hears how many have been flown, block after block
   */
  run(first?: number, tell?: (flown: number) => void): Evaluation;
}

/** Episodes of a shard that are in the air at once. */
const BLOCK = 256;

/** Lays out the episodes of a task that an actor is to be scored in. */
export function createEvaluator(
  core: Core,
  pool: ShardPool,
  task: Task,
  actor: Actor,
  options: EvaluationOptions,
): Evaluator {
  const blocks = writeTask(core, task);
  const otherReward = core.create("Reward", rewardFields(rewardOf(options.otherReward)));
  const perShard = options.episodes / SHARDS;
  const n = Math.ceil(Math.min(perShard, BLOCK) / 4) * 4;
  const shards = Array.from({ length: SHARDS }, () => {
    const environments = createEnvironments(core, blocks, n, options.seed);
    return core.create("Evaluation", { environments, actor: actor.at, otherReward, maxSteps: EPISODE_STEPS });
  });
  const views = shards.map((at) => core.view("Evaluation", at));
  /** How the first episodes of a shard went; the next block takes their place in the core. */
  const outcomesOf = ({ outcome }: (typeof views)[number], count: number) =>
    Array.from({ length: count }, (_, i) => {
      const placed = core.view("Outcome", outcome, i);
      const { episodeReturn, otherReturn, steps, crashed } = placed;
      const { positionError, settledError, offset, commandChange } = placed;
      return {
        ...{ episodeReturn, otherReturn, steps, crashed },
        ...{ positionError, settledError, offset, commandChange },
      };
    });
  const widths = isSpiking(actor.shape) ? widthsOf(actor.shape) : [];
  const passes = actor.shape.kind === "spiking-passes" ? actor.shape.passes : 1;

  return {
    run(first = 0, tell) {
      const ofShards = views.map((): ReturnType<typeof outcomesOf> => []);
      const spikes = widths.map(() => 0);
      let stepsFlown = 0;
      for (let flown = 0; flown < perShard; flown += BLOCK) {
        const count = Math.min(BLOCK, perShard - flown);
        pool.run("evaluationFly", (shard) => [shards[shard]!, first + shard * perShard + flown, count]);
        for (const [shard, view] of views.entries()) {
          ofShards[shard]!.push(...outcomesOf(view, count));
          for (const l of widths.keys()) spikes[l]! += core.f64(view.spikes, l + 1)[l]!;
          stepsFlown += view.stepsFlown;
        }
        tell?.(SHARDS * (flown + count));
      }
      const outcomes = ofShards.flat();
      const uncrashed = outcomes.filter(({ crashed }) => !crashed);
      const returns = outcomes.map(({ episodeReturn }) => episodeReturn);
      return {
        meanReturn: mean(returns),
        standardDeviation: spread(returns),
        crashRate: 1 - uncrashed.length / outcomes.length,
        uncrashedReturn: mean(uncrashed.map(({ episodeReturn }) => episodeReturn)),
        otherMeanReturn: mean(outcomes.map(({ otherReturn }) => otherReturn)),
        meanSteps: mean(outcomes.map(({ steps }) => steps)),
        positionErrorM: mean(uncrashed.map(({ positionError }) => positionError)),
        spikeRates: widths.map((width, l) => spikes[l]! / (stepsFlown * passes) / width),
        returns,
        settled: {
          positionErrorM: Math.sqrt(mean(uncrashed.map(({ settledError }) => settledError))),
          offsetM: mean(uncrashed.map(({ offset }) => offset)),
          commandChange: mean(uncrashed.map(({ commandChange }) => commandChange)),
        },
      };
    },
  };
}

/** Standard error of the mean return of so many episodes. */
export function standardError({
  standardDeviation,
  returns,
}: {
  readonly standardDeviation: number;
  readonly returns: { readonly length: number };
}): number {
  return standardDeviation / Math.sqrt(returns.length - 1);
}

/** Interval of 95 % of a rate seen in n episodes (Wilson 1927). */
export function rateInterval(rate: number, n: number): readonly [low: number, high: number] {
  const z = 1.959964;
  const middle = rate + (z * z) / (2 * n);
  const half = z * Math.sqrt((rate * (1 - rate)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, (middle - half) / (1 + (z * z) / n)), Math.min(1, (middle + half) / (1 + (z * z) / n))];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
