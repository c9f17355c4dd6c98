import { median } from "d3-array";

/** Something to time: does the same work every call and says how many units of it. */
export type Work = () => number;

export interface Claim {
  readonly name: string;
  readonly unit: string;
  readonly simd: Work;
  /** The same kernels, built without SIMD. */
  readonly scalar: Work;
  /** The same algorithm in plain TypeScript. */
  readonly twin: Work;
}

/** Units a second, medians over the repetitions; ratios are medians of the ratios within one repetition. */
export interface Result {
  readonly name: string;
  readonly unit: string;
  readonly simd: number;
  readonly scalar: number;
  readonly twin: number;
  readonly simdOverTwin: number;
  readonly simdOverScalar: number;
}

function unitsPerSecond(work: Work, leastMs: number): number {
  let units = 0;
  const start = performance.now();
  let elapsed = 0;
  for (; elapsed < leastMs; elapsed = performance.now() - start) units += work();
  return (1000 * units) / elapsed;
}

/** Times the three in turn, so that whatever else the machine does meets all of them alike. */
export function measure(claim: Claim, repetitions: number, leastMs: number): Result {
  const { name, unit } = claim;
  for (const work of [claim.simd, claim.scalar, claim.twin]) unitsPerSecond(work, leastMs); // compiles them
  const rounds = Array.from({ length: repetitions }, () => ({
    simd: unitsPerSecond(claim.simd, leastMs),
    scalar: unitsPerSecond(claim.scalar, leastMs),
    twin: unitsPerSecond(claim.twin, leastMs),
  }));
  return {
    name,
    unit,
    simd: median(rounds.map(({ simd }) => simd))!,
    scalar: median(rounds.map(({ scalar }) => scalar))!,
    twin: median(rounds.map(({ twin }) => twin))!,
    simdOverTwin: median(rounds.map(({ simd, twin }) => simd / twin))!,
    simdOverScalar: median(rounds.map(({ simd, scalar }) => simd / scalar))!,
  };
}
