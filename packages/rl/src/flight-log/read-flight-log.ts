import type { Airframe } from "@spikewing/core";
import { SpikewingError } from "../spikewing-error.js";
import { decompressQuaternion } from "./compressed-quaternion.js";
import { csvTable } from "./csv-table.js";
import { type FlightLog, MOTORS, STATE_WORDS } from "./flight-log.js";
import { columnNames, LOG_COLUMNS, type LogColumns, UNIT } from "./log-columns.js";
import { requireConsistent } from "./log-consistency.js";
import { type LogTable, readColumn } from "./log-table.js";
import { isSdCardLog, sdCardTables } from "./sd-card-log.js";

/** Samples further apart than this are not put in relation. */
const LONGEST_GAP_S = 0.06;
const FEWEST_SECONDS = 5;
/** Times of a log are decimal: a sample this near is at the time. */
const ROUNDING_S = 1e-6;
const FULL_PWM = 65535;
const RPM = 60 / (2 * Math.PI);

/**
 * A flight's CSV, or the file of a Crazyflie's SD card, with one row a sample, at any rate: states between samples are
 * interpolated, commands are held.
 *
 * @param columns by default those of LOG_COLUMNS that are there
 * @throws SpikewingError naming the column, row or byte where it does not hold a flight
 */
export function readFlightLog(
  file: Uint8Array,
  columns: LogColumns | undefined,
  airframe: Airframe,
  place: string,
): FlightLog {
  const tables = isSdCardLog(file)
    ? sdCardTables(file, place)
    : [csvTable(new TextDecoder().decode(file), place)];
  const [table, map] = chooseTable(tables, columns ? [columns] : Object.values(LOG_COLUMNS));
  const read = (name: string, unit: number) => readColumn(table, name, unit, place);
  const times = read(map.time.column, UNIT[map.time.unit]);
  const position = map.position.columns.map((name) => read(name, UNIT[map.position.unit]));
  const quaternion = alongOneSide(readQuaternion(map.quaternion, (name) => read(name, 1)));
  const velocity = map.velocity.columns.map((name) => read(name, UNIT[map.velocity.unit]));
  const { angularVelocity } = map;
  const turning = angularVelocity.columns.map((name) => read(name, UNIT[angularVelocity.unit]));
  const toAction = actionOf(map.motors.unit, airframe);
  const motors = map.motors.columns.map((name) => read(name, 1).map(toAction));
  const log = resample(
    times,
    [...position, ...quaternion, ...velocity, ...turning],
    motors,
    airframe.stepS,
    (row) => `${place}: ${table.nameRow(row)}`,
    place,
  );
  requireConsistent(log, place);
  return log;
}

/** A card whose header names no event. */
const EMPTY: LogTable = { columns: [], nameRow: String, values: () => [] };

/** The first map that one of the tables holds all of; else the first map, and the table that holds most of it. */
function chooseTable(
  tables: readonly LogTable[],
  maps: readonly LogColumns[],
): readonly [LogTable, LogColumns] {
  const missing = (table: LogTable, map: LogColumns) =>
    columnNames(map).filter((name) => !table.columns.includes(name)).length;
  for (const map of maps) {
    const table = tables.find((one) => missing(one, map) === 0);
    if (table) return [table, map];
  }
  const [first] = maps as [LogColumns];
  const [nearest = EMPTY] = tables.toSorted((a, b) => missing(a, first) - missing(b, first));
  return [nearest, first];
}

function readQuaternion(quaternion: LogColumns["quaternion"], read: (name: string) => number[]): number[][] {
  if ("columns" in quaternion) return quaternion.columns.map(read);
  const samples = read(quaternion.compressed).map(decompressQuaternion);
  return [0, 1, 2, 3].map((k) => samples.map((words) => words[k]!));
}

/** q and -q are one attitude: each sample takes the sign that is nearer to the one before. */
function alongOneSide(quaternion: number[][]): number[][] {
  const samples = quaternion[0]!.length;
  for (let i = 1; i < samples; i++) {
    const along = quaternion.reduce((sum, word) => sum + word[i]! * word[i - 1]!, 0);
    if (along < 0) for (const word of quaternion) word[i] = -word[i]!;
  }
  return quaternion;
}

function actionOf(unit: LogColumns["motors"]["unit"], { rotorRange: [low, high] }: Airframe) {
  const clamped = (share: number) => 2 * Math.min(Math.max(share, 0), 1) - 1;
  switch (unit) {
    case "pwm":
      return (value: number) => clamped(value / FULL_PWM);
    case "share":
      return clamped;
    case "rpm":
      return (value: number) => clamped((value - low) / (high - low));
    case "rad/s":
      return (value: number) => clamped((value * RPM - low) / (high - low));
  }
}

function resample(
  times: readonly number[],
  words: readonly number[][],
  motors: readonly number[][],
  stepS: number,
  placeOf: (row: number) => string,
  place: string,
): FlightLog {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  const steps = Math.floor((last - first) / stepS + ROUNDING_S) + 1;
  if (!(last - first >= FEWEST_SECONDS)) {
    const seconds = (last - first).toFixed(1);
    throw new SpikewingError(place, `holds ${seconds} s of flight; expected at least ${FEWEST_SECONDS}`);
  }
  const states = new Float64Array(steps * STATE_WORDS);
  const commands = new Float64Array(steps * MOTORS);
  for (let t = 0, i = 0; t < steps; t++) {
    const time = first + t * stepS;
    while (i < times.length - 2 && times[i + 1]! <= time + ROUNDING_S) i++;
    const gap = times[i + 1]! - times[i]!;
    if (!(gap > 0 && gap <= LONGEST_GAP_S)) {
      const wanted = `expected more than 0 and at most ${1000 * LONGEST_GAP_S} ms`;
      throw new SpikewingError(
        placeOf(i + 1),
        `${(1000 * gap).toFixed(1)} ms after the one before; ${wanted}`,
      );
    }
    const share = (time - times[i]!) / gap;
    words.forEach((word, k) => {
      states[t * STATE_WORDS + k] = word[i]! + share * (word[i + 1]! - word[i]!);
    });
    motors.forEach((motor, k) => {
      commands[t * MOTORS + k] = motor[time + ROUNDING_S >= times[i + 1]! ? i + 1 : i]!;
    });
  }
  return { steps, stepS, states, commands };
}
