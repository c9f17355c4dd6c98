import type { LibraryOptions } from "@spikewing/firmware";
import type { Policy } from "@spikewing/rl";
import { expose, type Remote, wrap } from "comlink";
import type { FlightInput, TimedInput } from "./flight-input.js";
import type { FlightSettings } from "./flight-settings.js";
import type { FlightCheck, FlightFrame, FlightStart, SlopeAnswer } from "./messages.js";
import { hearFailure } from "./own-worker.js";
import { say } from "./page.js";

/** Hears of the flight in the order in which it happens: a start, then frames of what was started. */
export interface FlightListener {
  started(start: FlightStart): unknown;
  frame(frame: FlightFrame): unknown;
  /** The flight has reached the step of its check. */
  checked(step: number, isSame: boolean): unknown;
}

/** What flight.worker.ts does, call after call in the order in which they come. */
export interface Flights {
  /** @throws Error with the reason why these cannot fly; what flies goes on then */
  start(flight: {
    readonly policies: readonly { readonly name: string; readonly policy: Policy }[];
    readonly settings: FlightSettings;
    readonly replay: readonly TimedInput[];
    readonly check: FlightCheck | undefined;
  }): Promise<void>;
  input(input: FlightInput): Promise<void>;
  /** Simulated seconds a second; 0 pauses. */
  pace(speed: number): Promise<void>;
  stepOnce(): Promise<void>;
  /** @throws Error with the reason why the file is refused */
  decode(name: string, file: ArrayBuffer): Promise<Policy>;
  /** What a policy is, in a few words. */
  describe(policy: Policy): string;
  /** With the example of a flight. */
  encode(policy: Policy): Promise<Uint8Array<ArrayBuffer>>;
  /** Without one. */
  encodeBare(policy: Policy): Uint8Array<ArrayBuffer>;
  /**
   * A Teensy library as a zip.
   * @param template the text of library-template.json
   * @throws Error that says why the policy cannot fly on a board
   */
  firmware(
    policy: Policy,
    name: string,
    template: string,
    options: LibraryOptions,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** The closed loop of @spikewing/core, for comparison with Node and firmware. */
  closedLoop(policy: Policy, steps: number): Promise<{ readonly hash: number; readonly spikes: number }>;
  gustyFlights(policy: Policy, flights: number, steps: number): Promise<number[]>;
  /** What each neuron hears, layer after layer: (width, inputs), the motors last. */
  weights(policy: Policy): Promise<Float32Array[]>;
  /** Curve and gradients for the explanation of the slope. */
  probeSlope(slope: number, distances: readonly number[]): Promise<SlopeAnswer>;
  /** Hash of a formation flown as fast as it goes, without the picture. */
  flyUnseen(
    policy: Policy,
    settings: FlightSettings,
    replay: readonly TimedInput[],
    steps: number,
  ): Promise<number>;
}

/** The flight worker as the page sees it. */
export type FlightClient = Remote<Flights>;

export function createFlightClient(): {
  readonly client: FlightClient;
  /** By the port of the calls: it is nearer than one of its own, and all that is said has one order. */
  listen(listener: FlightListener): void;
} {
  const worker = new Worker(new URL("./flight.worker.ts", import.meta.url), { type: "module" });
  hearFailure(worker, "flight worker", ({ message }) => say(message, "problem"));
  return { client: wrap<Flights>(worker), listen: (listener) => expose(listener, worker) };
}
