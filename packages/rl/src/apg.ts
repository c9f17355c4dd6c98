/**
 * Analytic policy gradient: the simulator is differentiated, and with it the flight of a spiking or dense policy. No
 * guide, no critic, no replay.
 *
 * APG   Wiedemann et al. 2022, arXiv 2209.13052
 * SHAC  Xu et al. 2022, arXiv 2204.07137: short windows that follow one another, with a value at their end
 *
 * Differs from them: the policy spikes; the membranes are carried from window to window with the drones, so nothing has
 * to warm up; the value at a window's end is a fixed quadratic; the adjoint of the state fades on its way back
 * (`shortAdjointDecay`, `longAdjointDecay`). Every sum and gradient runs in the core (core-wasm/assembly/window).
 */
import { type Address, type Core, SHARDS, type ShardPool } from "@spikewing/core";
import { z } from "zod";
import { type Actor, createActor, initialiseActor, startAtAction } from "./actor.js";
import { createAdam, learningRateAt } from "./adam-config.js";
import type { ApgConfig, ApgStage } from "./apg-config.js";
import { keepBest } from "./best-policy.js";
import { createEvaluator, EVALUATION_SEEDS, type Evaluation } from "./evaluate.js";
import { requireFinite } from "./finite.js";
import type { PolicyTraining } from "./policy-training.js";
import { createShardGradients } from "./shard-gradients.js";
import { slopeAt } from "./surrogate-slope.js";
import { createEnvironments, type Task, writeTask } from "./task.js";
import { rewardOf } from "./task-parts.js";

const count = z.number().int().min(0);

/** Where training stands; all numbers that the core's memory does not hold. */
export const apgProgressSchema = z.strictObject({
  round: count,
  window: count,
  /** Windows whose gradient was not finite; their drones began anew. */
  droppedWindows: count,
  /** The next window begins with fresh drones, whatever its number. */
  restart: z.boolean(),
  scores: z.array(z.number()),
  bestReturn: z.number().optional(),
});
export type ApgProgress = z.infer<typeof apgProgressSchema>;

export interface ApgReport {
  readonly phase: "policy";
  readonly round: number;
  readonly rounds: number;
  readonly environmentSteps: number;
  /** Control periods of a window in this round. */
  readonly windowSteps: number;
  readonly surrogateSlope: number;
  /** Mean cost of a drone and step, and norm of the gradient before clipping, over the round's windows. */
  readonly cost: number;
  readonly gradientNorm: number;
  /** Drones that left the bounds within which they are followed, a drone and window of the round. */
  readonly restartRate: number;
  readonly droppedWindows: number;
  readonly saturatedWeights: number;
  readonly evaluation: Evaluation | undefined;
}

/** Beyond these a drone is not followed any further: its gradient says nothing about flying. */
const FOLLOWED = {
  name: "followed",
  source: "own choice",
  positionM: 1,
  velocityMPerS: 6,
  angularVelocityRadPerS: 30,
};

export function createApgTraining(
  core: Core,
  pool: ShardPool,
  task: Task,
  config: ApgConfig,
  seed: number,
): PolicyTraining<ApgReport> & { readonly progress: ApgProgress } {
  const actor = createActor(core, config.actor);
  initialiseActor(core, actor, seed, 0);
  startAtAction(core, actor, rewardOf(task.reward).actionBaseline);
  return improveThroughSimulator(core, pool, task, actor, config, seed);
}

/** The same for an actor that is there already, from whatever it can do. */
export function improveThroughSimulator(
  core: Core,
  pool: ShardPool,
  task: Task,
  actor: Actor,
  config: ApgStage,
  seed: number,
): PolicyTraining<ApgReport> & { readonly progress: ApgProgress } {
  const windows = createFlightWindows(core, pool, task, actor, config, seed);
  const adam = createAdam(core, actor.parameterCount, config.adam);
  const evaluator = createEvaluator(core, pool, task, actor, {
    episodes: config.evaluationEpisodes,
    seed: EVALUATION_SEEDS.validation,
    otherReward: task.reward,
  });
  const progress: ApgProgress = {
    round: 0,
    window: 0,
    droppedWindows: 0,
    restart: true,
    scores: [],
    bestReturn: undefined,
  };
  const best = keepBest(core, actor, evaluator, progress);

  return {
    actor,
    progress,

    *run() {
      while (progress.round < config.rounds) {
        const done = progress.round / config.rounds;
        const windowSteps = windowStepsAt(config, done);
        const adjointDecay = done < config.growAt ? config.shortAdjointDecay : config.longAdjointDecay;
        const surrogateSlope = slopeAt(config.surrogateSlope, done, progress.scores);
        const learningRate = learningRateAt(config.adam, done);
        const restartsBefore = windows.restarts();
        const droppedBefore = progress.droppedWindows;
        let saturatedWeights = 0;
        let cost = 0;
        let gradientNorm = 0;

        for (let i = 0; i < config.windowsPerRound; i++) {
          const fresh = progress.restart || progress.window % config.freshEvery === 0;
          windows.fly(windowSteps, fresh);
          const gradient = windows.gradient(windowSteps, surrogateSlope, adjointDecay);
          progress.window++;
          progress.restart = gradient === undefined;
          if (gradient === undefined) {
            progress.droppedWindows++;
            continue;
          }
          gradientNorm += adam.step(actor.parameters, gradient, learningRate);
          saturatedWeights = core.kernels.actorSync(actor.at);
          cost += windows.cost(windowSteps);
        }

        progress.round++;
        const place = `policy, round ${progress.round}`;
        const learned = config.windowsPerRound - (progress.droppedWindows - droppedBefore);
        const means = { cost: cost / learned, gradientNorm: gradientNorm / learned }; // NaN where all were dropped
        requireFinite(core, place, means, {
          actor: { at: actor.parameters, length: actor.parameterCount },
        });
        const isDue = progress.round % config.evaluateEvery === 0 || progress.round === config.rounds;
        yield {
          phase: "policy",
          round: progress.round,
          rounds: config.rounds,
          environmentSteps: apgSteps(config, progress.round),
          windowSteps,
          surrogateSlope,
          ...means,
          restartRate: (windows.restarts() - restartsBefore) / (config.drones * config.windowsPerRound),
          droppedWindows: progress.droppedWindows,
          saturatedWeights,
          evaluation: isDue ? best.evaluate(place) : undefined,
        };
      }
    },

    restoreBest: best.restore,
  };
}

/** Control periods of a window when this share of the training is done. */
function windowStepsAt(config: ApgStage, done: number): number {
  if (done < config.growAt) return config.shortWindow;
  return done < config.growAgainAt ? config.longWindow : config.longestWindow;
}

/** Control periods flown by all drones in the first `rounds` rounds. */
export function apgSteps(config: ApgStage, rounds: number): number {
  let periods = 0;
  for (let round = 0; round < rounds; round++) periods += windowStepsAt(config, round / config.rounds);
  return periods * config.windowsPerRound * config.drones;
}

/** All drones of a training, in SHARDS shards. */
interface FlightWindows {
  /** Flies a window with every drone. */
  fly(steps: number, fresh: boolean): void;
  /** Address of the gradient of the mean cost of that window; undefined where it is not finite. */
  gradient(steps: number, surrogateSlope: number, adjointDecay: number): Address<"F32s"> | undefined;
  /** Mean cost of a drone and step of that window. */
  cost(steps: number): number;
  /** Drones restarted since the beginning. */
  restarts(): number;
}

function createFlightWindows(
  core: Core,
  pool: ShardPool,
  task: Task,
  actor: Actor,
  config: ApgStage,
  seed: number,
): FlightWindows {
  const { kernels } = core;
  const n = config.drones / SHARDS;
  const longest = Math.max(config.shortWindow, config.longWindow, config.longestWindow);
  const { fields, gust } = writeTask(core, task);
  const blocks = { fields: { ...fields, bounds: core.create("Bounds", FOLLOWED) }, gust };
  const cost = core.create("FlightCost", {
    ...config.cost,
    actionBaseline: rewardOf(task.reward).actionBaseline,
  });
  const shards = Array.from({ length: SHARDS }, (_, shard) => {
    const environments = createEnvironments(core, blocks, n, seed);
    const parts = { environments, actor: actor.at, cost };
    return core.create("FlightWindow", { ...parts, shard, shards: SHARDS, steps: longest });
  });
  const gradients = createShardGradients(core, actor.parameterCount);
  const views = shards.map((at) => core.view("FlightWindow", at));
  const sum = (read: (view: (typeof views)[number]) => number) =>
    views.reduce((total, view) => total + read(view), 0);

  return {
    fly(steps, fresh) {
      pool.run("flightWindowFly", (shard) => [shards[shard]!, steps, Number(fresh)]);
    },
    gradient(steps, surrogateSlope, adjointDecay) {
      gradients.clear();
      const scale = 1 / (config.drones * steps);
      pool.run("flightWindowBackward", (shard) => [
        shards[shard]!,
        steps,
        surrogateSlope,
        adjointDecay,
        scale,
        gradients.of(shard),
        actor.parameterCount,
      ]);
      if (!views.every(({ finite }) => finite)) return undefined;
      const gradient = gradients.sum();
      kernels.actorMaskGradient(actor.at, gradient);
      return gradient;
    },
    cost: (steps) => sum(({ costSum }) => costSum) / (config.drones * steps),
    restarts: () => sum(({ restarts }) => restarts),
  };
}
