import type { Report } from "./report.js";
import type { JsonObject, Outcome, SweepRun, Workbench } from "./sweep.js";

/** How much is spent: seconds to see that it works, hours for figures of our own, days for the paper's own lengths. */
export const SCALES = { smoke: {}, default: {}, paper: {} } as const;
export type Scale = keyof typeof SCALES;

/** A question, the runs that answer it, what is measured in each, and how the answer is set. */
export interface Experiment<
  Settings extends JsonObject = JsonObject,
  Result extends JsonObject = JsonObject,
> {
  readonly title: string;
  /** What is asked and how it is answered; sections are those of docs/REFERENCE.md. */
  readonly question: string;
  runs(scale: Scale): readonly { readonly settings: Settings; readonly seeds: readonly number[] }[];
  measure(workbench: Workbench, settings: Settings, seed: number): Result;
  report(outcomes: readonly Outcome<Settings, Result>[]): Report;
}

/** The runs of an experiment as a sweep has them: settings by settings, seed by seed. */
export function listRuns(name: string, experiment: Experiment, scale: Scale): readonly SweepRun[] {
  return experiment
    .runs(scale)
    .flatMap(({ settings, seeds }) => seeds.map((seed) => ({ measure: name, settings, seed })));
}

/** Results of the runs with these settings, in the order of their seeds; those that failed are left out. */
export function resultsOf<Settings, Result>(
  outcomes: readonly Outcome<Settings, Result>[],
  isWanted: (settings: Settings) => boolean,
): readonly Result[] {
  return outcomes.flatMap((outcome) =>
    "result" in outcome && isWanted(outcome.settings) ? [outcome.result] : [],
  );
}

/** So many seeds from `first` on. */
export const seedsFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => first + i);
