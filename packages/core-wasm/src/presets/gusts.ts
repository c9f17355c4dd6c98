/** Gusts: a random force on the drone (assembly/physics/gust.ts). */
export interface Gusts {
  /** Standard deviation of the force along each axis of the world, N. */
  readonly intensityN: readonly [number, number, number];
  /** Time over which the force forgets, s; above 0. */
  readonly correlationS: number;
}

/** A choice, of the order of Dryden's L / V: eddies of some metres (L) in a wind of some m/s (V). */
export const GUST_CORRELATION_S = 1;

/** Gusts of one intensity (N) along x and y, and of half of it along z, as the ground holds them level. */
export function levelGusts(intensityN: number): Gusts {
  return { intensityN: [intensityN, intensityN, intensityN / 2], correlationS: GUST_CORRELATION_S };
}
