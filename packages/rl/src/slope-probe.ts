/**
 * What the slope of the surrogate does to gradients: one forward pass of an untrained policy, then backward passes with
 * any slope. The steep slope of 100 stands for the true gradient (paper 3.3), against which directions are compared.
 */
import { type Core, viewLayer } from "@spikewing/core";
import {
  ACTION_SIZE,
  createActor,
  initialiseActor,
  OBSERVATION_SIZE,
  OBSERVATION_WITH_HISTORY_SIZE,
} from "./actor.js";
import { createFlight } from "./flight.js";
import { layersOf, type SpikingShape, SURROGATES } from "./layers.js";
import { SLOPE_MAX } from "./surrogate-slope.js";
import { DEFAULT_TASK } from "./task.js";

export interface SlopeProbe {
  /** The surrogate's derivative at these distances of membrane and threshold. */
  surrogate(distances: readonly number[], slope: number): number[];
  /** Of the weights of each layer from the one before, the read-out's last. */
  gradient(slope: number): readonly LayerGradient[];
}

export interface LayerGradient {
  /** Mean of |g| over the weights. */
  readonly meanMagnitude: number;
  /** Cosine to the gradient with slope 100; 0 where one of them is 0. */
  readonly alignment: number;
}

/** Steps that are flown and learned from. */
const STEPS = 50;

export function createSlopeProbe(core: Core, shape: SpikingShape, seed: number): SlopeProbe {
  const { kernels, allocate } = core;
  const actor = createActor(core, shape);
  initialiseActor(core, actor, seed, 0);
  const flight = createFlight(core, DEFAULT_TASK, actor, seed);
  flight.reset(0);
  const observations = allocate("F32s", OBSERVATION_SIZE * STEPS);
  const seen = core.view("Environments", flight.environments).observation;
  for (let t = 0; t < STEPS; t++) {
    flight.step(); // leaves the observation that it acted on in place
    const observation = core.f32(seen, OBSERVATION_WITH_HISTORY_SIZE).subarray(0, OBSERVATION_SIZE);
    core.f32(observations + 4 * OBSERVATION_SIZE * t, OBSERVATION_SIZE).set(observation);
  }

  const sequence = core.create("Sequence", { actor: actor.at, steps: STEPS });
  kernels.sequenceForward(sequence, observations, 4 * OBSERVATION_SIZE, STEPS);
  const perAction = allocate("F32s", ACTION_SIZE * STEPS);
  core.f32(perAction, ACTION_SIZE * STEPS).fill(1 / STEPS); // L = the mean over time of the four commands together
  const gradientAt = allocate("F32s", actor.parameterCount);

  // Where the weights lie in a gradient, in words.
  const layers = layersOf(shape).map(({ inputs, width }, l) => {
    const { master } = viewLayer(core, actor.image, l);
    return [master, inputs * width] as const;
  });
  const surrogate = SURROGATES[shape.surrogate ?? "fast-sigmoid"];

  function backward(slope: number): Float32Array {
    core.f32(gradientAt, actor.parameterCount).fill(0);
    kernels.sequenceBackward(sequence, perAction, STEPS, surrogate, slope, gradientAt);
    return core.f32(gradientAt, actor.parameterCount).slice();
  }
  const steep = backward(SLOPE_MAX);

  return {
    surrogate: (distances, slope) => distances.map((x) => kernels.surrogateGradient(surrogate, x, slope)),
    gradient(slope) {
      const all = backward(slope);
      return layers.map(([first, count]) => {
        const g = all.subarray(first, first + count);
        const reference = steep.subarray(first, first + count);
        const norms = Math.sqrt(dot(g, g)) * Math.sqrt(dot(reference, reference));
        return {
          meanMagnitude: g.reduce((sum, value) => sum + Math.abs(value), 0) / count,
          alignment: norms === 0 ? 0 : dot(g, reference) / norms,
        };
      });
    },
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
