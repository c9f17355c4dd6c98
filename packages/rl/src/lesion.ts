import { type Core, neuronRow } from "@spikewing/core";
import type { Actor } from "./actor.js";
import { layersOf, SILENT_THRESHOLD } from "./layers.js";

/** Neurons of an actor that are silent: their membranes go on, and never fire. */
export interface Lesion {
  /** These are silent from the next step on, counted through all layers from 0, and all others speak again. */
  silence(neurons: Iterable<number>): void;
}

/** Of the actor's own image: what has none, and what is trained, keeps all of its neurons. */
export function createLesion(core: Core, { shape, image }: Actor): Lesion {
  if (shape.kind !== "spiking") return { silence() {} };
  const rows = layersOf(shape)
    .slice(0, -1)
    .map(
      ({ parameters }, l) =>
        () =>
          neuronRow(core, image, l, 1 + parameters.indexOf("threshold")),
    );
  const whole = rows.map((row) => row().slice());
  return {
    silence(neurons) {
      const silent = new Set(neurons);
      let first = 0;
      for (const [l, thresholds] of whole.entries()) {
        rows[l]!().set(thresholds.map((theta, j) => (silent.has(first + j) ? SILENT_THRESHOLD : theta)));
        first += thresholds.length;
      }
    },
  };
}
