import { type ActorShape, widthsOf } from "@spikewing/rl";
import type { NumpyArray } from "@spikewing/rl/identification";
import type { FlightSample } from "./flight-plan.js";

/** A flight as arrays of one row a step: SI units, rotors in the airframe's; spikes (steps, neurons) where neurons spike. */
export function flightArrays(samples: readonly FlightSample[]): Readonly<Record<string, NumpyArray>> {
  const rows = (values: (sample: FlightSample) => Float32Array | Uint8Array): NumpyArray => {
    const width = values(samples[0]!).length;
    const Kind = values(samples[0]!) instanceof Uint8Array ? Uint8Array : Float32Array;
    const all = new Kind(samples.length * width);
    samples.forEach((sample, i) => {
      all.set(values(sample), i * width);
    });
    return { shape: [samples.length, width], values: all };
  };
  return {
    t: { shape: [samples.length], values: Float64Array.from(samples, ({ t }) => t) },
    position: rows(({ position }) => position),
    target: rows(({ target }) => target),
    quaternion: rows(({ quaternion }) => quaternion),
    velocity: rows(({ velocity }) => velocity),
    angular_velocity: rows(({ angularVelocity }) => angularVelocity),
    rotors: rows(({ rotors }) => rotors),
    action: rows(({ action }) => action),
    reward: { shape: [samples.length], values: Float32Array.from(samples, ({ reward }) => reward) },
    ...(samples[0]!.spikes.length > 0 && { spikes: rows(({ spikes }) => spikes) }),
  };
}

/** A line for each spike: time, layer from 1, neuron of the layer from 0. */
export function spikesCsv(shape: ActorShape, samples: readonly FlightSample[]): string {
  const widths = shape.kind === "spiking" ? widthsOf(shape) : [];
  const lines = ["t,layer,neuron"];
  for (const { t, spikes } of samples) {
    let first = 0;
    for (const [l, width] of widths.entries()) {
      for (let j = 0; j < width; j++)
        if (spikes[first + j] === 1) lines.push(`${Number(t.toFixed(6))},${l + 1},${j}`);
      first += width;
    }
  }
  return `${lines.join("\n")}\n`;
}
