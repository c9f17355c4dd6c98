/**
 * An evolution strategy on the integer policy as it flies: returns of whole episodes, no gradient, no guide, no critic.
 *
 * OpenAI-ES  Salimans et al. 2017, arXiv 1703.03864: mirrored noise, centred ranks instead of returns, Adam
 *
 * Differs from it: all members of a generation fly the same starts, other ones every generation. Noise, sums and steps are
 * the core's.
 */
import { type Core, DRAW_BYTES, type ShardPool } from "@spikewing/core";
import { type ActorShape, createActor, initialiseActor } from "./actor.js";
import { type AdamConfig, createAdam } from "./adam-config.js";
import { keepBest } from "./best-policy.js";
import { createEvaluator, EVALUATION_SEEDS, type Evaluation } from "./evaluate.js";
import type { PolicyTraining } from "./policy-training.js";
import type { Task } from "./task.js";

export interface EvolutionConfig {
  readonly actor: ActorShape;
  /** Generations, and mirrored pairs in each. */
  readonly rounds: number;
  readonly pairs: number;
  /** Standard deviation of a member's parameters about the mean. */
  readonly noiseStd: number;
  /** Episodes of every member, a multiple of 4. */
  readonly episodes: number;
  readonly adam: AdamConfig;
  readonly evaluateEvery: number;
  readonly evaluationEpisodes: number;
}

export interface EvolutionReport {
  readonly round: number;
  readonly environmentSteps: number;
  /** Of all members. */
  readonly trainingReturn: number;
  readonly evaluation: Evaluation | undefined;
}

/** Draws of fillNormal, apart from every stream of the core. */
const NOISE_STREAM = 104;

export function createEvolution(
  core: Core,
  pool: ShardPool,
  task: Task,
  config: EvolutionConfig,
  seed: number,
): PolicyTraining<EvolutionReport> {
  const { kernels } = core;
  const { rounds, pairs, noiseStd, episodes } = config;
  const actor = createActor(core, config.actor);
  initialiseActor(core, actor, seed, 0);
  const n = actor.parameterCount;
  const mean = core.allocate("F32s", n);
  const noise = core.allocate("F32s", n);
  const gradient = core.allocate("F32s", n);
  core.f32(mean, n).set(core.f32(actor.parameters, n));
  const scratch = core.allocate("Scratch", DRAW_BYTES);
  const adam = createAdam(core, n, config.adam);
  const flown = createEvaluator(core, pool, task, actor, { episodes, seed, otherReward: task.reward });
  const validation = createEvaluator(core, pool, task, actor, {
    episodes: config.evaluationEpisodes,
    seed: EVALUATION_SEEDS.validation,
    otherReward: task.reward,
  });
  const progress = { round: 0, scores: [] as number[], bestReturn: undefined as number | undefined };
  const best = keepBest(core, actor, validation, progress);
  let environmentSteps = 0;

  /** The actor stands `step` along the noise of a pair. */
  function stand(step: number): void {
    core.f32(actor.parameters, n).set(core.f32(mean, n));
    if (step !== 0) kernels.addScaled(actor.parameters, noise, step, n);
    kernels.actorSync(actor.at);
  }

  function returnAt(step: number): number {
    stand(step);
    const { meanReturn, meanSteps } = flown.run(progress.round * episodes);
    environmentSteps += meanSteps * episodes;
    return meanReturn;
  }

  return {
    actor,
    progress,

    *run() {
      while (progress.round < rounds) {
        const draw = (pair: number) =>
          kernels.fillNormal(noise, n, seed, NOISE_STREAM, progress.round * pairs + pair, scratch);
        const returns: number[] = []; // of each pair: one way, the other way
        for (let pair = 0; pair < pairs; pair++) {
          draw(pair);
          returns.push(returnAt(noiseStd), returnAt(-noiseStd));
        }

        // Adam goes down, so the sign is turned: - sum (rank+ - rank-) noise / (2 pairs std).
        const ranks = centredRanks(returns);
        core.f32(gradient, n).fill(0);
        for (let pair = 0; pair < pairs; pair++) {
          draw(pair);
          const gain = ranks[2 * pair]! - ranks[2 * pair + 1]!;
          kernels.addScaled(gradient, noise, -gain / (2 * pairs * noiseStd), n);
        }
        adam.step(mean, gradient, config.adam.learningRate);
        stand(0);

        progress.round++;
        const isDue = progress.round % config.evaluateEvery === 0 || progress.round === rounds;
        yield {
          round: progress.round,
          environmentSteps: Math.round(environmentSteps),
          trainingReturn: returns.reduce((sum, value) => sum + value, 0) / returns.length,
          evaluation: isDue ? best.evaluate(`evolution, generation ${progress.round}`) : undefined,
        };
      }
    },

    restoreBest: best.restore,
  };
}

/** Ranks of returns, from -0.5 of the least to 0.5 of the greatest; equal ones share theirs. */
export function centredRanks(returns: readonly number[]): readonly number[] {
  const sorted = [...returns].sort((a, b) => a - b);
  return returns.map((value) => {
    const [first, last] = [sorted.indexOf(value), sorted.lastIndexOf(value)];
    return (first + last) / 2 / (returns.length - 1) - 0.5;
  });
}
