import type { Policy } from "@spikewing/rl";
import type { TrainChoice } from "./train-messages.js";

/** For tests and for the curious: `window.spikewing`, what the page flies, as numbers. */
export interface PageHook {
  /** Pictures drawn so far. */
  frames(): number;
  /** The picture has come to rest: nothing flies, nothing fades. */
  isStill(): boolean;
  /** Control periods flown. */
  step(): number;
  /** Time from the page's start to the first picture of a drone that has flown, ms. */
  firstFlightMs(): number | undefined;
  /** Where to grasp the drone and the ring of its target, CSS pixels of the window. */
  whereIs(what: "drone" | "ring"): readonly [number, number];
  policy(): Promise<Policy>;
  /** Bytes of the policy file. */
  policyFile(): Promise<number[]>;
  /** flyClosedLoop() of @spikewing/core from episode 0, in the worker. */
  closedLoopHash(steps: number): Promise<number>;
  /** flyGustyFlights() of @spikewing/core, in the worker. */
  gustyHashes(flights: number, steps: number): Promise<number[]>;
  /** The hash of a link's flight, flown in the worker without a picture. */
  flyUnseen(link: string, steps: number): Promise<number>;
  /**
   * Trains in the page, with a guide's file or with a guide trained first; bytes of the policy file that comes out.
   * Without a number of threads there are as many as the panel would take.
   */
  train(choice: TrainChoice, guide: readonly number[] | undefined, workers?: number): Promise<number[]>;
}

declare global {
  interface Window {
    spikewing: PageHook;
  }
}
