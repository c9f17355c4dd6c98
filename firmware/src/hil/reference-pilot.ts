// What a board must answer: the same policy in Node.
import { type Core, placeImage } from "@spikewing/core";

export interface ReferencePilot {
  /** Zero membranes, as when a board arms. */
  reset(): void;
  /** One control period: observation (18) in, motors (4) out. */
  step(observation: Float32Array): Float32Array;
}

/** @param image packages/core-wasm/assembly/network/image.ts. Takes memory of the core for good. */
export function createReferencePilot(core: Core, image: Uint8Array): ReferencePilot {
  const { kernels } = core;
  const imageAt = placeImage(core, image);
  const stateBytes = kernels.policyStateBytes(imageAt);
  const state = core.allocate(stateBytes);
  const scratch = core.allocate(kernels.policyScratchBytes(imageAt));
  const observed = core.allocate(72);
  const quantised = core.allocate(36);
  const action = core.allocate(8);
  const motors = core.allocate(16);
  return {
    reset() {
      core.bytes(state, stateBytes).fill(0);
    },
    step(observation) {
      core.f32(observed, 18).set(observation);
      kernels.quantiseObservation(observed, quantised);
      kernels.policyStepInPlace(imageAt, state, quantised, action, scratch);
      kernels.dequantiseAction(action, motors);
      return core.f32(motors, 4).slice();
    },
  };
}
