import { difference, estimate, formatCounted } from "./estimate.js";
import type { Experiment } from "./experiment.js";
import type { Claim } from "./report.js";
import { curvePlot, over, scoreTable, type Trainings, verdictOnBeating } from "./sweep-report.js";
import { type TrainResult, type TrainSettings, trainAndScore } from "./train.js";
import { COMPARISON_SEEDS, distilled, fromFlights, throughSimulator } from "./training-sizes.js";

/** Figure 4 of the paper (docs/REFERENCE.md, 8.1): return, early, at its peak and at the end; length at the end. */
const PUBLISHED: Readonly<Record<string, string>> = {
  "TD3BC+JSRL": "433 at the peak, 320 at the end (215 .. 430)",
  TD3BC: "193 at the peak, -145 at the end",
  BC: "47 at the peak, -180 at the end",
  TD3: "16 at the peak, about 10 at the end",
};

const last = ({ curve }: TrainResult) => curve.at(-1)?.meanReturn ?? null;
const peak = ({ curve }: TrainResult) => Math.max(...curve.map(({ meanReturn }) => meanReturn));

export const methods: Experiment<TrainSettings, TrainResult> = {
  title: "Ways to learn to fly",
  question:
    "Paper 5.2 (section 8.1): return and length of an episode over training, for behaviour cloning, TD3, TD3BC and TD3BC with a jump start, each with its own hyperparameters, the penalties of the reward rising in six steps; beside them the simulator's own gradient and distillation of a teacher.",
  runs: (scale) =>
    [
      fromFlights(scale, "BC", "bc"),
      fromFlights(scale, "TD3", "td3"),
      fromFlights(scale, "TD3BC", "td3bc"),
      fromFlights(scale, "TD3BC+JSRL", "td3bc-jsrl"),
      throughSimulator(scale, "apg"),
      distilled(scale, "distil"),
    ].map((settings) => ({ settings, seeds: COMPARISON_SEEDS[scale] })),
  measure: trainAndScore,
  report(trainings) {
    return {
      tables: [
        scoreTable(trainings, "scores of the best policy in reserved episodes, mean over training seeds", {
          peak: (name) => over(trainings, name, peak),
          end: (name) => over(trainings, name, last),
          "end weights": (name) => over(trainings, name, ({ otherMeanReturn }) => otherMeanReturn),
          "steps flown (thousands)": (name) =>
            over(trainings, name, ({ curve }) => (curve.at(-1)?.environmentSteps ?? Number.NaN) / 1000),
          "updates (thousands)": (name) =>
            over(trainings, name, ({ curve }) => (curve.at(-1)?.updates ?? Number.NaN) / 1000),
          "processor time (s)": (name) => secondsOf(trainings, name),
          paper: (name) => PUBLISHED[name] ?? "-",
        }),
      ],
      figure: [
        [
          curvePlot(trainings, "Return", "meanReturn", FROM_FLIGHTS, "updates"),
          curvePlot(trainings, "Length", "meanSteps", FROM_FLIGHTS, "updates"),
        ],
        [
          curvePlot(trainings, "Return, through the simulator", "meanReturn", THROUGH_SIMULATOR),
          curvePlot(trainings, "Length, through the simulator", "meanSteps", THROUGH_SIMULATOR),
        ],
        [
          curvePlot(trainings, "Return, over time", "meanReturn", undefined, "seconds"),
          curvePlot(trainings, "Length, over time", "meanSteps", undefined, "seconds"),
        ],
      ],
      claims: claimsOf(trainings),
      notes: [
        "Each method of the paper has its own column of table 5.1 (batch, data, warm-up, noise, width); BC and TD3BC learn from a fixed data set of the guide's flights, and the reward's penalties rise in six steps from the start to the end weights. Scores and validation have the start weights throughout; the column \"end weights\" has the same flights by the others. Batches and lengths are those of the scale.",
        "An update is a batch that the policy learns from, of sequences (the paper's methods, distil) or a window of flight (apg); the paper's axis of training steps is not defined. Processor time is of one thread of a machine that others used too, guide and teacher included where a run trains its own, and no result depends on it.",
        "The paper's abstract has 400 against at most -200; its own figure ends at 320 for TD3BC+JSRL and at 10 for TD3, and TD3BC peaks at 193.",
      ],
    };
  },
};

const FROM_FLIGHTS = ["BC", "TD3", "TD3BC", "TD3BC+JSRL"] as const;
const THROUGH_SIMULATOR = ["apg", "distil"] as const;

/** Until the last validation. */
const secondsOf = (trainings: Trainings, name: string) =>
  estimate(trainings.filter(({ settings }) => settings.name === name).map(({ seconds }) => seconds?.at(-1)));

function claimsOf(trainings: Trainings): readonly Claim[] {
  const score = (name: string) => over(trainings, name, ({ meanReturn }) => meanReturn);
  const full = score("TD3BC+JSRL");
  const others = FROM_FLIGHTS.slice(0, 3).map((name) => ({
    name,
    difference: difference(full, score(name)).verdict,
    verdict: verdictOnBeating(full, score(name)),
  }));
  const said = FROM_FLIGHTS.map((name) => `${name} ${formatCounted(score(name))}`).join(", ");
  const verdicts = others.map(({ verdict }) => verdict);
  return [
    {
      claim: "TD3BC with a jump start ends above BC, TD3 and TD3BC.",
      published: "320 against -180, 10 and -145",
      ours: `${said}; against ${others.map(({ name, difference }) => `${name}: ${difference}`).join(", ")}`,
      verdict:
        (["not learned", "does not reproduce", "undecided"] as const).find((one) => verdicts.includes(one)) ??
        "reproduces",
    },
  ];
}
