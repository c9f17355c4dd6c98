import { ACTION_WORDS as ACTIONS, type CoreBuild, OBSERVATION_WORDS as INPUTS } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { createActor, initialiseActor, TD3BC_JSRL_PRESETS, widthsOf } from "@spikewing/rl";
import { createSpikingTwin } from "./twin/spiking.js";

export { ACTIONS, INPUTS };
export const STEPS = 100;
export const SLOPE = 10;

const { actor: shape } = TD3BC_JSRL_PRESETS.fast;
if (shape.kind !== "spiking") throw new TypeError("the fast preset trains a spiking actor");
export const [H1 = 0, H2 = 0] = widthsOf(shape);

/** Observations of one sequence (steps, 18), the size of those in flight: position and attitude move slowly. */
export function observationsOf(sequence: number): Float32Array {
  return Float32Array.from({ length: STEPS * INPUTS }, (_, i) => {
    const [t, k] = [Math.floor(i / INPUTS), i % INPUTS];
    return 0.4 * Math.sin(0.05 * t + 1.7 * k + 0.9 * sequence);
  });
}

/** The network of the fast preset, fresh from its seed, in the core. */
export function networkInCore(build: CoreBuild) {
  const core = loadCore(build);
  const actor = createActor(core, shape);
  initialiseActor(core, actor, 1, 0);
  return { core, actor, inputGain: core.view("Actor", actor.at).inputGain };
}

/** The same network in plain TypeScript. */
export function networkTwin() {
  const { core, actor, inputGain } = networkInCore("simd");
  const parameters = core.f32(actor.parameters, actor.parameterCount).slice();
  return createSpikingTwin(parameters, H1, H2, core.f32(inputGain, INPUTS).slice());
}
