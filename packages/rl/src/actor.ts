import {
  ACTION_WORDS,
  Activation,
  ActorKind,
  type Address,
  type Core,
  createImage,
  DRAW_BYTES,
  type Given,
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
} from "@spikewing/core";
import {
  inputsOf,
  layersOf,
  neuronsOf,
  type PassesShape,
  type SpikingShape,
  SURROGATES,
  WEIGHT_FORMATS,
  widthsOf,
} from "./layers.js";

/** Past actions and observation that a dense actor with history sees; the others see the first 18. */
export const OBSERVATION_SIZE = OBSERVATION_WORDS;
export const OBSERVATION_WITH_HISTORY_SIZE = OBSERVATION_WITH_HISTORY_WORDS;
export const ACTION_SIZE = ACTION_WORDS;

/** What hidden layers of a dense network may do with their sums, and what its output layer does then. */
export const DENSE_ACTIVATIONS = {
  tanh: "tanh",
  relu: "tanh",
  "fast-tanh": "fast-tanh",
} as const;
export type DenseActivation = keyof typeof DENSE_ACTIVATIONS;

/** Dense network; `history` adds the last 32 actions to the observation. */
export interface DenseShape {
  readonly kind: "dense";
  readonly hidden: readonly number[];
  readonly activation: DenseActivation;
  readonly history: boolean;
}

/** Gated recurrent unit, 18 -> units -> 4. */
export interface GruShape {
  readonly kind: "gru";
  /** Units of the hidden state, a multiple of 8. */
  readonly units: number;
}

export type ActorShape = SpikingShape | PassesShape | DenseShape | GruShape;

/** Whether integers fly it, and its layers spike. */
export const isSpiking = (shape: ActorShape): shape is SpikingShape | PassesShape =>
  shape.kind === "spiking" || shape.kind === "spiking-passes";

/** Numbers that come in, neurons or units between, motors. */
export function sizesOf(shape: ActorShape): number[] {
  switch (shape.kind) {
    case "spiking":
    case "spiking-passes":
      return [inputsOf(shape), ...widthsOf(shape), ACTION_WORDS];
    case "dense":
      return [
        shape.history ? OBSERVATION_WITH_HISTORY_WORDS : OBSERVATION_WORDS,
        ...shape.hidden,
        ACTION_WORDS,
      ];
    case "gru":
      return [OBSERVATION_WORDS, shape.units, ACTION_WORDS];
  }
}

/** What kind of network a shape is, in a few words. */
export function describeShape(shape: ActorShape): string {
  switch (shape.kind) {
    case "spiking":
    case "spiking-passes": {
      const spiking = `spiking (${[...new Set(neuronsOf(shape))].join(", ").toUpperCase()})`;
      if (shape.kind === "spiking") return spiking;
      return `${spiking}${seesActions(shape)}, ${shape.passes} passes a decision`;
    }
    case "dense":
      return `dense (${shape.activation})${seesActions(shape)}`;
    case "gru":
      return "recurrent (GRU)";
  }
}

const seesActions = ({ history }: { readonly history: boolean }) => (history ? ", sees past actions" : "");

/** An actor in the core's memory: the network that is trained to fly, and its slow copy. */
export interface Actor {
  readonly at: Address<"Actor">;
  readonly shape: ActorShape;
  /** Address of the trained f32 parameters and of the slow copy; parameterCount words each. */
  readonly parameters: Address<"F32s">;
  readonly target: Address<"F32s">;
  readonly parameterCount: number;
  /** Address and bytes of the integer image that flies; 0 bytes for what has none. */
  readonly image: Address<"NetworkImage">;
  readonly imageBytes: number;
}

/** Lays an actor of a shape into the core's memory; its parameters are 0. */
export function createActor(core: Core, shape: ActorShape): Actor {
  switch (shape.kind) {
    case "spiking":
    case "spiking-passes":
      return createSpikingActor(core, shape);
    case "dense":
      return createDenseActor(core, shape);
    case "gru":
      return createGruActor(core, shape);
  }
}

/** The gain of each observation, which training keeps beside the weights of layer 1. */
export function inputGainsOf(shape: SpikingShape | PassesShape): readonly number[] {
  const [p, r, v, w] = shape.inputGain;
  const pastActions = Array.from({ length: inputsOf(shape) - OBSERVATION_SIZE }, () => 1);
  return [p, p, p, r, r, r, r, r, r, r, r, r, v, v, v, w, w, w, ...pastActions];
}

function createSpikingActor(core: Core, shape: SpikingShape | PassesShape): Actor {
  const inputs = inputsOf(shape);
  const inputGain = core.allocate("F32s", inputs);
  core.f32(inputGain, inputs).set(inputGainsOf(shape));
  const layers = layersOf(shape).map(({ kind, recurrent, weights, ...layer }) => ({
    ...layer,
    neuron: kind,
    recurrent: Number(recurrent),
    weightFormat: WEIGHT_FORMATS[weights],
  }));
  return finish(core, shape, {
    kind: shape.kind === "spiking" ? ActorKind.SPIKING : ActorKind.SPIKING_PASSES,
    inputs,
    passes: shape.kind === "spiking" ? 0 : shape.passes,
    image: createImage(core, layers, inputs),
    targetImage: createImage(core, layers, inputs),
    inputGain,
    surrogate: SURROGATES[shape.surrogate ?? "fast-sigmoid"],
    slowShare: shape.slowNeurons?.share ?? 0,
    slowLeak: shape.slowNeurons?.leak ?? 0,
  });
}

export const ACTIVATIONS = {
  linear: Activation.LINEAR,
  tanh: Activation.TANH,
  relu: Activation.RELU,
  "fast-tanh": Activation.FAST_TANH,
} as const;

/** A dense network of these sizes, from inputs to outputs, up to four weight layers. */
export function createMlp(
  core: Core,
  sizes: readonly number[],
  hidden: keyof typeof ACTIVATIONS,
  output: keyof typeof ACTIVATIONS,
): Address<"Mlp"> {
  const [size0 = 0, size1, size2, size3, size4] = sizes;
  return core.create("Mlp", {
    layers: sizes.length - 1,
    hidden: ACTIVATIONS[hidden],
    output: ACTIVATIONS[output],
    ...{ size0, size1, size2, size3, size4 },
  });
}

function createDenseActor(core: Core, shape: DenseShape): Actor {
  const inputs = shape.history ? OBSERVATION_WITH_HISTORY_SIZE : OBSERVATION_SIZE;
  const output = DENSE_ACTIVATIONS[shape.activation];
  const mlp = createMlp(core, [inputs, ...shape.hidden, ACTION_SIZE], shape.activation, output);
  return finish(core, shape, { kind: ActorKind.DENSE, inputs, mlp });
}

function createGruActor(core: Core, shape: GruShape): Actor {
  return finish(core, shape, { kind: ActorKind.GRU, inputs: OBSERVATION_SIZE, units: shape.units });
}

function finish(core: Core, shape: ActorShape, given: Given<"Actor">): Actor {
  const at = core.create("Actor", given);
  const { parameters, target, image } = core.view("Actor", at);
  const parameterCount = core.kernels.actorParameterCount(at);
  const imageBytes = image ? core.view("NetworkImage", image).bytes : 0;
  return { at, shape, parameters, target, parameterCount, image, imageBytes };
}

/** Draws initial parameters; target starts as a copy. `item` tells the networks of one seed apart. */
export function initialiseActor(core: Core, actor: Actor, seed: number, item: number): void {
  core.kernels.actorInitialise(actor.at, seed, item, core.allocate("Scratch", DRAW_BYTES));
  copyToTarget(core, actor);
}

/** Lets the read-out begin at an action. */
export function startAtAction(core: Core, actor: Actor, action: number): void {
  core.kernels.actorStartAt(actor.at, action);
  copyToTarget(core, actor);
}

/** The slow copy becomes the parameters; all derived forms follow. */
export function copyToTarget(core: Core, actor: Actor): void {
  core.f32(actor.target, actor.parameterCount).set(core.f32(actor.parameters, actor.parameterCount));
  core.kernels.actorSync(actor.at);
  core.kernels.actorSyncTarget(actor.at);
}
