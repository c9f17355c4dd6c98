import { appendFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Evaluation, GuideReport, PolicyReport } from "@spikewing/rl";
import { z } from "zod";
import { readInput } from "./input-file.js";
import { printNote } from "./print.js";
import { RUN_FILES } from "./run-folder.js";
import { encodeFileVersion, encodeScalars } from "./tensorboard.js";
import { writeWhole, writing } from "./whole-file.js";

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** One line of metrics.jsonl: a report of rl without the single returns, and the seconds of training so far. */
export type Metrics = DistributiveOmit<GuideReport | PolicyReport, "evaluation"> & {
  readonly seconds: number;
  readonly evaluation?: Omit<Evaluation, "returns">;
};

export function metricsOf(report: GuideReport | PolicyReport, seconds: number): Metrics {
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

const EVENTS_PREFIX = "events.out.tfevents.";

/** What the curves and the events take for granted of a line that an earlier session wrote. */
const recordSchema = z.looseObject({
  phase: z.enum(["guide", "policy"]),
  round: z.number().int().min(1),
  environmentSteps: z.number().min(0),
  seconds: z.number().min(0),
  criticLoss: z.number().exactOptional(),
  bcLoss: z.number().exactOptional(),
  evaluation: z
    .looseObject({ meanReturn: z.number(), crashRate: z.number(), spikeRates: z.array(z.number()) })
    .exactOptional(),
});

function parseRecord(text: string): Metrics | undefined {
  try {
    const record: Metrics = JSON.parse(text);
    recordSchema.parse(record);
    return record; // with its fields in the order that they were written in
  } catch {
    return undefined;
  }
}

/** Rounds of each phase that the checkpoint of an earlier session has behind it. */
export type RoundsDone = Readonly<Record<Metrics["phase"], number>>;

/** The records of those rounds, in order; what else the file holds is dropped, and said. */
function readRecords(path: string, done: RoundsDone): Metrics[] {
  const lines = existsSync(path) ? new TextDecoder().decode(readInput(path, "log")).split("\n") : [];
  const found = new Map<string, Metrics>();
  let dropped = 0;
  for (const text of lines.filter((line) => line !== "")) {
    const record = parseRecord(text);
    if (record && record.round <= done[record.phase]) found.set(`${record.phase} ${record.round}`, record);
    else dropped++;
  }
  const rounds = (["guide", "policy"] as const).flatMap((phase) =>
    Array.from({ length: done[phase] }, (_, i) => found.get(`${phase} ${i + 1}`)),
  );
  const records = rounds.filter((record) => record !== undefined);
  const missing = rounds.length - records.length;
  if (missing > 0)
    printNote(`${path}: ${missing} of ${rounds.length} rounds before the checkpoint are missing or damaged`);
  if (dropped > 0) printNote(`${path}: ${dropped} lines behind the checkpoint or damaged are dropped`);
  return records;
}

/**
 * Opens the log of a folder with the rounds that are done: those that an earlier session flew after its last checkpoint
 * come again. A damaged log costs lines, and no run. The events are written anew from the metrics.
 */
export function openMetricsLog(folder: string, done: RoundsDone): MetricsLog {
  const metricsPath = join(folder, RUN_FILES.metrics);
  const records = readRecords(metricsPath, done);
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
