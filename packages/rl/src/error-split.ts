import type { Address, Core } from "@spikewing/core";

/**
 * What the position error of a flight is made of, root mean squares, m. While a drone catches itself it has `catchM`; from
 * then on errorM^2 = offsetM^2 + trackingM^2 and trackingM^2 = laggingM^2 + shapeM^2. NaN where no such step was flown.
 */
export interface ErrorSplit {
  /** In the SETTLED_S after the start and after everything that was done to the drone. */
  readonly catchM: number;
  /** Of all other steps: what follows is parts of it. */
  readonly errorM: number;
  /** Length of the mean error. */
  readonly offsetM: number;
  /** What changes around it. */
  readonly trackingM: number;
  /** Of the tracking error, what being late explains; 0 where the target stands. */
  readonly laggingM: number;
  /** And what it does not. */
  readonly shapeM: number;
  /** How late the drone is, by least squares, s; 0 where the target stands. */
  readonly lagS: number;
}

/** The start is forgotten, and a trajectory has grown to its size. */
export const SETTLED_S = 2;

/** Mean squares, m^2, as the core has them; and the lag, s. */
interface SplitSquares {
  readonly catchError: number;
  readonly settledError: number;
  readonly offset: number;
  readonly tracking: number;
  readonly lagging: number;
  readonly shape: number;
  readonly lag: number;
}

/** What the core has added up so far. */
export function readSplit(core: Core, errors: Address<"ErrorSplit">): SplitSquares {
  core.kernels.errorSplitConclude(errors);
  const { catchError, settledError, offset, tracking, lagging, shape, lag } = core.view("ErrorSplit", errors);
  return { catchError, settledError, offset, tracking, lagging, shape, lag };
}

/** Over one flight, or over several of as many steps each. */
export function errorSplit(flights: readonly SplitSquares[]): ErrorSplit {
  const mean = (of: keyof SplitSquares) =>
    flights.reduce((sum, flight) => sum + flight[of], 0) / flights.length;
  return {
    catchM: Math.sqrt(mean("catchError")),
    errorM: Math.sqrt(mean("settledError")),
    offsetM: Math.sqrt(mean("offset")),
    trackingM: Math.sqrt(mean("tracking")),
    laggingM: Math.sqrt(mean("lagging")),
    shapeM: Math.sqrt(mean("shape")),
    lagS: mean("lag"),
  };
}
