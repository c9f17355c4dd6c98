import { difference, significant } from "./estimate.js";
import type { Experiment, Scale } from "./experiment.js";
import { type Claim, type Plot, pointAt } from "./report.js";
import type { JsonObject } from "./sweep.js";
import { over, scoreTable, type Trainings, verdictOnBeating } from "./sweep-report.js";
import { type TrainResult, type TrainSettings, trainAndScore } from "./train.js";
import { fromFlights, TRAINING_SEEDS } from "./training-sizes.js";

/** Table 4 of the paper (docs/REFERENCE.md, 8.2): final return. */
const PUBLISHED: Readonly<Record<string, string>> = {
  "full method": "412 +- 6.72",
  "without BC term": "334 +- 25.59",
  "without jump start": "32 +- 1.2",
  "without both": "36 +- 4.1",
};

const NO_BC = { bcWeight: 0 };
const NO_JUMP = { jumpStart: { kind: "none" } };
const WARMUPS = [0, 10, 25, 50, 75] as const;
const LENGTHS = [60, 100, 200] as const;
const GUIDES = ["novice", "intermediate", "expert"] as const;
const warmup = (steps: number) => `warm-up ${steps}`;
const length = (steps: number) => `sequences of ${steps}`;
const guided = (level: string) => `guide ${level}`;

const of = (scale: Scale, name: string, policy: JsonObject, guide?: TrainSettings["guide"]) =>
  fromFlights(scale, name, "td3bc-jsrl", policy, guide);

export const ablation: Experiment<TrainSettings, TrainResult> = {
  title: "What TD3BC with a jump start lives on",
  question:
    "Paper table 4 (section 8.2): the BC term and the jump start, with and without. Beyond it: steps that only warm the membranes, the length of sequences, and the skill of the guide, which was promised in the rebuttal.",
  runs: (scale) =>
    [
      of(scale, "full method", {}),
      of(scale, "without BC term", NO_BC),
      of(scale, "without jump start", NO_JUMP),
      of(scale, "without both", { ...NO_BC, ...NO_JUMP }),
      ...WARMUPS.map((steps) => of(scale, warmup(steps), { warmupSteps: steps })),
      ...LENGTHS.map((steps) => of(scale, length(steps), { sequenceLength: steps })),
      ...GUIDES.map((level) => of(scale, guided(level), {}, `guide-${level}`)),
    ].map((settings) => ({ settings, seeds: TRAINING_SEEDS[scale] })),
  measure: trainAndScore,
  report(trainings) {
    return {
      tables: [
        scoreTable(trainings, "scores of the best policy in reserved episodes, mean over training seeds", {
          "last validation": (name) => over(trainings, name, ({ curve }) => curve.at(-1)?.meanReturn ?? null),
          paper: (name) => PUBLISHED[name] ?? "-",
        }),
      ],
      figure: [
        [
          plot(trainings, "BC term and jump start", Object.keys(PUBLISHED)),
          plot(trainings, "Skill of the guide", GUIDES.map(guided)),
        ],
        [
          plot(trainings, "Steps of warm-up", WARMUPS.map(warmup)),
          plot(trainings, "Length of sequences", LENGTHS.map(length)),
        ],
      ],
      claims: claimsOf(trainings),
      notes: [
        "Everything else is preset paper, at the length of the scale; the guides are those that come with the package (their returns are in policies/README.md). Warm-up 50, sequences of 100 and guide expert are the full method again.",
      ],
    };
  },
};

function plot(trainings: Trainings, title: string, names: readonly string[]): Plot {
  const ours = names.map((name) => over(trainings, name, ({ meanReturn }) => meanReturn));
  const theirs = names.flatMap((name, x) =>
    PUBLISHED[name] === undefined ? [] : [{ x, y: Number.parseFloat(PUBLISHED[name]) }],
  );
  const common = names.every((name) => name.startsWith("guide")) ? /^guide / : /^(warm-up|sequences of) /;
  return {
    title,
    xLabel: "",
    yLabel: "return in reserved episodes",
    categories: names.map((name) => name.replace(common, "")),
    yIncludes: [0],
    curves: [
      {
        label: "ours",
        points: ours.map((estimate, x) => pointAt(x, estimate)),
      },
      ...(theirs.length > 0 ? [{ label: "paper", isPublished: true, points: theirs }] : []),
    ],
  };
}

function claimsOf(trainings: Trainings): readonly Claim[] {
  const score = (name: string) => over(trainings, name, ({ meanReturn }) => meanReturn);
  const against = (name: string) => {
    const found = difference(score("full method"), score(name));
    return {
      ours: `${significant(score("full method").mean, 3)} with, ${significant(score(name).mean, 3)} without; the difference is ${found.verdict}`,
      verdict: verdictOnBeating(score("full method"), score(name)),
    };
  };
  return [
    {
      claim: "The jump start decides: without it the method does not fly.",
      published: "412 +- 6.72 with, 32 +- 1.2 without",
      ...against("without jump start"),
    },
    {
      claim: "The BC term helps.",
      published: "412 +- 6.72 with, 334 +- 25.59 without",
      ...against("without BC term"),
    },
  ];
}
