import type { LibraryOptions } from "@spikewing/firmware";
import type { Policy } from "@spikewing/rl";
import type { TimedInput } from "./flight-input.js";
import type { FlightSettings } from "./flight-settings.js";
import type { FlightReport, FlightRequest, SlopeAnswer } from "./messages.js";
import { hearFailure } from "./own-worker.js";
import { say } from "./page.js";

/** The flight worker as the page sees it. */
export interface FlightClient {
  /** Hears what the worker says unasked. */
  listen(hear: (report: Unsolicited) => void): void;
  send(request: FlightRequest): void;
  /** @throws Error with the reason why the file is refused */
  decode(name: string, file: ArrayBuffer): Promise<Policy>;
  /** What a policy is, in a few words. */
  describe(policy: Policy): Promise<string>;
  encode(policy: Policy): Promise<Uint8Array<ArrayBuffer>>;
  /** Without an example of its flight. */
  encodeBare(policy: Policy): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws Error that says why the policy cannot fly on a board */
  firmware(
    policy: Policy,
    name: string,
    template: string,
    options: LibraryOptions,
  ): Promise<Uint8Array<ArrayBuffer>>;
  closedLoop(policy: Policy, steps: number): Promise<{ readonly hash: number; readonly spikes: number }>;
  gustyFlights(policy: Policy, flights: number, steps: number): Promise<number[]>;
  /** What each neuron hears, layer after layer: (width, inputs), the motors last. */
  weights(policy: Policy): Promise<Float32Array[]>;
  probeSlope(slope: number, distances: number[]): Promise<SlopeAnswer>;
  flyUnseen(
    policy: Policy,
    settings: FlightSettings,
    replay: readonly TimedInput[],
    steps: number,
  ): Promise<number>;
}

type Awaited = (outcome: { value: unknown } | { problem: string }) => void;
export type Unsolicited = Exclude<FlightReport, { kind: "answer" | "refused" }>;

export function createFlightClient(): FlightClient {
  const worker = new Worker(new URL("./flight.worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, Awaited>();
  let lastId = 0;
  let hear: (report: Unsolicited) => void = () => {}; // it says nothing before a flight starts

  worker.addEventListener("message", ({ data }: MessageEvent<FlightReport>) => {
    if (data.kind !== "answer" && data.kind !== "refused") {
      hear(data);
      return;
    }
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  hearFailure(worker, "flight worker", ({ message }) => say(message, "problem"));

  const send = (request: FlightRequest) => worker.postMessage(request);
  function ask<T>(makeRequest: (id: number) => FlightRequest): Promise<T> {
    lastId++;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, (outcome) => {
        if ("problem" in outcome) reject(new Error(outcome.problem));
        else resolve(outcome.value as T);
      });
      send(makeRequest(id));
    });
  }

  return {
    listen(next) {
      hear = next;
    },
    send,
    decode: (name, file) => ask((id) => ({ kind: "decode", id, name, file })),
    describe: (policy) => ask((id) => ({ kind: "describe", id, policy })),
    encode: (policy) => ask((id) => ({ kind: "encode", id, policy, isBare: false })),
    encodeBare: (policy) => ask((id) => ({ kind: "encode", id, policy, isBare: true })),
    firmware: (policy, name, template, options) =>
      ask((id) => ({ kind: "firmware", id, policy, name, template, options })),
    closedLoop: (policy, steps) => ask((id) => ({ kind: "closed-loop", id, policy, steps })),
    gustyFlights: (policy, flights, steps) =>
      ask((id) => ({ kind: "gusty-flights", id, policy, flights, steps })),
    weights: (policy) => ask((id) => ({ kind: "weights", id, policy })),
    probeSlope: (slope, distances) => ask((id) => ({ kind: "probe-slope", id, slope, distances })),
    flyUnseen: (policy, settings, replay, steps) =>
      ask((id) => ({ kind: "fly-unseen", id, policy, settings, replay, steps })),
  };
}
