import { type SpikingShape, widthsOf } from "@spikewing/rl";
import { type Attributes, encodeHdf5, type Group } from "@spikewing/rl/exchange";
import type { FlightSample } from "../flight-plan.js";
import { neuronNode } from "./export-graph.js";

/**
 * The spikes of a flight as NIRData (neuromorphs/NIR, nir/serialization.py, write_data): for each layer of the graph that
 * `export nir` writes a grid of (1, steps, neurons), 1 for a spike. A step is one control period.
 */
export function encodeSpikeData(
  shape: SpikingShape,
  samples: readonly FlightSample[],
  stepS: number,
): Promise<Uint8Array> {
  const nodes: Record<string, Group> = {};
  const attributes: Record<string, Attributes[string]> = { "/": { __type__: "NIRGraphData" } };
  let first = 0;
  for (const [l, width] of widthsOf(shape).entries()) {
    const data = new Uint8Array(samples.length * width);
    samples.forEach(({ spikes }, step) => {
      data.set(spikes.subarray(first, first + width), step * width);
    });
    first += width;
    const name = neuronNode(shape, l);
    nodes[name] = { observables: { spikes: { data: { shape: [1, samples.length, width], data } } } };
    attributes[`/nodes/${name}`] = { __type__: "NIRNodeData" };
    attributes[`/nodes/${name}/observables/spikes`] = { __type__: "TimeGriddedData", dt: stepS };
  }
  return encodeHdf5({ nodes }, attributes);
}
