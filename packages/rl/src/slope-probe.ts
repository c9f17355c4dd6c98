/**
 * What the slope of the surrogate does to gradients: one forward pass of an untrained policy, then backward passes with
 * any slope. The steep slope of 100 stands for the true gradient (paper 3.3), against which directions are compared.
 */
import type { Core } from "@spikewing/core";
import { ACTION_SIZE, createActor, initialiseActor } from "./actor.js";
import { type SpikingShape, SURROGATES } from "./layers.js";
import { createSequenceGradient, flyObservations } from "./sequence-gradient.js";
import { SLOPE_MAX } from "./surrogate-slope.js";

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

/** Lays out a fresh network whose gradients show what a slope does. */
export function createSlopeProbe(core: Core, shape: SpikingShape, seed: number): SlopeProbe {
  const actor = createActor(core, shape);
  initialiseActor(core, actor, seed, 0);
  const [observations] = flyObservations(core, actor, seed, [0], STEPS);
  const sequence = createSequenceGradient(core, actor, STEPS);
  sequence.forward(observations!);
  const surrogate = shape.surrogate ?? "fast-sigmoid";
  const perAction = new Float32Array(ACTION_SIZE * STEPS).fill(1 / STEPS); // L = the mean over time of the four commands together
  const backward = (slope: number) => sequence.backward(perAction, surrogate, slope);
  const steep = backward(SLOPE_MAX);

  return {
    surrogate: (distances, slope) =>
      distances.map((x) => core.kernels.surrogateGradient(SURROGATES[surrogate], x, slope)),
    gradient(slope) {
      const all = backward(slope);
      return sequence.layers.map(({ first, weights }) => {
        const g = all.subarray(first, first + weights);
        return {
          meanMagnitude: meanMagnitude(g),
          alignment: cosine(g, steep.subarray(first, first + weights)),
        };
      });
    },
  };
}

/** Mean of |g|. */
export function meanMagnitude(g: Float32Array): number {
  return g.reduce((sum, value) => sum + Math.abs(value), 0) / g.length;
}

/** Cosine of the angle between two gradients; 0 where one of them is 0. */
export function cosine(a: Float32Array, b: Float32Array): number {
  const norms = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  return norms === 0 ? 0 : dot(a, b) / norms;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
