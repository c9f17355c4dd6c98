import type { Airframe } from "@spikewing/core";
import { csvParse, type DSVRowArray } from "d3-dsv";
import { SpikewingError } from "../spikewing-error.js";
import { type FlightLog, MOTORS, STATE_WORDS } from "./flight-log.js";
import { type LogColumns, UNIT } from "./log-columns.js";
import { requireConsistent } from "./log-consistency.js";

/** Samples further apart than this are not put in relation. */
const LONGEST_GAP_S = 0.06;
const FEWEST_SECONDS = 5;
/** Times of a log are decimal: a sample this near is at the time. */
const ROUNDING_S = 1e-6;
const FULL_PWM = 65535;
const RPM = 60 / (2 * Math.PI);

/**
 * A flight's CSV with one row a sample, at any rate: states between samples are interpolated, commands are held.
 * @throws SpikewingError naming the column or row where it does not hold a flight.
 */
export function readFlightLog(
  text: string,
  columns: LogColumns,
  airframe: Airframe,
  place: string,
): FlightLog {
  const table = csvParse(text);
  const read = columnReader(table, place);
  const times = read(columns.time.column, UNIT[columns.time.unit]);
  const position = columns.position.columns.map((name) => read(name, UNIT[columns.position.unit]));
  const quaternion = alongOneSide(columns.quaternion.columns.map((name) => read(name, 1)));
  const velocity = columns.velocity.columns.map((name) => read(name, UNIT[columns.velocity.unit]));
  const { angularVelocity } = columns;
  const turning = angularVelocity.columns.map((name) => read(name, UNIT[angularVelocity.unit]));
  const toAction = actionOf(columns.motors.unit, airframe);
  const motors = columns.motors.columns.map((name) => read(name, 1).map(toAction));
  const log = resample(
    times,
    [...position, ...quaternion, ...velocity, ...turning],
    motors,
    airframe.stepS,
    place,
  );
  requireConsistent(log, place);
  return log;
}

function columnReader(table: DSVRowArray<string>, place: string) {
  return (name: string, unit: number): number[] => {
    if (!table.columns.includes(name)) {
      const there = table.columns.slice(0, 12).join(", ");
      throw new SpikewingError(place, `has no column ${name}; its columns are ${there || "none"}`);
    }
    return table.map((row, i) => {
      const value = Number(row[name]);
      if (row[name]?.trim() && Number.isFinite(value)) return value * unit;
      throw new SpikewingError(place, `row ${i + 2}, ${name}: ${row[name] ?? "nothing"}; expected a number`);
    });
  };
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
        place,
        `row ${i + 3} is ${(1000 * gap).toFixed(1)} ms after the row before; ${wanted}`,
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
