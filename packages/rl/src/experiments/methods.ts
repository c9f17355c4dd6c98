import { difference, significant } from "./estimate.js";
import type { Experiment } from "./experiment.js";
import { type Claim, verdictOf } from "./report.js";
import { curvePlot, over, scoreTable, type Trainings, trainingsOf } from "./sweep-report.js";
import { type TrainResult, type TrainSettings, trainAndScore } from "./train.js";
import { distilled, fromFlights, TRAINING_SEEDS, throughSimulator } from "./training-sizes.js";

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
    "Paper 5.2 (section 8.1): return and length of an episode over the steps flown, for behaviour cloning, TD3, TD3BC and TD3BC with a jump start; beside them the simulator's own gradient and distillation of a teacher.",
  runs: (scale) =>
    [
      fromFlights(scale, "BC", "bc"),
      fromFlights(scale, "TD3", "td3"),
      fromFlights(scale, "TD3BC", "td3bc"),
      fromFlights(scale, "TD3BC+JSRL", "td3bc-jsrl"),
      throughSimulator(scale, "apg"),
      distilled(scale, "distil"),
    ].map((settings) => ({ settings, seeds: TRAINING_SEEDS[scale] })),
  measure: trainAndScore,
  report(trainings) {
    return {
      tables: [
        scoreTable(trainings, "scores of the best policy in reserved episodes, mean over training seeds", {
          peak: (name) => over(trainings, name, peak),
          end: (name) => over(trainings, name, last),
          "steps flown (thousands)": (name) =>
            over(trainings, name, ({ curve }) => (curve.at(-1)?.environmentSteps ?? Number.NaN) / 1000),
          paper: (name) => PUBLISHED[name] ?? "-",
        }),
      ],
      figure: [
        [
          curvePlot(trainings, "Return", "meanReturn", FROM_FLIGHTS),
          curvePlot(trainings, "Length", "meanSteps", FROM_FLIGHTS),
        ],
        [
          curvePlot(trainings, "Return, through the simulator", "meanReturn", ["apg", "distil"]),
          curvePlot(trainings, "Length, through the simulator", "meanSteps", ["apg", "distil"]),
        ],
      ],
      claims: claimsOf(trainings),
      notes: [
        "The offline methods have the sizes, batches and noise of TD3BC+JSRL and the guide's flights as they are flown, not a fixed data set; the reward has its start weights throughout, where the paper raises them in six steps. Steps flown are all drones' together; the paper's axis of training steps is not defined.",
        "The paper's abstract has 400 against at most -200; its own figure ends at 320 for TD3BC+JSRL and at 10 for TD3, and TD3BC peaks at 193.",
      ],
    };
  },
};

const FROM_FLIGHTS = ["BC", "TD3", "TD3BC", "TD3BC+JSRL"] as const;

function claimsOf(trainings: Trainings): readonly Claim[] {
  const score = (name: string) => over(trainings, name, ({ meanReturn }) => meanReturn);
  const full = score("TD3BC+JSRL");
  const beats = FROM_FLIGHTS.slice(0, 3).map((name) => ({ name, ...difference(full, score(name)) }));
  const said = FROM_FLIGHTS.map((name) => `${name} ${significant(score(name).mean, 3)}`).join(", ");
  const isKnown = trainingsOf(trainings, "TD3BC+JSRL").length > 0;
  return [
    {
      claim: "TD3BC with a jump start ends above BC, TD3 and TD3BC.",
      published: "320 against -180, 10 and -145",
      ours: `${said}; against ${beats.map(({ name, verdict }) => `${name}: ${verdict}`).join(", ")}`,
      verdict: verdictOf(
        !isKnown || beats.some(({ verdict }) => verdict === "none")
          ? undefined
          : beats.every(({ verdict }) => verdict === "higher"),
      ),
    },
  ];
}
