import { type Estimate, formatEstimate } from "./estimate.js";

/** A cell: words, or a mean with its error. */
export type Cell = string | Estimate;

export interface Table {
  readonly caption: string;
  /** What the rows are, then what stands in each column. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly [label: string, ...cells: Cell[]])[];
}

/** Runs behind a row, where its figures have all the same; else the fewest and the most. */
export function runsBehind(row: Table["rows"][number]): string {
  const counts = row.flatMap((cell) => (typeof cell === "string" ? [] : [cell.n]));
  if (counts.length === 0) return "-";
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return fewest === most ? String(most) : `${fewest} .. ${most}`;
}

/** A table as words: its columns, with the number of runs as the last. */
export function tableTexts({ columns, rows }: Table): string[][] {
  const text = (cell: Cell) => (typeof cell === "string" ? cell : formatEstimate(cell));
  return [[...columns, "n"], ...rows.map((row) => [...row.map(text), runsBehind(row)])];
}

/** A line of a picture, with a band where there is an error. */
export interface Curve {
  readonly label: string;
  readonly points: readonly CurvePoint[];
  /** Somebody else's figures: drawn quietly. */
  readonly isPublished?: boolean;
}

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** Standard error of y; the band is one of them wide on either side. */
  readonly error?: number;
}

/** The mean of an estimate over x, with its error. */
export const pointAt = (x: number, { mean, standardError }: Estimate): CurvePoint => ({
  x,
  y: mean,
  error: standardError,
});

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Names of x = 0, 1, 2, ... where it is no number. */
  readonly categories?: readonly string[];
  /** The names follow each other, such as layers: a line joins what stands over them. */
  readonly isConnected?: boolean;
  readonly isLogarithmic?: boolean;
  /** Both axes are metres, equally long. */
  readonly isMap?: boolean;
  /** Values that the axis must show besides the data. */
  readonly yIncludes?: readonly number[];
  readonly curves: readonly Curve[];
}

/** Rows of plots: one picture. */
export type Figure = readonly (readonly Plot[])[];

/** A map that moves: its curves are flown point by point, all at once. */
export interface Animation {
  /** Of its file. */
  readonly name: string;
  readonly title: string;
  readonly plot: Plot;
  readonly pointsPerS: number;
}

/** What was published, what we found, and whether the one bears out the other. */
export interface Claim {
  readonly claim: string;
  readonly published: string;
  readonly ours: string;
  /** "not learned": of the trainings that would decide it none came to fly. */
  readonly verdict: "reproduces" | "does not reproduce" | "undecided" | "not learned" | "not comparable";
}

/** What an experiment found, ready to be set. */
export interface Report {
  readonly tables: readonly Table[];
  readonly figure: Figure;
  readonly animations?: readonly Animation[];
  readonly claims: readonly Claim[];
  /** Sentences for a reader: how ours differs from what was published, and what follows. */
  readonly notes: readonly string[];
}

/** The verdict of a claim that can be decided from figures. */
export const verdictOf = (holds: boolean | undefined): Claim["verdict"] =>
  holds === undefined ? "undecided" : holds ? "reproduces" : "does not reproduce";
