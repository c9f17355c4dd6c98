import type { ErrorSplit, LayerGradient } from "@spikewing/rl";
import type { TimedInput } from "./flight-input.js";
import type { FlightSettings } from "./flight-settings.js";

/** Where a drone is, for the picture. */
export interface DronePose {
  readonly name: string;
  readonly position: Float32Array;
  /** w, x, y, z, body to world. */
  readonly quaternion: Float32Array;
  readonly rotors: Float32Array;
  readonly target: Float32Array;
  readonly action: Float32Array;
  readonly step: number;
  readonly episodeReturn: number;
  /** The return after 5 s, once they have passed. */
  readonly fullReturn: number | undefined;
  readonly crashed: boolean;
  /** Of a crashed drone: the limit that ended its flight. */
  readonly lostBy: string | undefined;
}

/** What happened in one control period of the first drone. */
export interface StepTrace {
  /** 1 for every neuron that fired, layer 1 then layer 2; empty for a dense policy. */
  readonly spikes: Uint8Array;
  /** q16. */
  readonly membranes: Int32Array;
  readonly action: Float32Array;
  /** Of the drone, m. */
  readonly position: Float32Array;
  /** Drone minus target as it was in this step, m. */
  readonly offset: Float32Array;
  /** What the policy was shown, (18). */
  readonly sensed: Float32Array;
}

/** The hash that a flight had after a step. */
export interface FlightCheck {
  readonly step: number;
  readonly hash: number;
}

/** A flight as it begins. */
export interface FlightStart {
  readonly settings: FlightSettings;
  /** Neurons of each layer; undefined of a dense policy. */
  readonly hidden: readonly number[] | undefined;
  readonly thresholds: Int32Array;
  readonly rotorRange: readonly [number, number];
  /** What the episode drew for the first drone, N, world. */
  readonly hiddenForce: readonly number[];
  /** A round of the target's path, x y z after x y z, m; empty where it stands. */
  readonly path: Float32Array;
  readonly drones: readonly DronePose[];
}

/** Where it is after some steps. */
export interface FlightFrame {
  readonly step: number;
  readonly drones: readonly DronePose[];
  /** Of the steps since the frame before. */
  readonly traces: readonly StepTrace[];
  /** Of the first drone, so far. */
  readonly errors: ErrorSplit;
  /** Wind and gusts on the first drone, N, world. */
  readonly wind: readonly number[];
  readonly hash: number;
  readonly settings: FlightSettings;
  readonly inputs: readonly TimedInput[];
}

export interface SlopeAnswer {
  readonly curve: readonly number[];
  /** Of layer 1, layer 2 and the read-out. */
  readonly layers: readonly LayerGradient[];
}
