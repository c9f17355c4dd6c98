import { basename } from "node:path";
import type { Airframe } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { airframeName, airframeOf, DEFAULT_TASK, SpikewingError, type TaskAirframe } from "@spikewing/rl";
import {
  DEFAULT_FIT,
  IDENTIFIABLE,
  type Identifiable,
  type Identified,
  identify,
  type LogErrors,
  readFlightLog,
} from "@spikewing/rl/identification";
import { readInput } from "./input-file.js";
import { columnsOf } from "./log-files.js";
import { formatTable, printResult } from "./print.js";
import { inOnePiece } from "./progress.js";
import { requireNew, toJson, writeWhole } from "./whole-file.js";

export interface IdentifyFlags {
  readonly airframe?: TaskAirframe;
  readonly columns?: string;
  /** Names with commas. */
  readonly fit?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Finds what drone flew a log: factors on the airframe's constants, and the delay of its commands. */
export function identifyLog(logFile: string, flags: IdentifyFlags): void {
  const { out } = flags;
  const fit = flags.fit === undefined ? DEFAULT_FIT : parseFit(flags.fit);
  if (out !== undefined) requireNew(out);
  const given = flags.airframe ?? DEFAULT_TASK.airframe;
  const airframe = airframeOf(given);
  const log = readFlightLog(readInput(logFile, "log"), columnsOf(flags.columns), airframe, logFile);
  const found = inOnePiece("identify", basename(logFile), () =>
    identify(loadCore(), given, log, fit, logFile),
  );
  if (out !== undefined) writeWhole(out, toJson(airframeWith(airframe, found.drone, logFile)));
  const seconds = log.steps * log.stepS;
  printResult(flags.json, { log: logFile, airframe: airframeName(given), seconds, ...found }, [
    `${logFile}: ${seconds.toFixed(1)} s, ${found.pieces} pieces of ${found.pieceS} s, beside ${airframeName(given)}`,
    ...formatTable([["", "found", "95 %"], ...found.parameters.map(rowOf)]),
    "",
    ...formatTable([
      ["simulated - logged", "position", "attitude", "velocity", "turning"],
      errorRow("one step, as in its file", found.errors.oneStep.before),
      errorRow("one step, as found", found.errors.oneStep.after),
      errorRow(`${found.pieceS} s, as in its file`, found.errors.pieceEnd.before),
      errorRow(`${found.pieceS} s, as found`, found.errors.pieceEnd.after),
      errorRow("and each with its own air", found.errors.pieceEnd.fitted),
    ]),
    ...(out === undefined ? [] : [`wrote ${out}`]),
  ]);
}

/** "thrust,delayS" */
function parseFit(text: string): readonly Identifiable[] {
  return text.split(",").map((name) => {
    const found = IDENTIFIABLE.find((known) => known === name);
    if (found) return found;
    throw new SpikewingError("--fit", `${JSON.stringify(name)}; expected some of ${IDENTIFIABLE.join(", ")}`);
  });
}

type Factors = Readonly<Record<Exclude<Identifiable, "delayS">, number>>;

function airframeWith(airframe: Airframe, factors: Factors, logFile: string): Airframe {
  const scale = <T extends readonly number[]>(values: T, factor: number) =>
    values.map((value) => value * factor) as unknown as T;
  return {
    ...airframe,
    name: `${airframe.name}-identified`,
    source: `${airframe.name}, identified from ${logFile}`,
    massKg: airframe.massKg * factors.mass,
    inertia: scale(airframe.inertia, factors.inertia),
    thrust: scale(airframe.thrust, factors.thrust),
    torquePerThrust: airframe.torquePerThrust * factors.torqueRatio,
    motorLagS: [airframe.motorLagS[0] * factors.motorRise, airframe.motorLagS[1] * factors.motorFall],
  };
}

function rowOf({ name, value, halfWidth, observable }: Identified): string[] {
  const isDelay = name === "delayS";
  const shown = isDelay ? `${(1e3 * value).toFixed(2)} ms` : `x ${value.toFixed(3)}`;
  const within = `+- ${isDelay ? (1e3 * halfWidth).toFixed(2) : halfWidth.toFixed(3)}`;
  if (observable) return [isDelay ? "delay" : name, shown, within];
  const would = Number.isFinite(halfWidth) ? ` (would be ${shown} ${within})` : "";
  return [
    isDelay ? "delay" : name,
    isDelay ? "0 ms, not found" : "x 1, not found",
    `not observable in this log${would}`,
  ];
}

export const errorRow = (what: string, errors: LogErrors): string[] => [
  what,
  `${(1e3 * errors.positionM).toFixed(2)} mm`,
  `${(1e3 * errors.attitudeRad).toFixed(2)} mrad`,
  `${(1e3 * errors.velocityMPerS).toFixed(1)} mm/s`,
  `${(1e3 * errors.angularVelocityRadPerS).toFixed(1)} mrad/s`,
];
