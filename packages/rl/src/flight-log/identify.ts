/**
 * Identification: what drone flew a log. Short pieces of the flight are flown again in the simulator, and the drone's
 * parameters are moved until it comes out where the log does: least squares by Levenberg and Marquardt, with the gradient
 * of the simulator by central differences.
 *
 * Least squares  Levenberg 1944; Marquardt 1963, doi 10.1137/0111030
 * Errors         clustered by piece, since what follows within one depends on its start: Liang and Zeger 1986
 *
 * A flight shows thrust and inertia only in proportion to mass: of mass and thrust one has to be known. A horizontal force
 * and a torque that stay are found along with it; a vertical one is taken for thrust, and a cell that empties for its fading.
 */
import type { Core } from "@spikewing/core";
import { inverse, Matrix, solve } from "ml-matrix";
import type { TaskAirframe } from "../airframe.js";
import { SpikewingError } from "../spikewing-error.js";
import { type FlightLog, STATE_WORDS } from "./flight-log.js";
import { createLogSimulation, type DroneParameters, type LogSimulation } from "./log-simulation.js";

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
  /** Half of the 95 % interval, of the same unit; infinite where the log does not show the parameter. */
  readonly halfWidth: number;
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
  /** One control period ahead, and at a piece's end: of the airframe as its file has it, and as identified. */
  readonly errors: Readonly<
    Record<"oneStep" | "pieceEnd", { readonly before: LogErrors; readonly after: LogErrors }>
  >;
}

/** Found along with what was asked for, so that it does not pass for something else. */
const STEADY = ["forceXN", "forceYN", "torqueXNm", "torqueYNm", "torqueZNm"] as const;
type Searched = Identifiable | (typeof STEADY)[number];

const MOST_PIECES = 400;
const PIECE_STEPS = 20;
const MOST_ITERATIONS = 40;
/** A step that gains less of the sum of squares than this is the last. */
const LEAST_GAIN = 1e-7;

/** What an error is measured in: the noise of a Crazyflie's estimate, about. */
const SCALES = [
  ...Array(3).fill(0.01),
  ...Array(4).fill(0.01),
  ...Array(3).fill(0.03),
  ...Array(3).fill(0.15),
];

/** A coordinate of the search, 0 where nothing is known: a value is `zero` and so many of `unit`. */
interface Coordinate {
  readonly zero: number;
  readonly unit: number;
  readonly low: number;
  readonly high: number;
}
const FACTOR: Coordinate = { zero: 1, unit: 1, low: -0.8, high: 4 };
const FORCE: Coordinate = { zero: 0, unit: 0.1, low: -1, high: 1 };
const TORQUE: Coordinate = { zero: 0, unit: 1e-3, low: -1, high: 1 };
const COORDINATES: Readonly<Record<Searched, Coordinate>> = {
  mass: FACTOR,
  inertia: FACTOR,
  thrust: FACTOR,
  torqueRatio: FACTOR,
  motorRise: FACTOR,
  motorFall: FACTOR,
  delayS: { zero: 0, unit: 0.01, low: 0, high: 1 },
  forceXN: FORCE,
  forceYN: FORCE,
  torqueXNm: TORQUE,
  torqueYNm: TORQUE,
  torqueZNm: TORQUE,
};
const UNCHANGED = Object.fromEntries(
  Object.entries(COORDINATES).map(([name, { zero }]) => [name, zero]),
) as unknown as DroneParameters;
/** Half of what central differences reach over. */
const DIFFERENCE = 0.01;
const toValue = (name: Searched, x: number): number => COORDINATES[name].zero + COORDINATES[name].unit * x;

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
  const searched: readonly Searched[] = [...fit, ...STEADY];
  const droneAt = (x: readonly number[]): DroneParameters => ({
    ...UNCHANGED,
    ...Object.fromEntries(searched.map((name, i) => [name, toValue(name, x[i]!)])),
  });
  const residuals = (x: readonly number[]) => scaled(simulation.errors(droneAt(x)));

  const found = leastSquares(
    residuals,
    searched.map((name) => COORDINATES[name]),
  );
  const halfWidths = clusteredHalfWidths(found.jacobian, found.residuals, simulation);

  const drone = droneAt(found.x);
  const before = simulation.errors(UNCHANGED);
  const after = simulation.errors(drone);
  const errorsAt = (t: number) => ({
    before: rootMeanSquares(before, simulation, t),
    after: rootMeanSquares(after, simulation, t),
  });
  return {
    pieces: simulation.pieces,
    pieceS: PIECE_STEPS * log.stepS,
    parameters: fit.map((name, i) => ({
      name,
      value: drone[name],
      halfWidth: halfWidths[i]! * COORDINATES[name].unit,
    })),
    drone,
    errors: { oneStep: errorsAt(0), pieceEnd: errorsAt(PIECE_STEPS - 1) },
  };
}

/** How far the simulator is from a log: one control period ahead, and at the end of short pieces. */
export function simulatorErrors(
  core: Core,
  airframe: TaskAirframe,
  log: FlightLog,
): { readonly pieceS: number; readonly oneStep: LogErrors; readonly pieceEnd: LogErrors } {
  const simulation = createLogSimulation(core, airframe, log, MOST_PIECES, PIECE_STEPS);
  const errors = simulation.errors(UNCHANGED);
  const at = (t: number) => rootMeanSquares(errors, simulation, t);
  return { pieceS: PIECE_STEPS * log.stepS, oneStep: at(0), pieceEnd: at(PIECE_STEPS - 1) };
}

/** From where every coordinate is 0: the airframe as its file has it. */
function leastSquares(
  residualsAt: (x: readonly number[]) => Float64Array,
  coordinates: readonly Coordinate[],
): { readonly x: number[]; readonly residuals: Float64Array; readonly jacobian: Matrix } {
  let x = coordinates.map(() => 0);
  let residuals = residualsAt(x);
  let damping = 1e-3;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const jacobian = jacobianAt(residualsAt, x, coordinates);
    const normal = jacobian.transpose().mmul(jacobian);
    const slope = jacobian.transpose().mmul(Matrix.columnVector(residuals));
    const before = sumOfSquares(residuals);
    let gained = 0;
    while (gained <= 0 && damping < 1e8) {
      const damped = normal.clone();
      for (let i = 0; i < x.length; i++) damped.set(i, i, normal.get(i, i) * (1 + damping) + 1e-9);
      const move = solve(damped, slope);
      const next = x.map((value, i) => {
        const { low, high } = coordinates[i]!;
        return Math.min(Math.max(value - move.get(i, 0), low), high);
      });
      const there = residualsAt(next);
      gained = before - sumOfSquares(there);
      damping *= gained > 0 ? 0.3 : 4;
      if (gained > 0) [x, residuals] = [next, there];
    }
    if (gained <= LEAST_GAIN * before) break;
  }
  return { x, residuals, jacobian: jacobianAt(residualsAt, x, coordinates) };
}

function jacobianAt(
  residualsAt: (x: readonly number[]) => Float64Array,
  x: readonly number[],
  coordinates: readonly Coordinate[],
): Matrix {
  const columns = coordinates.map(({ low, high }, i) => {
    const moved = (by: number) =>
      x.map((value, k) => (k === i ? Math.min(Math.max(value + by, low), high) : value));
    const [below, above] = [moved(-DIFFERENCE), moved(DIFFERENCE)];
    const [less, more] = [residualsAt(below), residualsAt(above)];
    return more.map((value, k) => (value - less[k]!) / (above[i]! - below[i]!));
  });
  return new Matrix(columns as unknown as number[][]).transpose();
}

/** 1.96 standard errors of each coordinate: the sandwich of clusters, a piece each. */
function clusteredHalfWidths(jacobian: Matrix, residuals: Float64Array, { pieces }: LogSimulation): number[] {
  const bread = inverse(jacobian.transpose().mmul(jacobian), true); // pseudo-inverse: a flat direction has no bread
  const rows = residuals.length / pieces;
  const meat = Matrix.zeros(jacobian.columns, jacobian.columns);
  for (let piece = 0; piece < pieces; piece++) {
    const [first, last] = [piece * rows, (piece + 1) * rows - 1];
    const slope = jacobian
      .subMatrix(first, last, 0, jacobian.columns - 1)
      .transpose()
      .mmul(Matrix.columnVector(residuals.subarray(first, last + 1)));
    meat.add(slope.mmul(slope.transpose()));
  }
  const covariance = bread.mmul(meat).mmul(bread);
  return covariance.diagonal().map((variance, i) => {
    const seen = jacobian.getColumn(i).some((value) => value !== 0);
    return seen ? 1.96 * Math.sqrt((variance * pieces) / (pieces - 1)) : Number.POSITIVE_INFINITY;
  });
}

const scaled = (errors: Float64Array): Float64Array =>
  errors.map((error, i) => error / SCALES[i % STATE_WORDS]!);
const sumOfSquares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

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
