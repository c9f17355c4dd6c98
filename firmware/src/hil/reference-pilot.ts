// What a board must answer: the same policy in Node.
import { ACTION_WORDS, type Core, OBSERVATION_WORDS, placeImage } from "@spikewing/core";

export interface ReferencePilot {
  /** Zero membranes, as when a board arms. */
  reset(): void;
  /** One control period: observation (18) in, motors (4) out. */
  step(observation: Float32Array): Float32Array;
}

/** @param image packages/core-wasm/assembly/network/image.ts. Takes memory of the core for good. */
export function createReferencePilot(core: Core, image: Uint8Array): ReferencePilot {
  const pilot = core.create("Pilot", { image: placeImage(core, image) });
  const { observation: seen, motors } = core.view("Pilot", pilot);
  return {
    reset: () => core.kernels.pilotReset(pilot),
    step(observation) {
      core.f32(seen, OBSERVATION_WORDS).set(observation);
      core.kernels.pilotStep(pilot);
      return core.f32(motors, ACTION_WORDS).slice();
    },
  };
}
