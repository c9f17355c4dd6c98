/**
 * Least squares over what all pieces of data share and what each has of its own, by Levenberg and Marquardt; what is a piece's own
 * is solved for piece by piece, and its say in the shared is taken out of the normal equations (Schur complement).
 *
 * Levenberg and Marquardt  Levenberg 1944; Marquardt 1963, doi 10.1137/0111030
 * Errors                   clustered by piece, since what follows within one depends on its start: Liang and Zeger 1986
 */
import { inverse, Matrix, solve } from "ml-matrix";

/** A coordinate of the search, 0 where nothing is known. */
export interface Coordinate {
  readonly low: number;
  readonly high: number;
}

export interface PiecewiseProblem {
  readonly pieces: number;
  readonly shared: readonly Coordinate[];
  /** Coordinates that each piece has of its own. */
  readonly own: number;
  /** Rows of one piece after those of another, as many of each; `own` is (pieces, own). */
  residuals(shared: readonly number[], own: Float64Array): Float64Array;
}

export interface PiecewiseSolution {
  readonly shared: readonly number[];
  readonly own: Float64Array;
  /** 1.96 standard errors of each shared coordinate; infinite where nothing depends on it. */
  readonly halfWidths: readonly number[];
}

const MOST_ITERATIONS = 40;
/** A step that gains less of the sum of squares than this is the last. */
const LEAST_GAIN = 1e-7;
/** Half of what central differences reach over. */
const DIFFERENCE = 0.01;

/** One piece: residuals and slopes, and what its own coordinates answer to. */
interface Piece {
  readonly shared: Matrix;
  readonly own: Matrix;
  readonly residuals: Matrix;
}

/** From where every coordinate is 0. */
export function solvePiecewise(problem: PiecewiseProblem): PiecewiseSolution {
  const bounds = problem.shared;
  let shared = bounds.map(() => 0);
  let own: Float64Array = new Float64Array(problem.pieces * problem.own);
  let residuals = problem.residuals(shared, own);
  let damping = 1e-3;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const pieces = linearise(problem, shared, own, residuals);
    const before = sumOfSquares(residuals);
    let gained = 0;
    while (gained <= 0 && damping < 1e8) {
      const move = step(pieces, damping);
      const next = shared.map((value, i) => clamped(value - move.shared.get(i, 0), bounds[i]!));
      const nextOwn = own.map((value, i) => value - move.own[i]!);
      const there = problem.residuals(next, nextOwn);
      gained = before - sumOfSquares(there);
      damping *= gained > 0 ? 0.3 : 4;
      if (gained > 0) [shared, own, residuals] = [next, nextOwn, there];
    }
    if (!(gained > LEAST_GAIN * before)) break;
  }
  return { shared, own, halfWidths: halfWidths(linearise(problem, shared, own, residuals)) };
}

const clamped = (value: number, { low, high }: Coordinate): number => Math.min(Math.max(value, low), high);

function linearise(
  problem: PiecewiseProblem,
  shared: readonly number[],
  own: Float64Array,
  residuals: Float64Array,
): readonly Piece[] {
  const ofShared = problem.shared.map((bounds, i) => {
    const moved = (by: number) => shared.map((value, k) => (k === i ? clamped(value + by, bounds) : value));
    const [below, above] = [moved(-DIFFERENCE), moved(DIFFERENCE)];
    return slopes(problem.residuals(below, own), problem.residuals(above, own), above[i]! - below[i]!);
  });
  // Of all pieces at once: none answers to what is another's own.
  const ofOwn = Array.from({ length: problem.own }, (_, k) => {
    const moved = (by: number) => own.map((value, i) => (i % problem.own === k ? value + by : value));
    const [less, more] = [moved(-DIFFERENCE), moved(DIFFERENCE)];
    return slopes(problem.residuals(shared, less), problem.residuals(shared, more), 2 * DIFFERENCE);
  });
  const rows = residuals.length / problem.pieces;
  return Array.from({ length: problem.pieces }, (_, piece) => {
    const part = (column: Float64Array) => column.subarray(piece * rows, (piece + 1) * rows);
    const matrix = (columns: readonly Float64Array[]) =>
      new Matrix(columns.map((column) => Array.from(part(column)))).transpose();
    return { shared: matrix(ofShared), own: matrix(ofOwn), residuals: Matrix.columnVector(part(residuals)) };
  });
}

const slopes = (below: Float64Array, above: Float64Array, apart: number): Float64Array =>
  above.map((value, i) => (value - below[i]!) / apart);

/** What to take away from each coordinate. */
function step(
  pieces: readonly Piece[],
  damping: number,
): { readonly shared: Matrix; readonly own: Float64Array } {
  const parts = pieces.map((piece) => {
    const normal = damped(piece.own, damping);
    const [toShared, toResiduals] = [piece.shared, piece.residuals].map((right) =>
      solve(normal, piece.own.transpose().mmul(right)),
    ) as [Matrix, Matrix];
    return { piece, toShared, toResiduals };
  });
  const n = pieces[0]!.shared.columns;
  const [normal, slope] = [Matrix.zeros(n, n), Matrix.zeros(n, 1)];
  const diagonal = new Float64Array(n);
  for (const { piece, toShared, toResiduals } of parts) {
    const transposed = piece.shared.transpose();
    const whole = transposed.mmul(piece.shared);
    for (let i = 0; i < n; i++) diagonal[i]! += whole.get(i, i);
    normal.add(whole.sub(transposed.mmul(piece.own).mmul(toShared)));
    slope.add(transposed.mmul(piece.residuals).sub(transposed.mmul(piece.own).mmul(toResiduals)));
  }
  for (let i = 0; i < n; i++) normal.set(i, i, normal.get(i, i) + damping * diagonal[i]! + 1e-9);
  const shared = solve(normal, slope);
  const own = parts.flatMap(({ toShared, toResiduals }) =>
    Matrix.sub(toResiduals, toShared.mmul(shared)).to1DArray(),
  );
  return { shared, own: Float64Array.from(own) };
}

function damped(columns: Matrix, damping: number): Matrix {
  const normal = columns.transpose().mmul(columns);
  for (let i = 0; i < normal.rows; i++) normal.set(i, i, normal.get(i, i) * (1 + damping) + 1e-9);
  return normal;
}

/** The sandwich of clusters, a piece each, of slopes without what the piece's own coordinates explain. */
function halfWidths(pieces: readonly Piece[]): readonly number[] {
  const n = pieces[0]!.shared.columns;
  const [bread, meat] = [Matrix.zeros(n, n), Matrix.zeros(n, n)];
  for (const piece of pieces) {
    const explained = solve(damped(piece.own, 0), piece.own.transpose().mmul(piece.shared));
    const slopesLeft = Matrix.sub(piece.shared, piece.own.mmul(explained)).transpose();
    bread.add(slopesLeft.mmul(piece.shared));
    const score = slopesLeft.mmul(piece.residuals);
    meat.add(score.mmul(score.transpose()));
  }
  const inverted = inverse(bread, true); // pseudo-inverse: a flat direction has no bread
  const covariance = inverted.mmul(meat).mmul(inverted);
  const count = pieces.length;
  return covariance
    .diagonal()
    .map((variance, i) =>
      bread.get(i, i) > 0
        ? 1.96 * Math.sqrt((Math.max(variance, 0) * count) / (count - 1))
        : Number.POSITIVE_INFINITY,
    );
}

const sumOfSquares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
