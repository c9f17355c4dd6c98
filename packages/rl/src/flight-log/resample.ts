import { SpikewingError } from "../spikewing-error.js";

/** Samples further apart than this are not put in relation. */
const LONGEST_GAP_S = 0.06;
const FEWEST_SECONDS = 5;
/** Times of a log are decimal: a sample this near is at the time. */
const ROUNDING_S = 1e-6;

export interface Resampled {
  readonly steps: number;
  /** A row each, of `steps` values. */
  readonly interpolated: readonly Float64Array[];
  readonly held: readonly Float64Array[];
}

/**
 * Columns at any times, at times `stepS` apart.
 *
 * @param placeOf what a message calls a row
 * @throws SpikewingError where there is too little, or a gap
 */
export function resample(
  times: readonly number[],
  interpolated: readonly number[][],
  held: readonly number[][],
  stepS: number,
  placeOf: (row: number) => string,
  place: string,
): Resampled {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  const steps = Math.floor((last - first) / stepS + ROUNDING_S) + 1;
  if (!(last - first >= FEWEST_SECONDS)) {
    const seconds = (last - first).toFixed(1);
    throw new SpikewingError(place, `holds ${seconds} s of flight; expected at least ${FEWEST_SECONDS}`);
  }
  const rows = (columns: readonly number[][]) => columns.map(() => new Float64Array(steps));
  const resampled = { steps, interpolated: rows(interpolated), held: rows(held) };
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
    const latest = time + ROUNDING_S >= times[i + 1]! ? i + 1 : i;
    interpolated.forEach((column, k) => {
      resampled.interpolated[k]![t] = column[i]! + share * (column[i + 1]! - column[i]!);
    });
    held.forEach((column, k) => {
      resampled.held[k]![t] = column[latest]!;
    });
  }
  return resampled;
}
