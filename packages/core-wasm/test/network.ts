import {
  ACTION_WORDS,
  ActorKind,
  type Address,
  type Core,
  createImage,
  DRAW_BYTES,
  type Given,
  type LayerFields,
  layerMembranes,
  Neuron,
  viewLayer,
  WeightFormat,
} from "../src/index.js";
import { placeF32, randomValues } from "./memory.js";

/** The tensors of a spiking master, in its order (assembly/network/image.ts), inputs first. */
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

/** A hidden layer; by default of plain LIF neurons and i16 weights. */
export interface LayerSpec {
  readonly width: number;
  readonly neuron?: number;
  readonly recurrent?: boolean;
  readonly weightFormat?: number;
}

/** Between hidden layers and motors. */
export interface NetworkSpec {
  readonly layers: readonly LayerSpec[];
  readonly readOut?: number;
  readonly readOutFormat?: number;
  readonly productBits?: number;
  readonly surrogate?: number;
}

export const lif = (...widths: readonly number[]): NetworkSpec => ({
  layers: widths.map((width) => ({ width })),
});

/** What a kind is for. A kind that is forgotten here does not compile. */
const NEURON_ROLES: Record<keyof typeof Neuron, "spikes" | "reads out"> = {
  NONE: "reads out",
  LIF: "spikes",
  ALIF: "spikes",
  LI: "reads out",
  SUM: "reads out",
};

/** The kinds of a role, by number. */
export const neurons = (role: "spikes" | "reads out"): number[] =>
  (Object.keys(Neuron) as (keyof typeof Neuron)[])
    .filter((name) => NEURON_ROLES[name] === role)
    .map((name) => Neuron[name]);

const WEIGHT_BITS = 12;

function layersOf(spec: NetworkSpec): LayerFields[] {
  const { layers, readOut = Neuron.NONE, readOutFormat = WeightFormat.I16, productBits = 26 } = spec;
  const last = { width: 4, neuron: readOut, weightFormat: readOutFormat };
  return [...layers, last].map(
    ({ width, neuron = Neuron.LIF, weightFormat = WeightFormat.I16, ...rest }, l) => ({
      neuron,
      width,
      recurrent: Number("recurrent" in rest && rest.recurrent),
      weightFormat,
      bits: l === 0 ? productBits : WEIGHT_BITS,
    }),
  );
}

/** An actor, its slow copy equal to it; without a master, drawn. */
export interface TestActor {
  readonly at: Address<"Actor">;
  readonly parameters: Address<"F32s">;
  readonly target: Address<"F32s">;
  readonly count: number;
  readonly image: Address<"NetworkImage">;
}

function finish(core: Core, at: Address<"Actor">, seed: number, master?: ArrayLike<number>): TestActor {
  const { kernels } = core;
  const { parameters, target, image } = core.view("Actor", at);
  const count = kernels.actorParameterCount(at);
  if (master) core.f32(parameters, count).set(master);
  else kernels.actorInitialise(at, seed, 0, core.allocate("Scratch", DRAW_BYTES));
  core.f32(target, count).set(core.f32(parameters, count));
  kernels.actorSync(at);
  kernels.actorSyncTarget(at);
  return { at, parameters, target, count, image };
}

export function createSpikingActor(
  core: Core,
  spec: NetworkSpec,
  seed: number,
  master?: ArrayLike<number>,
  gain: ArrayLike<number> = new Float32Array(18).fill(1),
): TestActor {
  const at = core.create("Actor", {
    kind: ActorKind.SPIKING,
    inputs: 18,
    image: createImage(core, layersOf(spec)),
    targetImage: createImage(core, layersOf(spec)),
    inputGain: placeF32(core, gain),
    surrogate: spec.surrogate ?? 0,
  });
  return finish(core, at, seed, master);
}

/** A dense or recurrent actor. */
export function createFloatActor(core: Core, parts: Given<"Actor">, seed: number): TestActor {
  return finish(core, core.create("Actor", parts), seed);
}

/** The record of one sequence, and the way back through it. */
export function createSequence(core: Core, actor: TestActor, steps: number) {
  const at = core.create("Sequence", { actor: actor.at, steps });
  const tape = core.view("Tape", core.view("Sequence", at).tape);
  const layer = (l: number) => viewLayer(core, actor.image, l);
  return {
    at,
    action: (t: number) => core.i16(core.element("I16s", tape.action, ACTION_WORDS * t), ACTION_WORDS),
    /** Of layer l, from 1, after step t. */
    membrane: (l: number, t: number) => layerMembranes(core, actor.image, l - 1, tape.states, t + 1),
    spikes: (l: number, t: number): Uint8Array => {
      const { first, width } = layer(l - 1);
      const counts = core.i32(core.element("U32s", tape.counts, first), width);
      return Uint8Array.from({ length: width }, (_, j) => {
        const times = core.element("U16s", tape.times, steps * (first + j));
        return Number(core.i16(times, counts[j]!).includes(t));
      });
    },
    spikeCount: () => Number(tape.spikes),
  };
}

export function createMlp(
  core: Core,
  [size0 = 0, size1, size2, size3, size4]: readonly number[],
  hidden: number,
  output: number,
): Address<"Mlp"> {
  const sizes = { size0, size1, size2, size3, size4 };
  const layers = Object.values(sizes).filter((size) => size !== undefined).length - 1;
  return core.create("Mlp", { layers, hidden, output, ...sizes });
}

export function randomMaster(seed: number, h1: number, h2: number): Float32Array {
  const parts = masterLayout(h1, h2).map(([name, length], k) => {
    const values = randomValues(seed + k, length, name.startsWith("w") ? 0.24 : 0.5);
    return name.startsWith("leak") || name.startsWith("threshold") ? values.map((x) => x + 0.5) : values;
  });
  return Float32Array.from(parts.flatMap((values) => [...values]));
}
