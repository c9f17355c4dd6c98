import type { Core } from "../src/index.js";
import { placeF32, randomValues } from "./memory.js";

/** The tensors of a spiking master, in its order (assembly/snn/network.ts), inputs first. */
export function masterLayout(h1: number, h2: number): readonly (readonly [name: string, length: number])[] {
  return [
    ["w1", 18 * h1],
    ["b1", h1],
    ["leak1", h1],
    ["threshold1", h1],
    ["w2", h1 * h2],
    ["b2", h2],
    ["leak2", h2],
    ["threshold2", h2],
    ["w3", h2 * 4],
    ["b3", 4],
  ];
}

export interface Network {
  readonly h1: number;
  readonly h2: number;
  readonly master: number;
  readonly image: number;
  readonly copies: number;
  readonly inputGain: number;
}

/** A quantised spiking network, ready to fly and to be differentiated. */
export function createNetwork(
  core: Core,
  h1: number,
  h2: number,
  master: ArrayLike<number>,
  gain: ArrayLike<number> = new Float32Array(18).fill(1),
): Network {
  const { kernels } = core;
  const masterAt = placeF32(core, master);
  const inputGain = placeF32(core, gain);
  const image = core.allocate(kernels.imageBytes(h1, h2));
  const copies = core.allocate(kernels.backwardCopyBytes(h1, h2));
  kernels.imageInit(image, h1, h2, 26, 12, 12);
  kernels.quantisePolicy(image, masterAt, inputGain);
  kernels.copyForBackward(image, copies);
  return { h1, h2, master: masterAt, image, copies, inputGain };
}

/** The record of one sequence: fields of `Tape` (assembly/snn/bptt.ts). */
export function createTape(core: Core, steps: number, h1: number, h2: number) {
  const at = core.allocate(core.kernels.tapeBytes(steps, h1, h2));
  core.kernels.tapeInit(at, steps, h1, h2);
  const [action, membrane1, membrane2, times1, times2, count1, count2] = core.i32(at, 16).slice(6, 13);
  const spikes = (times: number, count: number, h: number, t: number): Uint8Array =>
    Uint8Array.from({ length: h }, (_, j) => {
      const fired = core.i16(times + 2 * j * steps, core.i32(count, h)[j]!);
      return Number(fired.includes(t));
    });
  return {
    at,
    action: (t: number) => core.i16(action! + 8 * t, 4),
    /** After step t. */
    membrane1: (t: number) => core.i32(membrane1! + 4 * h1 * (t + 1), h1),
    membrane2: (t: number) => core.i32(membrane2! + 4 * h2 * (t + 1), h2),
    spikes1: (t: number) => spikes(times1!, count1!, h1, t),
    spikes2: (t: number) => spikes(times2!, count2!, h2, t),
    spikeCount: () => core.i32(at, 4)[3]!,
  };
}

export function createMlp(core: Core, sizes: readonly number[], hidden: number, output: number): number {
  const at = core.allocate(32);
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = sizes;
  core.kernels.mlpInit(at, sizes.length - 1, hidden, output, a, b, c, d, e);
  return at;
}

export function randomMaster(seed: number, h1: number, h2: number): Float32Array {
  const parts = masterLayout(h1, h2).map(([name, length], k) => {
    const values = randomValues(seed + k, length, name.startsWith("w") ? 0.24 : 0.5);
    return name.startsWith("leak") || name.startsWith("threshold") ? values.map((x) => x + 0.5) : values;
  });
  return Float32Array.from(parts.flatMap((values) => [...values]));
}
