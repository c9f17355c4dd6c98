import { ACTION_BITS, type Core, layerMembranes, neuronRow, viewLayer } from "@spikewing/core";
import { ACTION_SIZE, type Actor, OBSERVATION_SIZE, OBSERVATION_WITH_HISTORY_SIZE } from "./actor.js";
import { createFlight } from "./flight.js";
import { layersOf, type SpikingShape, SURROGATES, type SurrogateName } from "./layers.js";
import { DEFAULT_TASK } from "./task.js";

/** Where the weights of a layer from the one before lie in a gradient, in words; its biases follow them. */
export interface LayerPlace {
  readonly first: number;
  readonly weights: number;
  readonly width: number;
}

/** One sequence under a spiking policy, from zero membranes: forward once, then back with any surrogate and slope. */
export interface SequenceGradient {
  /** Layers in order, the read-out's last. */
  readonly layers: readonly LayerPlace[];
  /** (steps, 18) f32 in [-range, range] of each format; returns the actions, (steps, 4). */
  forward(observations: Float32Array): Float32Array;
  /** dL/dparameters of the sequence that was flown last, given dL/dactions, (steps, 4). */
  backward(dActions: Float32Array, surrogate: SurrogateName, slope: number): Float32Array;
  /** Membranes less their thresholds, of hidden layer l after step t, from 0, of the sequence that was flown last. */
  distances(l: number, t: number): Float32Array;
}

export function createSequenceGradient(core: Core, actor: Actor, steps: number): SequenceGradient {
  const { kernels, allocate } = core;
  const sequence = core.create("Sequence", { actor: actor.at, steps });
  const { tape } = core.view("Sequence", sequence);
  const observationsAt = allocate("F32s", OBSERVATION_SIZE * steps);
  const dActionsAt = allocate("F32s", ACTION_SIZE * steps);
  const gradientAt = allocate("F32s", actor.parameterCount);
  return {
    layers: layersOf(actor.shape as SpikingShape).map(({ inputs, width }, l) => {
      const { master } = viewLayer(core, actor.image, l);
      return { first: master, weights: inputs * width, width };
    }),
    forward(observations) {
      core.f32(observationsAt, OBSERVATION_SIZE * steps).set(observations);
      kernels.sequenceForward(sequence, observationsAt, 4 * OBSERVATION_SIZE, steps);
      const actions = core.i16(core.view("Tape", tape).action, ACTION_SIZE * steps);
      return Float32Array.from(actions, (value) => value / 2 ** ACTION_BITS);
    },
    backward(dActions, surrogate, slope) {
      core.f32(dActionsAt, ACTION_SIZE * steps).set(dActions);
      core.f32(gradientAt, actor.parameterCount).fill(0);
      kernels.sequenceBackward(sequence, dActionsAt, steps, SURROGATES[surrogate], slope, gradientAt);
      return core.f32(gradientAt, actor.parameterCount).slice();
    },
    distances(l, t) {
      const row = 1 + layersOf(actor.shape as SpikingShape)[l]!.parameters.indexOf("threshold");
      const thresholds = neuronRow(core, actor.image, l, row);
      const membranes = layerMembranes(core, actor.image, l, core.view("Tape", tape).states, t + 1);
      return Float32Array.from(membranes, (u, j) => (u - thresholds[j]!) / 2 ** 16);
    },
  };
}

/** What an actor saw in the first steps of an episode, (steps, 18). */
export function flyObservations(
  core: Core,
  actor: Actor,
  seed: number,
  episodes: readonly number[],
  steps: number,
) {
  const flight = createFlight(core, DEFAULT_TASK, actor, seed);
  const { observation } = core.view("Environments", flight.environments);
  return episodes.map((episode) => {
    flight.reset(episode);
    const seen = new Float32Array(OBSERVATION_SIZE * steps);
    for (let t = 0; t < steps; t++) {
      flight.step(); // leaves the observation that it acted on in place
      seen.set(
        core.f32(observation, OBSERVATION_WITH_HISTORY_SIZE).subarray(0, OBSERVATION_SIZE),
        t * OBSERVATION_SIZE,
      );
    }
    return seen;
  });
}
