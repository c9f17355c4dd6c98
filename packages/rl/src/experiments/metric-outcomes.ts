/** What the experiment on metrics measures, and means of it. */
import { type Estimate, estimate } from "./estimate.js";
import { resultsOf } from "./experiment.js";
import type { Outcome } from "./sweep.js";
import type { FlightCounts } from "./synaptic-counts.js";

export const POLICIES = {
  snn: "SNN 18-256-128-4",
  "ann-history": "ANN 146-64-64-4",
  ann: "ANN 18-64-64-4",
} as const;
export type PolicyName = keyof typeof POLICIES;

export type MetricSettings = {
  readonly policy: PolicyName;
  readonly episodes: number;
  readonly mostSteps: number;
};

export type MetricResult = {
  readonly episodes: readonly FlightCounts[];
  readonly footprintFloat: number;
  readonly footprintInteger: number | null;
  readonly connectionSparsity: number;
  readonly sizes: readonly number[];
};

export type Outcomes = readonly Outcome<MetricSettings, MetricResult>[];
export const names = Object.keys(POLICIES) as PolicyName[];

export const resultsFor = (outcomes: Outcomes, policy: PolicyName) =>
  resultsOf(outcomes, (settings) => settings.policy === policy);

/** A figure of every block: the mean over its steps. */
export function overSteps(
  outcomes: Outcomes,
  policy: PolicyName,
  value: (flight: FlightCounts) => number,
): Estimate {
  return estimate(
    resultsFor(outcomes, policy).map(({ episodes }) => {
      const steps = episodes.reduce((sum, flight) => sum + flight.steps, 0);
      return episodes.reduce((sum, flight) => sum + flight.steps * value(flight), 0) / steps;
    }),
  );
}

export const total =
  (key: "dense" | "effective" | "spikes" | "neurons" | "membraneUpdates", kind?: "MAC" | "AC") =>
  ({ layers }: FlightCounts) =>
    layers.reduce((sum, layer) => sum + (kind === undefined || layer.kind === kind ? layer[key] : 0), 0);
