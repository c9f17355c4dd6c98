import type { Policy } from "@spikewing/rl";
import type { FlightClient } from "./flight-client.js";
import { decodeLink } from "./flight-link.js";
import type { KeptRun } from "./kept-runs.js";
import type { Lesson } from "./lesson.js";
import type { FlightScene } from "./scene.js";
import type { RunTitle, TrainChoice } from "./train-messages.js";
import type { Training } from "./training.js";

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
  /** What the browser keeps of trainings. */
  keptRuns(): Promise<readonly KeptRun[]>;
  /** Goes on with a run that the browser keeps; bytes of the policy file that comes out. */
  resume(run: RunTitle): Promise<number[]>;
  /** "Teach it to fly", with changes to the plan that make it shorter. */
  teach(changes: TrainChoice["overrides"]): Promise<void>;
}

declare global {
  interface Window {
    spikewing: PageHook;
  }
}

/** What the hook reads; `chosen` is the policy of the first drone. */
interface PageParts extends Pick<PageHook, "step" | "firstFlightMs"> {
  readonly client: FlightClient;
  readonly scene: FlightScene;
  readonly training: Training;
  readonly lesson: Lesson;
  chosen(): Promise<Policy>;
}

export function createPageHook(parts: PageParts): PageHook {
  const { client, scene, training, lesson, chosen, step, firstFlightMs } = parts;
  return {
    frames: () => scene.frames,
    isStill: () => scene.isStill,
    step,
    firstFlightMs,
    whereIs: (what) => scene.whereIs(what),
    policy: chosen,
    policyFile: async () => [...(await client.encode(await chosen()))],
    closedLoopHash: async (steps) => (await client.closedLoop(await chosen(), steps)).hash,
    gustyHashes: async (flights, steps) => client.gustyFlights(await chosen(), flights, steps),
    async flyUnseen(link, steps) {
      const { flight } = decodeLink(link);
      return client.flyUnseen(await chosen(), flight.settings, flight.inputs, steps);
    },
    teach: lesson.begin,
    keptRuns: async () => (await import("./kept-runs.js")).listRuns(),
    resume: async (run) => [...(await client.encode(await training.resume(run)))],
    async train(choice, guide, workers) {
      const given = guide && (await client.decode("guide", Uint8Array.from(guide).buffer));
      return [...(await client.encode(await training.train({ choice, guide: given, workers })))];
    },
  };
}
