/** Ways to learn that are not back through time: e-prop in its place, and an evolution strategy; each tuned in every run. */
import { createEvolution, type EvolutionConfig } from "../evolution.js";
import { policyWeights } from "../load-policy.js";
import { phaseSeed } from "../phase-seed.js";
import { DEFAULT_TASK } from "../task.js";
import { difference, formatCounted } from "./estimate.js";
import type { Experiment, Scale } from "./experiment.js";
import type { Claim } from "./report.js";
import type { JsonObject, Workbench } from "./sweep.js";
import { curvePlot, hasLearned, over, scoreTable, type Trainings } from "./sweep-report.js";
import { scorePolicy, type Trained, type TrainResult, trainPolicy } from "./train.js";
import { type BaselineSettings, evolved, TRAINING_SEEDS, taught } from "./training-sizes.js";

/** Apart from the seeds of trainings that are scored. */
const TUNING = 1000;

function train(workbench: Workbench, settings: BaselineSettings, policy: JsonObject, seed: number): Trained {
  const config = { ...settings.config, policy: { ...(settings.config.policy as JsonObject), ...policy } };
  if (settings.by === "gradient") return trainPolicy(workbench, { ...settings, config }, seed);
  const { core, pool } = workbench.pool();
  const evolution = createEvolution(
    core,
    pool,
    DEFAULT_TASK,
    config.policy as unknown as EvolutionConfig,
    phaseSeed(core, seed, "policy"),
  );
  const curve: TrainResult["curve"][number][] = [];
  for (const { round, environmentSteps, evaluation } of evolution.run()) {
    if (!evaluation) continue;
    const { meanReturn, meanSteps } = evaluation;
    curve.push({ round, environmentSteps, updates: round, meanReturn, meanSteps, slope: 0 });
    workbench.mark?.();
  }
  evolution.restoreBest();
  const { actor } = evolution;
  const policyFile = { shape: actor.shape, weights: policyWeights(core, actor), record: {} };
  return { policy: policyFile, task: DEFAULT_TASK, curve };
}

const bestOf = ({ curve }: Trained) => Math.max(...curve.map(({ meanReturn }) => meanReturn));

/** Tunes, then trains. @throws SpikewingError as trainAndScore does */
function measureBaseline(workbench: Workbench, settings: BaselineSettings, seed: number): BaselineResult {
  const silent = { pool: workbench.pool, shipped: workbench.shipped };
  const tried = settings.candidates.map((candidate) =>
    bestOf(train(silent, settings, { ...candidate, rounds: settings.tuningRounds }, seed + TUNING)),
  );
  const chosen = tried.indexOf(Math.max(...tried));
  const { policy, task, curve } = train(workbench, settings, settings.candidates[chosen]!, seed);
  return { tried, chosen, curve, ...scorePolicy(workbench, policy, task, settings) };
}

export type BaselineResult = TrainResult & {
  /** Best validation return of each candidate, and which was taken. */
  readonly tried: readonly number[];
  readonly chosen: number;
};

const NAMES = ["back through time", "e-prop", "evolution strategy"] as const;

export const baselines: Experiment<BaselineSettings, BaselineResult> = {
  title: "Other ways to learn: e-prop and an evolution strategy",
  question:
    "Asked in review: what does the gradient back through time buy? The same integer network, 18-256-128-4, learns from a teacher's corrections with the gradient of e-prop (traces forwards in time, Bellec et al. 2020) in the place of BPTT and nothing else changed, and from returns alone by an evolution strategy (Salimans et al. 2017). Each run first tries three settings for a quarter of its length; validation chooses.",
  runs: (scale: Scale) =>
    [taught(scale, NAMES[0], "bptt"), taught(scale, NAMES[1], "eprop"), evolved(scale, NAMES[2])].map(
      (settings) => ({ settings, seeds: TRAINING_SEEDS[scale] }),
    ),
  measure: measureBaseline,
  report(trainings) {
    return {
      tables: [
        scoreTable(trainings, "scores of the best policy in reserved episodes, mean over training seeds", {
          "best in validation": (name) =>
            over(trainings, name, ({ curve }) => Math.max(...curve.map(({ meanReturn }) => meanReturn))),
          "steps flown (thousands)": (name) =>
            over(trainings, name, ({ curve }) => (curve.at(-1)?.environmentSteps ?? Number.NaN) / 1000),
          "chosen settings": (name) => chosenIn(trainings as readonly BaselineOutcome[], name),
        }),
      ],
      figure: [
        [
          curvePlot(trainings, "Return, from a teacher", "meanReturn", NAMES.slice(0, 2)),
          curvePlot(trainings, "Return, by evolution", "meanReturn", NAMES.slice(2)),
        ],
        [curvePlot(trainings, "Return, over time", "meanReturn", undefined, "seconds")],
      ],
      claims: claimsOf(trainings),
      notes: [
        "Teacher for BPTT and e-prop: the shipped expert guide; it flies the first rounds and corrects the policy's own flights behind them (distil). The evolution strategy has no teacher: returns of whole episodes under the paper's start weights. Steps flown do not count those of tuning, which cost three quarters as much again.",
        "With one hidden layer e-prop's gradient is BPTT's to the rounding of f32 (a test of the core); with two it leaves out what a spike of the lower layer does to the upper one's membranes in later steps.",
      ],
    };
  },
};

type BaselineOutcome = { readonly settings: BaselineSettings; readonly result?: BaselineResult };

/** What each seed took of its candidates. */
function chosenIn(outcomes: readonly BaselineOutcome[], name: string): string {
  const taken = outcomes.flatMap(({ settings, result }) => {
    if (settings.name !== name || !result) return [];
    const { actorAdam, adam, noiseStd } = settings.candidates[result.chosen] as Candidate;
    const rate = `rate ${(actorAdam ?? adam)?.learningRate}`;
    return [noiseStd === undefined ? rate : `noise ${noiseStd}, ${rate}`];
  });
  return taken.join("; ");
}

interface Candidate {
  readonly actorAdam?: { readonly learningRate: number };
  readonly adam?: { readonly learningRate: number };
  readonly noiseStd?: number;
}

function claimsOf(trainings: Trainings): readonly Claim[] {
  const [time, traces, evolution] = NAMES.map((name) =>
    over(trainings, name, ({ meanReturn }) => meanReturn),
  );
  const apart = (other: typeof time) => difference(time!, other!).verdict;
  const learned = [time, traces, evolution].some((score) => score!.n > 0 && hasLearned(score!));
  return [
    {
      claim: "What the gradient back through time buys over traces, and over no gradient.",
      published: "not tried",
      ours: `${formatCounted(time!)} back through time, ${formatCounted(traces!)} by e-prop (the difference is ${apart(traces)}), ${formatCounted(evolution!)} by evolution (${apart(evolution)})${learned ? "" : "; nobody has learned to fly"}`,
      verdict: "not comparable",
    },
  ];
}
