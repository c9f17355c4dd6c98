import type { Policy } from "@spikewing/rl";
import type { FlightClient, FlightListener } from "./flight-client.js";
import { type FlightInput, TARGET_RANGE_M, type TimedInput } from "./flight-input.js";
import type { LinkedFlight } from "./flight-link.js";
import { DEFAULT_SETTINGS, type FlightSettings, NEEDS_RESTART } from "./flight-settings.js";
import { type LesionInput, lesionOf } from "./lesion.js";
import type { DronePose, FlightCheck, FlightFrame, FlightStart } from "./messages.js";
import { byId, say } from "./page.js";

/** The flight that the page shows: who flies, from which start, what is done to it, and how fast its time goes. */
export interface Session {
  /** Policies in flight; the first is the one whose signals are shown. */
  readonly flown: readonly string[];
  readonly settings: FlightSettings;
  readonly poses: readonly DronePose[];
  readonly step: number;
  readonly isPaused: boolean;
  /** Simulated seconds a second. */
  readonly speed: number;
  /** What a link has challenged to, until the conditions become others. */
  readonly challenge: LinkedFlight | undefined;
  /** What a link needs of it, beside the policies. */
  record(): {
    readonly settings: FlightSettings;
    readonly inputs: readonly TimedInput[];
    readonly check: FlightCheck;
  };
  /** Flies these policies from the start of the present settings. */
  fly(names: readonly string[]): Promise<void>;
  /** Flies what a link says. */
  follow(names: readonly string[], flight: LinkedFlight): Promise<void>;
  restart(): Promise<void>;
  change<Name extends keyof FlightSettings>(name: Name, value: string | number): void;
  /** Other settings altogether, from the start. */
  resettle(settings: FlightSettings): Promise<void>;
  /** What was done to the flight so far. */
  readonly inputs: readonly TimedInput[];
  /** Neurons of the first drone fall silent or speak again; they stay so when the flight begins anew. */
  wound(input: LesionInput): void;
  /** World force, mN, and yaw torque, uN m, for PUSH_STEPS. */
  push(force: readonly number[], yaw: number): void;
  /** Where the target stands, or will as soon as the flight has heard of it. */
  readonly target: ArrayLike<number>;
  /** As near to a place as a policy can follow. */
  moveTarget(position: readonly number[]): void;
  pause(isPaused: boolean): void;
  hasten(speed: number): void;
  stepOnce(): void;
}

export interface SessionEvents {
  policy(name: string): Promise<Policy>;
  /** Has been asked to fly these. */
  start(names: readonly string[], policies: readonly Policy[]): void;
  started(start: FlightStart): void;
  /** `stepsFlown` since the frame before. */
  frame(frame: FlightFrame, stepsFlown: number): void;
  /** The settings have changed by themselves: a start, or a link's replay. */
  settled(settings: FlightSettings): void;
  pushed(force: readonly [number, number, number]): void;
}

export const PUSH_STEPS = 20;
/** The target stays this near to the drone while it is moved: what the policy was trained on. */
const LEAD_M = 0.4;

export function createSession(
  client: FlightClient,
  listen: (listener: FlightListener) => void,
  events: SessionEvents,
): Session {
  let flown: readonly string[] = [];
  let settings = DEFAULT_SETTINGS;
  let startSettings = settings;
  let replay: readonly TimedInput[] = [];
  let inputs: readonly TimedInput[] = [];
  let poses: readonly DronePose[] = [];
  let step = 0;
  let hash = 0;
  let isPaused = false;
  let speed = 1;
  let challenge: LinkedFlight | undefined;
  let aimed: readonly number[] | undefined; // where a target that was moved stands

  /** Says what went wrong with what was asked of the flight. */
  const ask = (answer: Promise<void>) => answer.catch(({ message }: Error) => say(message, "problem"));

  listen({
    started(start) {
      step = 0;
      inputs = [];
      aimed = undefined;
      poses = start.drones;
      settings = start.settings;
      events.started(start);
      events.settled(settings);
    },
    frame(frame) {
      const stepsFlown = frame.step - step;
      ({ step, hash, inputs, drones: poses } = frame);
      if (settings !== frame.settings && replay.length > 0) events.settled(frame.settings);
      settings = frame.settings;
      events.frame(frame, stepsFlown);
    },
    checked(step, isSame) {
      if (isSame) say(`Step ${step}: the same bytes as in the flight that was shared`);
      else say(`Step ${step}: not the flight that was shared; was it another policy?`, "problem");
    },
  });

  async function start(next: readonly TimedInput[] = [], check?: FlightCheck): Promise<void> {
    replay = next;
    startSettings = settings;
    const names = flown;
    try {
      const policies = await Promise.all(names.map(events.policy));
      if (names !== flown) return; // another flight was asked for meanwhile
      events.start(names, policies);
      const flying = names.map((name, i) => ({ name, policy: policies[i]! }));
      ask(client.start({ policies: flying, settings, replay, check }));
      pace();
    } catch (error) {
      say((error as Error).message, "problem");
    }
  }

  function pace(): void {
    byId("pause").textContent = isPaused ? "Fly" : "Pause";
    byId<HTMLSelectElement>("speed").value = String(speed);
    ask(client.pace(isPaused ? 0 : speed));
  }

  /** What is done to a flight that begins anew: a challenge's storm, or the lesion that there is. */
  const opening = () => challenge?.inputs ?? lesionOf(inputs);

  const send = (input: FlightInput) => {
    ask(client.input(input));
  };

  return {
    get flown() {
      return flown;
    },
    get settings() {
      return settings;
    },
    get poses() {
      return poses;
    },
    get step() {
      return step;
    },
    get isPaused() {
      return isPaused;
    },
    get speed() {
      return speed;
    },
    record: () => ({ settings: startSettings, inputs, check: { step, hash } }),
    fly(names) {
      const next = challenge || names[0] === flown[0] ? opening() : [];
      flown = [...new Set(names)];
      settings = challenge?.settings ?? settings;
      return start(next);
    },
    follow(names, flight) {
      flown = names;
      settings = flight.settings;
      challenge = flight.challenge === undefined ? undefined : flight;
      return start(flight.inputs, flight.check);
    },
    get inputs() {
      return inputs;
    },
    wound: send,
    get challenge() {
      return challenge;
    },
    restart() {
      settings = challenge?.settings ?? settings;
      return start(opening());
    },
    change(name, value) {
      settings = { ...settings, [name]: value };
      if (NEEDS_RESTART.has(name)) {
        challenge = undefined;
        start(lesionOf(inputs));
      } else send({ kind: "change", name, value });
    },
    resettle(next) {
      settings = next;
      challenge = undefined;
      return start();
    },
    push(force, yaw) {
      const rounded = force.map(Math.round) as [number, number, number];
      send({ kind: "push", force: rounded, yaw, steps: PUSH_STEPS });
      events.pushed(rounded);
    },
    get target() {
      return aimed ?? poses[0]?.target ?? [0, 0, 0];
    },
    moveTarget(position) {
      const drone = poses[0]?.position ?? [0, 0, 0];
      const kept = position.map((value, axis) => {
        const near = Math.min(Math.max(value, drone[axis]! - LEAD_M), drone[axis]! + LEAD_M);
        return Number(Math.min(Math.max(near, -TARGET_RANGE_M), TARGET_RANGE_M).toFixed(2));
      }) as [number, number, number];
      aimed = kept;
      send({ kind: "target", position: kept });
    },
    pause(next) {
      isPaused = next;
      pace();
    },
    hasten(next) {
      speed = next;
      isPaused = false;
      pace();
    },
    stepOnce() {
      isPaused = true;
      pace();
      ask(client.stepOnce());
    },
  };
}
