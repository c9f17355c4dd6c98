/**
 * Identification: what drone flew a log. Short pieces of the flight are flown again in the simulator, and the drone's
 * parameters are moved until it comes out where the log does: least squares, with the gradient of the simulator by central
 * differences (piecewise-least-squares.ts).
 *
 * A flight shows thrust and inertia only in proportion to mass: of mass and thrust one has to be known. A horizontal force
 * and a torque that stay through a piece are found along with it, each piece its own: what the air does to a drone that flies
 * on would otherwise pass for torques that the motors did not give, and its inertia for a larger one. A vertical force is taken
 * for thrust, and a cell that empties for its fading unless its volts are known.
 */
import type { Core } from "@spikewing/core";
import type { TaskAirframe } from "../airframe.js";
import { SpikewingError } from "../spikewing-error.js";
import { type FlightLog, STATE_WORDS } from "./flight-log.js";
import {
  createLogSimulation,
  type DroneParameters,
  type LogSimulation,
  MOST_DELAY_PERIODS,
  STEADY,
  type Steady,
} from "./log-simulation.js";
import { type Coordinate, solvePiecewise } from "./piecewise-least-squares.js";

/** What can be found from a log. */
export const IDENTIFIABLE = [
  "mass",
  "inertia",
  "thrust",
  "torqueRatio",
  "motorRise",
  "motorFall",
  "delayS",
] as const;
export type Identifiable = (typeof IDENTIFIABLE)[number];

/** The drone was put on scales, or its file is right about its weight. */
export const DEFAULT_FIT: readonly Identifiable[] = [
  "inertia",
  "thrust",
  "torqueRatio",
  "motorRise",
  "motorFall",
  "delayS",
];

export interface Identified {
  readonly name: Identifiable;
  /** A factor on the airframe's, or s. */
  readonly value: number;
  /** Half of the 95 % interval, of the same unit; infinite where nothing in the log depends on the parameter. */
  readonly halfWidth: number;
  /** Whether the log shows it: else the drone has it as its file does, and this is what it would have been. */
  readonly observable: boolean;
  /** How many times what says something the half width is; infinite where the value stands at an end of its range. */
  readonly vagueness: number;
}

/** Root mean squares of simulated minus logged. */
export interface LogErrors {
  readonly positionM: number;
  readonly attitudeRad: number;
  readonly velocityMPerS: number;
  readonly angularVelocityRadPerS: number;
}

export interface Identification {
  readonly pieces: number;
  readonly pieceS: number;
  readonly parameters: readonly Identified[];
  readonly drone: DroneParameters;
  /** Mean of all pieces. */
  readonly steady: Readonly<Record<Steady, number>>;
  /** One control period ahead, and at a piece's end: of the airframe as its file has it; as identified, in steady air; and fitted. */
  readonly errors: Readonly<
    Record<"oneStep" | "pieceEnd", Readonly<Record<"before" | "after" | "fitted", LogErrors>>>
  >;
}

const MOST_PIECES = 400;
const PIECE_STEPS = 20;
/** What an error is measured in: the noise of a Crazyflie's estimate, about. */
const NOISE = [
  ...Array(3).fill(0.01),
  ...Array(4).fill(0.01),
  ...Array(3).fill(0.03),
  ...Array(3).fill(0.15),
];

/** A value is `zero` and so many of `unit`. */
interface Scale extends Coordinate {
  readonly zero: number;
  readonly unit: number;
  /** A half width of more than this, of the value's unit, says nothing: of a factor, as a share of it. */
  readonly vague: number;
}
const FACTOR: Scale = { zero: 1, unit: 1, low: -0.8, high: 4, vague: 0.5 };
const SCALES: Readonly<Record<Identifiable, Scale>> = {
  mass: FACTOR,
  inertia: FACTOR,
  thrust: FACTOR,
  torqueRatio: FACTOR,
  motorRise: FACTOR,
  motorFall: FACTOR,
  delayS: { zero: 0, unit: 0.01, low: 0, high: MOST_DELAY_PERIODS, vague: 0.008 },
};
const STEADY_UNITS: Readonly<Record<Steady, number>> = {
  forceXN: 0.1,
  forceYN: 0.1,
  torqueXNm: 1e-3,
  torqueYNm: 1e-3,
  torqueZNm: 1e-3,
};
const UNCHANGED = Object.fromEntries(
  Object.entries(SCALES).map(([name, { zero }]) => [name, zero]),
) as unknown as DroneParameters;
const toValue = (name: Identifiable, x: number): number => SCALES[name].zero + SCALES[name].unit * x;

/** @throws SpikewingError where the flight shows none of it. */
export function identify(
  core: Core,
  airframe: TaskAirframe,
  log: FlightLog,
  fit: readonly Identifiable[],
  place: string,
): Identification {
  if (fit.includes("mass") && fit.includes("thrust")) {
    throw new SpikewingError(
      place,
      "mass and thrust are both to be found; a flight shows only their ratio: expected one of them",
    );
  }
  const simulation = createLogSimulation(core, airframe, log, MOST_PIECES, PIECE_STEPS);
  // What the log does not show would bend what it does: the least observable is left as it is, and the rest found again.
  const left: Identified[] = [];
  let found = fitTo(simulation, fit);
  for (;;) {
    const worst = found.parameters.toSorted((a, b) => b.vagueness - a.vagueness)[0];
    if (!worst || worst.vagueness <= 1) break;
    left.push(worst);
    found = fitTo(
      simulation,
      fit.filter((name) => !left.some((one) => one.name === name)),
    );
  }
  const parameters = fit.map((name) => [...left, ...found.parameters].find((one) => one.name === name)!);

  const { drone, steady, own } = found;
  const still = new Float64Array(simulation.pieces * STEADY.length);
  const before = simulation.errors(UNCHANGED, still);
  const after = simulation.errors(
    drone,
    still.map((_, i) => steady[STEADY[i % STEADY.length]!]),
  );
  const fitted = simulation.errors(drone, own);
  const errorsAt = (t: number) => ({
    before: rootMeanSquares(before, simulation, t),
    after: rootMeanSquares(after, simulation, t),
    fitted: rootMeanSquares(fitted, simulation, t),
  });
  return {
    pieces: simulation.pieces,
    pieceS: PIECE_STEPS * log.stepS,
    parameters,
    drone,
    steady,
    errors: { oneStep: errorsAt(0), pieceEnd: errorsAt(PIECE_STEPS - 1) },
  };
}

/** What flies the pieces of a log best. */
function fitTo(simulation: LogSimulation, names: readonly Identifiable[]) {
  const { pieces } = simulation;
  const droneAt = (x: readonly number[]): DroneParameters => ({
    ...UNCHANGED,
    ...Object.fromEntries(names.map((name, i) => [name, toValue(name, x[i]!)])),
  });
  const inUnits = (own: Float64Array) =>
    own.map((value, i) => value * STEADY_UNITS[STEADY[i % STEADY.length]!]);
  const solved = solvePiecewise({
    pieces,
    shared: names.map((name) => SCALES[name]),
    own: STEADY.length,
    residuals: (x, steady) => scaled(simulation.errors(droneAt(x), inUnits(steady))),
  });
  const { shared, halfWidths } = solved;
  const own = inUnits(solved.own);
  const mean = (k: number) =>
    own.reduce((sum, value, i) => sum + (i % STEADY.length === k ? value : 0), 0) / pieces;
  return {
    parameters: names.map((name, i) => {
      const { low, high, unit, zero, vague } = SCALES[name];
      const [value, halfWidth] = [toValue(name, shared[i]!), halfWidths[i]! * unit];
      const atEnd = shared[i]! >= high || (shared[i]! <= low && low < 0);
      const vagueness = atEnd ? Number.POSITIVE_INFINITY : halfWidth / (zero === 0 ? vague : vague * value);
      return { name, value, halfWidth, vagueness, observable: vagueness <= 1 };
    }),
    drone: droneAt(shared),
    own,
    steady: Object.fromEntries(STEADY.map((name, k) => [name, mean(k)])) as Record<Steady, number>,
  };
}

/** How far the simulator is from a log: one control period ahead, and at the end of short pieces. */
export function simulatorErrors(
  core: Core,
  airframe: TaskAirframe,
  log: FlightLog,
): { readonly pieceS: number; readonly oneStep: LogErrors; readonly pieceEnd: LogErrors } {
  const simulation = createLogSimulation(core, airframe, log, MOST_PIECES, PIECE_STEPS);
  const errors = simulation.errors(UNCHANGED, new Float64Array(simulation.pieces * STEADY.length));
  const at = (t: number) => rootMeanSquares(errors, simulation, t);
  return { pieceS: PIECE_STEPS * log.stepS, oneStep: at(0), pieceEnd: at(PIECE_STEPS - 1) };
}

const scaled = (errors: Float64Array): Float64Array =>
  errors.map((error, i) => error / NOISE[i % STATE_WORDS]!);

function rootMeanSquares(errors: Float64Array, { pieces, pieceSteps }: LogSimulation, t: number): LogErrors {
  const of = (first: number, count: number) => {
    let sum = 0;
    for (let piece = 0; piece < pieces; piece++) {
      for (let k = first; k < first + count; k++)
        sum += errors[(piece * pieceSteps + t) * STATE_WORDS + k]! ** 2;
    }
    return Math.sqrt(sum / pieces);
  };
  // A small turn by an angle moves the quaternion by half of it.
  return {
    positionM: of(0, 3),
    attitudeRad: 2 * of(3, 4),
    velocityMPerS: of(7, 3),
    angularVelocityRadPerS: of(10, 3),
  };
}
