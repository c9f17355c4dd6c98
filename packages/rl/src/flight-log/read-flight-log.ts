import type { Airframe } from "@spikewing/core";
import { digestOf } from "../run-identity.js";
import { decompressQuaternion } from "./compressed-quaternion.js";
import { csvTable } from "./csv-table.js";
import { type FlightLog, MOTORS, STATE_WORDS } from "./flight-log.js";
import { columnNames, LOG_COLUMNS, type LogColumns, THRUST_CURVES, UNIT } from "./log-columns.js";
import { requireConsistent } from "./log-consistency.js";
import { type LogTable, readColumn } from "./log-table.js";
import { resample } from "./resample.js";
import { isSdCardLog, sdCardTables } from "./sd-card-log.js";

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
  const { thrust } = map.motors;
  const battery = thrust ? [read(thrust.batteryV, 1)] : [];
  const logged = map.motors.columns.map((name) => read(name, 1).map(toAction));
  const motors =
    map.motors.hold === "until" ? logged.map((motor) => [...motor.slice(1), motor.at(-1) ?? 0]) : logged;
  const targets = readTargets(map, table, times.length, place);
  const { steps, interpolated, held } = resample(
    times,
    [...position, ...quaternion, ...velocity, ...turning, ...battery],
    [...motors, ...(targets ?? [])],
    airframe.stepS,
    (row) => `${place}: ${table.nameRow(row)}`,
    place,
  );
  const log: FlightLog = {
    place,
    sha256: digestOf(file),
    steps,
    stepS: airframe.stepS,
    states: interleaved(interpolated.slice(0, STATE_WORDS)),
    commands: interleaved(held.slice(0, MOTORS)),
    pwm: pwmThrust(map.motors, interpolated[STATE_WORDS]),
    targets: targets && interleaved(held.slice(MOTORS)),
  };
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

function pwmThrust(
  { unit, thrust }: LogColumns["motors"],
  batteryV: Float64Array | undefined,
): FlightLog["pwm"] {
  if (unit !== "pwm") return undefined;
  return thrust && batteryV ? { curve: THRUST_CURVES[thrust.curve], batteryV } : "of unknown thrust";
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
    case "command":
      return (value: number) => Math.min(Math.max(value, -1), 1);
    case "rpm":
      return (value: number) => clamped((value - low) / (high - low));
    case "rad/s":
      return (value: number) => clamped((value * RPM - low) / (high - low));
  }
}

/** A row for each step, of columns. */
function interleaved(columns: readonly Float64Array[]): Float64Array {
  const rows = new Float64Array(columns.length * columns[0]!.length);
  columns.forEach((column, k) => {
    for (const [t, value] of column.entries()) rows[t * columns.length + k] = value;
  });
  return rows;
}

/** Position and velocity to hold, at each sample; undefined where the log does not say. */
function readTargets(
  { target, targetVelocity }: LogColumns,
  table: LogTable,
  samples: number,
  place: string,
): number[][] | undefined {
  const still = [0, 0, 0].map((zero) => Array<number>(samples).fill(zero));
  if (target === undefined) return undefined;
  if ("hover" in target) return [...target.hover.map((axis) => Array<number>(samples).fill(axis)), ...still];
  const read = (columns: readonly string[], unit: number) =>
    columns.every((name) => table.columns.includes(name))
      ? columns.map((name) => readColumn(table, name, unit, place))
      : undefined;
  const position = read(target.columns, UNIT[target.unit]);
  const velocity = targetVelocity && read(targetVelocity.columns, UNIT[targetVelocity.unit]);
  return position && [...position, ...(velocity ?? still)];
}
