import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Evaluation, GuideReport, RoundReport } from "@spikewing/rl";
import { encodeFileVersion, encodeScalars } from "./tensorboard.js";
import { writeWhole, writing } from "./whole-file.js";

/** One line of metrics.jsonl: a report of rl without the single returns, and the seconds of training so far. */
export type Metrics = (Omit<GuideReport, "evaluation"> | Omit<RoundReport, "evaluation">) & {
  readonly seconds: number;
  readonly evaluation?: Omit<Evaluation, "returns">;
};

export function metricsOf(report: GuideReport | RoundReport, seconds: number): Metrics {
  const { evaluation, ...rest } = report;
  const elapsed = Math.round(seconds * 1000) / 1000;
  if (!evaluation) return { ...rest, seconds: elapsed };
  const { returns, ...scores } = evaluation;
  return { ...rest, seconds: elapsed, evaluation: scores };
}

/** Numbers by tag: `guide/criticLoss`, `policy/evaluation/meanReturn`. */
export function scalarsOf(metrics: Metrics): ReadonlyMap<string, number> {
  const scalars = new Map<string, number>();
  const collect = (tag: string, value: unknown) => {
    if (typeof value === "number" && Number.isFinite(value)) scalars.set(tag, value);
    else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) collect(`${tag}/${key}`, inner);
  };
  const { phase, round, rounds, environmentSteps, ...rest } = metrics;
  collect(phase, rest);
  return scalars;
}

/** metrics.jsonl and the TensorBoard events of a run folder, one record a round. */
export interface MetricsLog {
  readonly records: readonly Metrics[];
  append(metrics: Metrics): void;
}

const METRICS_FILE = "metrics.jsonl";
const EVENTS_PREFIX = "events.out.tfevents.";

/** The records of an earlier session that `isKept` names; a torn last line counts as never written. */
function readRecords(path: string, isKept: (metrics: Metrics) => boolean): Metrics[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.slice(0, -1).flatMap((text) => {
    const metrics = JSON.parse(text) as Metrics;
    return isKept(metrics) ? [metrics] : [];
  });
}

/**
 * Opens the log of a folder and drops what `isKept` does not name: rounds that an earlier session flew after its last
 * checkpoint come again. The events are written anew from the metrics.
 */
export function openMetricsLog(folder: string, isKept: (metrics: Metrics) => boolean): MetricsLog {
  const metricsPath = join(folder, METRICS_FILE);
  const records = readRecords(metricsPath, isKept);
  writeWhole(metricsPath, records.map((metrics) => `${JSON.stringify(metrics)}\n`).join(""));

  for (const file of readdirSync(folder)) if (file.startsWith(EVENTS_PREFIX)) rmSync(join(folder, file));
  const start = Date.now() / 1000 - (records.at(-1)?.seconds ?? 0);
  const eventsPath = join(folder, `${EVENTS_PREFIX}${Math.floor(start)}.spikewing`);
  const eventOf = (metrics: Metrics) =>
    encodeScalars(start + metrics.seconds, metrics.environmentSteps, scalarsOf(metrics));
  writeWhole(eventsPath, Buffer.concat([encodeFileVersion(start), ...records.map(eventOf)]));

  return {
    records,
    append(metrics) {
      records.push(metrics);
      writing(metricsPath, () => appendFileSync(metricsPath, `${JSON.stringify(metrics)}\n`));
      writing(eventsPath, () => appendFileSync(eventsPath, eventOf(metrics)));
    },
  };
}
