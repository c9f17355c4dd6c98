import { TD3BC_JSRL_PRESETS } from "../td3bc-jsrl-presets.js";
import { difference, formatCounted } from "./estimate.js";
import type { Experiment, Scale } from "./experiment.js";
import { type Claim, type Plot, pointAt } from "./report.js";
import type { JsonObject } from "./sweep.js";
import { over, scoreTable, type Trainings, verdictOnBeating } from "./sweep-report.js";
import { type TrainResult, type TrainSettings, trainAndScore } from "./train.js";
import { COMPARISON_SEEDS, fromFlights } from "./training-sizes.js";

const FULL = "full method";

/** Table 4 of the paper (docs/REFERENCE.md, 8.2): final return. */
const PUBLISHED: Readonly<Record<string, string>> = {
  [FULL]: "412 +- 6.72",
  "without BC term": "334 +- 25.59",
  "without jump start": "32 +- 1.2",
  "without both": "36 +- 4.1",
};

const NO_BC = { bcWeight: 0 };
const NO_JUMP = { jumpStart: { kind: "none" } };

/** Values of one setting, each with the training that has it: what the full method has is not trained again. */
function series<Value>(values: readonly Value[], ofFull: Value, nameOf: (value: Value) => string) {
  return values.map((value) => ({ value, name: value === ofFull ? FULL : nameOf(value) }));
}

const { paper } = TD3BC_JSRL_PRESETS;
const WARMUPS = series([0, 10, 25, 50, 75], paper.warmupSteps, (steps) => `warm-up ${steps}`);
const LENGTHS = series([60, 100, 200], paper.sequenceLength, (steps) => `sequences of ${steps}`);
const GUIDES = series(["novice", "intermediate", "expert"] as const, "expert", (level) => `guide ${level}`);
const isNew = ({ name }: { readonly name: string }) => name !== FULL;

const of = (scale: Scale, name: string, policy: JsonObject, guide?: TrainSettings["guide"]) =>
  fromFlights(scale, name, "td3bc-jsrl", policy, guide);

export const ablation: Experiment<TrainSettings, TrainResult> = {
  title: "What TD3BC with a jump start lives on",
  question:
    "Paper table 4 (section 8.2): the BC term and the jump start, with and without. Beyond it: steps that only warm the membranes, the length of sequences, and the skill of the guide, which was promised in the rebuttal.",
  runs: (scale) =>
    [
      of(scale, FULL, {}),
      of(scale, "without BC term", NO_BC),
      of(scale, "without jump start", NO_JUMP),
      of(scale, "without both", { ...NO_BC, ...NO_JUMP }),
      ...WARMUPS.filter(isNew).map(({ name, value }) => of(scale, name, { warmupSteps: value })),
      ...LENGTHS.filter(isNew).map(({ name, value }) => of(scale, name, { sequenceLength: value })),
      ...GUIDES.filter(isNew).map(({ name, value }) => of(scale, name, {}, `guide-${value}`)),
    ].map((settings) => ({ settings, seeds: COMPARISON_SEEDS[scale] })),
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
          plot(
            trainings,
            "BC term and jump start",
            Object.keys(PUBLISHED).map((name) => ({ value: name, name })),
          ),
          plot(trainings, "Skill of the guide", GUIDES),
        ],
        [plot(trainings, "Steps of warm-up", WARMUPS), plot(trainings, "Length of sequences", LENGTHS)],
      ],
      claims: claimsOf(trainings),
      notes: [
        "Everything else is preset paper, at the length of the scale; the guides are those that come with the package (their returns are in policies/README.md). Warm-up 50, sequences of 100 and guide expert are the full method, which the pictures show again.",
      ],
    };
  },
};

function plot(
  trainings: Trainings,
  title: string,
  shown: readonly { readonly value: string | number; readonly name: string }[],
): Plot {
  const ours = shown.map(({ name }) => over(trainings, name, ({ meanReturn }) => meanReturn));
  const theirs = shown.flatMap(({ value }, x) =>
    PUBLISHED[value] === undefined ? [] : [{ x, y: Number.parseFloat(PUBLISHED[value]) }],
  );
  return {
    title,
    xLabel: "",
    yLabel: "return in reserved episodes",
    categories: shown.map(({ value }) => String(value)),
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
    const found = difference(score(FULL), score(name));
    return {
      ours: `${formatCounted(score(FULL))} with, ${formatCounted(score(name))} without; the difference is ${found.verdict}`,
      verdict: verdictOnBeating(score(FULL), score(name)),
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
