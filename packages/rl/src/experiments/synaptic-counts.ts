/**
 * What a policy computes in a control period, counted as NeuroBench 2.3 counts (docs of neurobench, INTEROP): inputs and weights
 * that are not zero, layer by layer. A call whose inputs are all in {-1, 0, 1} accumulates (AC), any other multiplies (MAC).
 */
import { type Core, layerWeights } from "@spikewing/core";
import { type Actor, OBSERVATION_WITH_HISTORY_SIZE, sizesOf } from "../actor.js";
import { EVALUATION_SEEDS } from "../evaluate.js";
import { createFlight } from "../flight.js";
import { firstLayerPlace, layersOf } from "../layers.js";
import { DEFAULT_TASK } from "../task.js";

export type LayerCounts = {
  /** inputs x outputs, a step. */
  readonly dense: number;
  /** Of inputs and weights that are not zero, a step. */
  readonly effective: number;
  readonly kind: "MAC" | "AC";
  /** Neurons of the layer that spike; 0 for one that does not. */
  readonly neurons: number;
  /** A step, over all neurons. */
  readonly spikes: number;
  /** Membranes that changed, a step; all of them in the first. */
  readonly membraneUpdates: number;
};

export type FlightCounts = {
  readonly steps: number;
  readonly layers: readonly LayerCounts[];
  /** 1 - spikes / (neurons steps), over all layers: of all steps alike. */
  readonly sparsity: number;
};

/** How many outputs each input of each layer reaches by a weight that is not zero. */
export function fanOuts(core: Core, actor: Actor): readonly (readonly number[])[] {
  const { shape } = actor;
  if (shape.kind === "gru") throw new TypeError("a GRU is not counted");
  if (shape.kind === "dense") {
    const sizes = sizesOf(shape); // trained f32 weights are not zero
    return sizes.slice(1).map((width, l) => new Array<number>(sizes[l]!).fill(width));
  }
  return layersOf(shape).map(({ inputs, width }, l) => {
    const values = layerWeights(core, actor.image, l);
    const place = (i: number, j: number) => (l === 0 ? firstLayerPlace(i, j, width) : i * width + j);
    return Array.from({ length: inputs }, (_, i) => {
      let reached = 0;
      for (let j = 0; j < width; j++) if (values[place(i, j)] !== 0) reached++;
      return reached;
    });
  });
}

/** Share of weights that are exactly zero. */
export function connectionSparsity(core: Core, actor: Actor): number {
  const sizes = sizesOf(actor.shape);
  const all = sizes.slice(1).reduce((sum, size, l) => sum + size * sizes[l]!, 0);
  const present = fanOuts(core, actor)
    .flat()
    .reduce((sum, reached) => sum + reached, 0);
  return 1 - present / all;
}

/** Flies one reserved episode and counts. */
export function countFlight(core: Core, actor: Actor, episode: number, mostSteps: number): FlightCounts {
  const sizes = sizesOf(actor.shape);
  const isSpiking = actor.shape.kind === "spiking";
  const reach = fanOuts(core, actor);
  const flight = createFlight(core, DEFAULT_TASK, actor, EVALUATION_SEEDS.reserved);
  const { observation } = core.view("Environments", flight.environments);
  const inputs = sizes[0]!;
  const effective = reach.map(() => 0);
  const spikesOf = reach.map(() => 0);
  const updates = reach.map(() => 0);
  let before: Int32Array | undefined;
  let steps = 0;
  flight.reset(episode);
  while (steps < mostSteps && !flight.state().crashed) {
    flight.step(); // leaves the observation that it acted on in place
    steps++;
    const seen = core.f32(observation, OBSERVATION_WITH_HISTORY_SIZE).subarray(0, inputs);
    effective[0]! += seen.reduce((sum, value, i) => sum + (value === 0 ? 0 : reach[0]![i]!), 0);
    if (!isSpiking) {
      for (let l = 1; l < reach.length; l++) effective[l]! += sizes[l]! * sizes[l + 1]!; // a tanh is never 0
      continue;
    }
    const fired = flight.spikes();
    const membranes = flight.membranes();
    for (let l = 0, first = 0; l < reach.length - 1; first += sizes[l + 1]!, l++) {
      for (let j = 0; j < sizes[l + 1]!; j++) {
        if (fired[first + j] === 1) {
          spikesOf[l]!++;
          effective[l + 1]! += reach[l + 1]![j]!;
        }
        if (before === undefined || membranes[first + j] !== before[first + j]) updates[l]!++;
      }
    }
    before = membranes;
  }
  const layers = reach.map((_, l): LayerCounts => {
    const neurons = isSpiking && l < reach.length - 1 ? sizes[l + 1]! : 0;
    return {
      dense: sizes[l]! * sizes[l + 1]!,
      effective: effective[l]! / steps,
      kind: isSpiking && l > 0 ? "AC" : "MAC",
      neurons,
      spikes: spikesOf[l]! / steps,
      membraneUpdates: updates[l]! / steps,
    };
  });
  const neurons = layers.reduce((sum, layer) => sum + layer.neurons, 0);
  const spikes = layers.reduce((sum, layer) => sum + layer.spikes, 0);
  return { steps, layers, sparsity: neurons === 0 ? 0 : 1 - spikes / neurons };
}
