/** A mean over independent runs (seeds, episodes), with what it is uncertain by. */
export interface Estimate {
  readonly mean: number;
  /** Of the mean; NaN for a single run. */
  readonly standardError: number;
  readonly n: number;
}

/** Of numbers from independent runs; what is not finite (null in a file) is left out, and n says so. */
export function estimate(values: readonly (number | null | undefined)[]): Estimate {
  const given = values.filter(
    (value): value is number => typeof value === "number" && Number.isFinite(value),
  );
  const n = given.length;
  const mean = given.reduce((sum, value) => sum + value, 0) / n;
  const squares = given.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN, n };
}

/** In another unit. */
export const scaled = ({ mean, standardError, n }: Estimate, factor: number): Estimate => ({
  mean: mean * factor,
  standardError: standardError * factor,
  n,
});

export interface Difference {
  readonly mean: number;
  readonly standardError: number;
  /** "none": zero lies within two standard errors, or nobody knows the error. */
  readonly verdict: "higher" | "lower" | "none";
}

/** How far `a` lies above `b`, of independent runs. */
export function difference(a: Estimate, b: Estimate): Difference {
  const mean = a.mean - b.mean;
  const standardError = Math.sqrt(a.standardError ** 2 + b.standardError ** 2);
  const isBeyond = isBeyondError({ mean, standardError });
  return { mean, standardError, verdict: isBeyond ? (mean > 0 ? "higher" : "lower") : "none" };
}

/** How many times `b` is in `a`, of independent runs: errors to first order. None where `b` is not above 0. */
export function ratio(a: Estimate, b: Estimate): Estimate {
  const mean = b.mean > 0 ? a.mean / b.mean : Number.NaN;
  const standardError = Math.sqrt(a.standardError ** 2 + (mean * b.standardError) ** 2) / b.mean;
  return { mean, standardError, n: Number.isFinite(mean) ? Math.min(a.n, b.n) : 0 };
}

/** Whether zero lies outside two standard errors; not where nobody knows the error. */
export const isBeyondError = ({ mean, standardError }: Pick<Estimate, "mean" | "standardError">): boolean =>
  Math.abs(mean) > 2 * standardError;

/** "482.3 +- 0.4", with digits that the error bears; one run has no error. */
export function formatEstimate({ mean, standardError, n }: Estimate): string {
  if (n === 0) return "none";
  if (!Number.isFinite(standardError)) return significant(mean, 3);
  const error = standardError < 1e-9 * Math.abs(mean) ? 0 : standardError; // of rounding
  const shown = significant(mean, 3, error);
  return `${shown} +- ${shown.includes("e") && error !== 0 ? error.toExponential(1) : significant(error, 2)}`;
}

/** The same, and of how many runs: for a sentence, which has no column of them. */
export const formatCounted = (found: Estimate): string => `${formatEstimate(found)} (n ${found.n})`;

/** A number with so many digits, or with as many as its error bears; no more than a table takes. */
export function significant(value: number, digits: number, error?: number): string {
  if (!Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  const largest = Math.max(size, error ?? 0);
  if (largest !== 0 && (largest < 1e-3 || largest >= 1e5)) return value.toExponential(digits - 1);
  let decimals = 0;
  const unit = error === undefined || error === 0 ? size / 10 ** (digits - 1) : error / 2;
  while (decimals < 6 && unit > 0 && 10 ** -decimals > unit) decimals++;
  return value.toFixed(decimals).replace(/^-(0\.?0*)$/, "$1");
}
