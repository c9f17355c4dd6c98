import type { LibraryOptions } from "@spikewing/firmware";
import type { ErrorSplit, LayerGradient, Policy } from "@spikewing/rl";
import type { FlightInput, TimedInput } from "./flight-input.js";
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
  /** Drone minus target, m. */
  readonly offset: Float32Array;
  /** What the policy was shown, (18). */
  readonly sensed: Float32Array;
}

/** The hash that a flight had after a step. */
export interface FlightCheck {
  readonly step: number;
  readonly hash: number;
}

/** What the page sends to the flight worker. */
export type FlightRequest =
  | {
      readonly kind: "start";
      readonly policies: readonly { readonly name: string; readonly policy: Policy }[];
      readonly settings: FlightSettings;
      readonly replay: readonly TimedInput[];
      readonly check: FlightCheck | undefined;
    }
  | { readonly kind: "input"; readonly input: FlightInput }
  /** Simulated seconds a second; 0 pauses. */
  | { readonly kind: "speed"; readonly speed: number }
  | { readonly kind: "step" }
  | { readonly kind: "decode"; readonly id: number; readonly name: string; readonly file: ArrayBuffer }
  /** With the example of a flight, unless it is to be small. */
  | { readonly kind: "encode"; readonly id: number; readonly policy: Policy; readonly isBare: boolean }
  /** A Teensy library as a zip; `template` is the text of library-template.json. */
  | {
      readonly kind: "firmware";
      readonly id: number;
      readonly policy: Policy;
      readonly name: string;
      readonly template: string;
      readonly options: LibraryOptions;
    }
  /** The closed loop of @spikewing/core, for comparison with Node and firmware. */
  | { readonly kind: "closed-loop"; readonly id: number; readonly policy: Policy; readonly steps: number }
  | {
      readonly kind: "gusty-flights";
      readonly id: number;
      readonly policy: Policy;
      readonly flights: number;
      readonly steps: number;
    }
  /** What a policy is, in a few words. */
  | { readonly kind: "describe"; readonly id: number; readonly policy: Policy }
  /** weightMatrices() of @spikewing/rl. */
  | { readonly kind: "weights"; readonly id: number; readonly policy: Policy }
  /** Curve and gradients for the explanation of the slope. */
  | {
      readonly kind: "probe-slope";
      readonly id: number;
      readonly slope: number;
      readonly distances: number[];
    }
  /** Hash of a formation flown as fast as it goes, without the picture. */
  | {
      readonly kind: "fly-unseen";
      readonly id: number;
      readonly policy: Policy;
      readonly settings: FlightSettings;
      readonly replay: readonly TimedInput[];
      readonly steps: number;
    };

/** What the flight worker sends to the page. */
export type FlightReport =
  | {
      readonly kind: "started";
      readonly settings: FlightSettings;
      readonly hidden: readonly number[] | undefined;
      readonly thresholds: Int32Array;
      readonly rotorRange: readonly [number, number];
      /** What the episode drew for the first drone, N, world. */
      readonly hiddenForce: readonly number[];
      /** A round of the target's path, x y z after x y z, m; empty where it stands. */
      readonly path: Float32Array;
      readonly drones: readonly DronePose[];
    }
  | {
      readonly kind: "frame";
      readonly step: number;
      readonly drones: readonly DronePose[];
      readonly traces: readonly StepTrace[];
      /** Of the first drone, so far. */
      readonly errors: ErrorSplit;
      /** Wind and gusts on the first drone, N, world. */
      readonly wind: readonly number[];
      readonly hash: number;
      readonly settings: FlightSettings;
      readonly inputs: readonly TimedInput[];
    }
  /** The flight has reached the step of its check. */
  | { readonly kind: "checked"; readonly step: number; readonly same: boolean }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "refused"; readonly id: number; readonly problem: string }
  | { readonly kind: "failed"; readonly problem: string };

export interface SlopeAnswer {
  readonly curve: readonly number[];
  /** Of layer 1, layer 2 and the read-out. */
  readonly layers: readonly LayerGradient[];
}
