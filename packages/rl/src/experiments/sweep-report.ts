import { difference, type Estimate, estimate } from "./estimate.js";
import { resultsOf } from "./experiment.js";
import {
  type Cell,
  type Claim,
  type Curve,
  type Plot,
  pointAt,
  type Report,
  type Table,
  verdictOf,
} from "./report.js";
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

/** The return by which the paper counts its epochs; below it nobody stays up, and no difference says anything of learning. */
const LEARNED_RETURN = 100;
export const hasLearned = ({ mean }: Estimate): boolean => mean >= LEARNED_RETURN;

/** Whether the first of two trainings ends above the second. */
export function verdictOnBeating(first: Estimate, second: Estimate): Claim["verdict"] {
  if (first.n === 0 || second.n === 0) return "undecided";
  if (!hasLearned(first) && !hasLearned(second)) return "not learned";
  const { verdict } = difference(first, second);
  return verdictOf(verdict === "none" ? undefined : verdict === "higher");
}

/** "Hardly matters": less than this share of the better one, whatever the error hides. */
const HARDLY = 0.25;

/** Whether two trainings end alike. A difference that is lost in a large error is no likeness. */
export function verdictOnLikeness(first: Estimate, second: Estimate): Claim["verdict"] {
  if (first.n === 0 || second.n === 0) return "undecided";
  if (!hasLearned(first) && !hasLearned(second)) return "not learned";
  const { mean, standardError } = difference(first, second);
  const much = HARDLY * Math.max(first.mean, second.mean);
  if (Math.abs(mean) + 2 * standardError < much) return verdictOf(true);
  return verdictOf(Math.abs(mean) - 2 * standardError > much ? false : undefined);
}

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

/** What a curve of training may run over. */
const AXES = {
  environmentSteps: "steps flown (thousands)",
  updates: "updates (thousands)",
  seconds: "processor time (s)",
} as const;
export type Axis = keyof typeof AXES;

/** Where the points of a training lie on an axis; where nobody kept the time there are none. */
function positionsOf(training: Trainings[number], axis: Axis): readonly number[] {
  if (!("result" in training)) return [];
  const { curve } = training.result;
  if (axis === "seconds") return training.seconds?.length === curve.length ? training.seconds : [];
  return curve.map((point) => point[axis] / 1000);
}

/** Validation over what it took, a curve a name, with the spread over seeds; a time is the mean of the seeds'. */
export function curvePlot(
  trainings: Trainings,
  title: string,
  key: "meanReturn" | "meanSteps",
  wanted: readonly string[] = namesOf(trainings),
  axis: Axis = "environmentSteps",
): Plot {
  return {
    title,
    xLabel: AXES[axis],
    yLabel: key === "meanReturn" ? "return in validation" : "steps of an episode",
    yIncludes: [0],
    curves: wanted.map((name): Curve => {
      const runs = trainings.filter(({ settings }) => settings.name === name);
      const positions = runs.map((run) => positionsOf(run, axis));
      const longest = Math.max(0, ...positions.map(({ length }) => length));
      return {
        label: name,
        points: Array.from({ length: longest }, (_, i) =>
          pointAt(
            estimate(positions.map((at) => at[i])).mean,
            estimate(runs.map((run) => ("result" in run ? run.result.curve[i]?.[key] : null))),
          ),
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
    figure: [
      [
        curvePlot(trainings, "Return", "meanReturn", undefined, "updates"),
        curvePlot(trainings, "Length", "meanSteps", undefined, "updates"),
      ],
    ],
    claims: [],
    notes: [],
  };
}
