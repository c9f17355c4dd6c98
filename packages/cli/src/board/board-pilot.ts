import type { Reason } from "@spikewing/firmware";

/** What the link took and lost; times in ms. */
export interface BoardReport {
  readonly exchanges: number;
  readonly roundTripMs: { readonly mean: number; readonly most: number };
  /** Frames sent again, because no answer came in time. */
  readonly repeated: number;
  /** Answers that came broken: CRC or sum, version, type, field. */
  readonly dropped: number;
  /** Fail-safes of the board, by reason. */
  readonly failSafes: Readonly<Partial<Record<Reason, number>>>;
}

/** A policy on a board, as the pilot of a flight. */
export interface BoardPilot {
  /** One control period: what the sensors show (18) in, motor commands (4) out. */
  step(observation: Float32Array): Promise<Float32Array>;
  report(): BoardReport;
}

/** Times of exchanges, added up. */
export function createRoundTrips() {
  let count = 0;
  let sum = 0;
  let most = 0;
  return {
    add(ms: number) {
      count++;
      sum += ms;
      most = Math.max(most, ms);
    },
    report: () => ({ exchanges: count, roundTripMs: { mean: count > 0 ? sum / count : 0, most } }),
  };
}

/** A promise and a time limit; undefined if the limit comes first. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** What flies where a board does not. */
export const MOTORS_OFF: Float32Array = Float32Array.of(-1, -1, -1, -1);
