/** The measure behind every experiment that trains, and behind a sweep of one's own: a training run, its curve and its score. */
import { createEvaluator, EVALUATION_SEEDS } from "../evaluate.js";
import { loadPolicy } from "../load-policy.js";
import type { Policy } from "../policy-file.js";
import { robustnessConditions } from "../robustness.js";
import { createGuidePhase, createPolicyPhase } from "../run.js";
import { hasGuide, type RunConfig, resolveRunConfig } from "../run-config.js";
import { type Task, withoutVariation } from "../task.js";
import { isPaperReward } from "../task-parts.js";
import type { JsonObject, ShippedName, Workbench } from "./sweep.js";

export type TrainSettings = {
  /** What the table calls it. */
  readonly name: string;
  /** Laid over the preset, as `train --config` has it. */
  readonly config: JsonObject;
  /** A guide that comes with the package; null: the run trains its own where its algorithm has one. */
  readonly guide: ShippedName | null;
  /** Of the score, a multiple of 4. */
  readonly episodes: number;
  /** Choosing among runs is for validation alone; published figures are of reserved episodes. */
  readonly seeds: keyof typeof EVALUATION_SEEDS;
  /** Whether it is scored under delay, other mass and the like as well. */
  readonly conditions: boolean;
};

export type TrainResult = {
  readonly curve: readonly {
    readonly round: number;
    readonly environmentSteps: number;
    /** Batches that the policy has learned from. */
    readonly updates: number;
    readonly meanReturn: number;
    readonly meanSteps: number;
    readonly slope: number;
  }[];
  readonly parameters: number;
  readonly meanReturn: number;
  readonly crashRate: number;
  readonly uncrashedReturn: number | null;
  readonly otherMeanReturn: number;
  readonly meanSteps: number;
  /** Root mean square distance to the target after 2 s, m; null where all crashed. */
  readonly settledErrorM: number | null;
  readonly commandChange: number | null;
  readonly spikeRates: readonly number[];
  /** Robustness, condition by condition; none unless asked for. */
  readonly conditions: readonly {
    readonly name: string;
    readonly meanReturn: number;
    readonly crashRate: number;
  }[];
};

/** @throws SpikewingError where the config cannot be trained, or the training's figures do not stay finite */
export function trainAndScore(workbench: Workbench, settings: TrainSettings, seed: number): TrainResult {
  const { policy, task, curve } = trainPolicy(workbench, settings, seed);
  return { curve, ...scorePolicy(workbench, policy, task, settings) };
}

/** What a training left: its best policy by validation. */
export interface Trained {
  readonly policy: Policy;
  readonly task: Task;
  readonly curve: TrainResult["curve"];
}

export function trainPolicy(
  workbench: Workbench,
  { config, guide: shippedGuide }: Pick<TrainSettings, "config" | "guide">,
  seed: number,
): Trained {
  const { pool, shipped } = workbench;
  const run = resolveRunConfig({ seed, overrides: config }, "config");
  const guideOf = () => {
    if (!hasGuide(run)) return undefined;
    if (shippedGuide !== null) return shipped(shippedGuide);
    const phase = createGuidePhase(pool, run);
    for (const _ of phase.run());
    return phase.policy(run.guideLevel);
  };
  const phase = createPolicyPhase(pool, run, guideOf());
  const curve: TrainResult["curve"][number][] = [];
  for (const report of phase.run()) {
    const { round, evaluation, environmentSteps, surrogateSlope: slope } = report;
    if (!evaluation) continue;
    const updates = "update" in report ? report.update : round * windowsPerRound(run);
    const { meanReturn, meanSteps } = evaluation;
    curve.push({ round, environmentSteps, updates, meanReturn, meanSteps, slope });
    workbench.mark?.();
  }
  return { policy: phase.finish().policy, task: run.task, curve };
}

/** By the protocol, and under other conditions where they are asked for. */
export function scorePolicy(
  { pool }: Workbench,
  policy: Policy,
  trainedOn: Task,
  { episodes, seeds, conditions }: Pick<TrainSettings, "episodes" | "seeds" | "conditions">,
): Omit<TrainResult, "curve"> {
  const { core, pool: shards } = pool();
  const actor = loadPolicy(core, policy);
  const task = withoutVariation(trainedOn);
  const otherReward = isPaperReward(task.reward) ? "paper-end" : task.reward;
  const score = (flown: Task) => {
    const options = { episodes, seed: EVALUATION_SEEDS[seeds], otherReward };
    return createEvaluator(core, shards, flown, actor, options).run();
  };
  const evaluation = score(task);
  const { meanReturn, crashRate, uncrashedReturn, otherMeanReturn, meanSteps, spikeRates, settled } =
    evaluation;
  return {
    parameters: actor.parameterCount,
    meanReturn,
    crashRate,
    uncrashedReturn,
    otherMeanReturn,
    meanSteps,
    settledErrorM: settled.positionErrorM,
    commandChange: settled.commandChange,
    spikeRates,
    conditions: (conditions ? robustnessConditions(task) : []).map((condition) => {
      const { meanReturn, crashRate } = score(condition.task);
      return { name: condition.name, meanReturn, crashRate };
    }),
  };
}

/** A window of flight is what learning through the simulator takes for a batch. */
const windowsPerRound = ({ policy }: RunConfig): number =>
  "windowsPerRound" in policy ? policy.windowsPerRound : Number.NaN;
