import { estimate } from "./estimate.js";
import { resultsOf } from "./experiment.js";
import { type Cell, type Curve, type Plot, pointAt, type Report, type Table } from "./report.js";
import type { Outcome } from "./sweep.js";
import type { TrainResult, TrainSettings } from "./train.js";

export type Trainings = readonly Outcome<TrainSettings, TrainResult>[];

/** Names of the trainings, in the order of the runs. */
export const namesOf = (trainings: Trainings): readonly string[] => [
  ...new Set(trainings.map(({ settings }) => settings.name)),
];

export const trainingsOf = (trainings: Trainings, name: string): readonly TrainResult[] =>
  resultsOf(trainings, (settings) => settings.name === name);

/** One figure of a training over its seeds. */
export const over = (trainings: Trainings, name: string, value: (result: TrainResult) => number | null) =>
  estimate(trainingsOf(trainings, name).map(value));

/** Scores by name: a row each. `more`: further columns with what stands in them. */
export function scoreTable(
  trainings: Trainings,
  caption: string,
  more: Readonly<Record<string, (name: string) => Cell>> = {},
): Table {
  return {
    caption,
    columns: ["", "return", "crashed", "uncrashed", "steps", "after 2 s (m)", ...Object.keys(more)],
    rows: namesOf(trainings).map((name) => [
      name,
      over(trainings, name, ({ meanReturn }) => meanReturn),
      over(trainings, name, ({ crashRate }) => crashRate),
      over(trainings, name, ({ uncrashedReturn }) => uncrashedReturn),
      over(trainings, name, ({ meanSteps }) => meanSteps),
      over(trainings, name, ({ settledErrorM }) => settledErrorM),
      ...Object.values(more).map((cell) => cell(name)),
    ]),
  };
}

/** Validation over the drones' steps, a curve a name, with the spread over seeds. */
export function curvePlot(
  trainings: Trainings,
  title: string,
  key: "meanReturn" | "meanSteps",
  wanted: readonly string[] = namesOf(trainings),
): Plot {
  return {
    title,
    xLabel: "steps flown (thousands)",
    yLabel: key === "meanReturn" ? "return in validation" : "steps of an episode",
    yIncludes: [0],
    curves: wanted.map((name): Curve => {
      const results = trainingsOf(trainings, name);
      const longest = results.reduce<TrainResult["curve"]>(
        (best, { curve }) => (curve.length > best.length ? curve : best),
        [],
      );
      return {
        label: name,
        points: longest.map(({ environmentSteps }, i) =>
          pointAt(environmentSteps / 1000, estimate(results.map(({ curve }) => curve[i]?.[key]))),
        ),
      };
    }),
  };
}

/** What came of a list of one's own. */
export function reportSweep(trainings: Trainings): Report {
  const [first] = trainings;
  const { episodes, seeds } = first?.settings ?? { episodes: 0, seeds: "validation" };
  return {
    tables: [scoreTable(trainings, `mean over training seeds, ${episodes} ${seeds} episodes each`)],
    figure: [[curvePlot(trainings, "Return", "meanReturn"), curvePlot(trainings, "Length", "meanSteps")]],
    claims: [],
    notes: [],
  };
}
