import type { Address, Core } from "@spikewing/core";

/** Past actions and observation that a dense actor with history sees; a spiking one sees the first 18. */
export const OBSERVATION_SIZE = 18;
export const OBSERVATION_WITH_HISTORY_SIZE = 146;
export const ACTION_SIZE = 4;

/** LIF 18 -> hidden[0] -> hidden[1] -> 4. */
export interface SpikingShape {
  readonly kind: "spiking";
  /** Neurons of the two LIF layers, multiples of 8. */
  readonly hidden: readonly [number, number];
  /** Fraction bits of an observation times a weight of layer 1. */
  readonly productBits: number;
  /** Fraction bits of the weights of layer 2 and of the read-out. */
  readonly weightBits: readonly [number, number];
  /** "i8": those weights are narrow (core-wasm/assembly/snn/narrow.ts); such a policy flies and is not trained. */
  readonly weightFormat?: "i8";
  /** Powers of two that scale p, R, v, w before layer 1; folded into its weights at quantisation. */
  readonly inputGain: readonly [number, number, number, number];
}

/** Dense tanh or ReLU network; `history` adds the last 32 actions to the observation. */
export interface DenseShape {
  readonly kind: "dense";
  readonly hidden: readonly number[];
  readonly activation: "tanh" | "relu";
  readonly history: boolean;
}

export type ActorShape = SpikingShape | DenseShape;

/** An actor in the core's memory: the network that is trained to fly, and its slow copy. */
export interface Actor {
  readonly at: Address<"Actor">;
  readonly shape: ActorShape;
  /** Address of the trained f32 parameters and of the slow copy; parameterCount words each. */
  readonly parameters: Address<"F32s">;
  readonly target: Address<"F32s">;
  readonly parameterCount: number;
  /** Address and bytes of the integer image that flies; 0 bytes for a dense actor. */
  readonly image: number;
  readonly imageBytes: number;
}

export function createActor(core: Core, shape: ActorShape): Actor {
  return shape.kind === "spiking" ? createSpikingActor(core, shape) : createDenseActor(core, shape);
}

function createSpikingActor(core: Core, shape: SpikingShape): Actor {
  const { kernels, allocate } = core;
  const [hidden1, hidden2] = shape.hidden;
  const parameterCount = kernels.masterCount(hidden1, hidden2);
  const narrow = shape.weightFormat === "i8";
  const imageBytes = (narrow ? kernels.narrowImageBytes : kernels.imageBytes)(hidden1, hidden2);
  const imageInit = narrow ? kernels.narrowImageInit : kernels.imageInit;
  const parameters = allocate("F32s", parameterCount);
  const target = allocate("F32s", parameterCount);
  const images = [allocate(imageBytes), allocate(imageBytes)] as const;
  for (const image of images) {
    imageInit(image, hidden1, hidden2, shape.productBits, ...shape.weightBits);
  }
  const copies = allocate(kernels.backwardCopyBytes(hidden1, hidden2));
  const inputGain = allocate(4 * OBSERVATION_SIZE);
  const [p, r, v, w] = shape.inputGain;
  core.f32(inputGain, OBSERVATION_SIZE).set([p, p, p, r, r, r, r, r, r, r, r, r, v, v, v, w, w, w]);
  const at = allocate(64) as Address<"Actor">;
  kernels.actorInit(at, 0, parameters, target, images[0], images[1], copies, inputGain, OBSERVATION_SIZE);
  return { at, shape, parameters, target, parameterCount, image: images[0], imageBytes };
}

const ACTIVATIONS = { linear: 0, tanh: 1, relu: 2 } as const;

/** Writes an Mlp header: sizes from inputs to outputs, up to four weight layers. */
export function writeMlp(
  { kernels, allocate }: Core,
  sizes: readonly number[],
  hidden: keyof typeof ACTIVATIONS,
  output: keyof typeof ACTIVATIONS,
): number {
  const at = allocate(64);
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0] = sizes;
  kernels.mlpInit(at, sizes.length - 1, ACTIVATIONS[hidden], ACTIVATIONS[output], s0, s1, s2, s3, s4);
  return at;
}

function createDenseActor(core: Core, shape: DenseShape): Actor {
  const { kernels, allocate } = core;
  const inputs = shape.history ? OBSERVATION_WITH_HISTORY_SIZE : OBSERVATION_SIZE;
  const mlp = writeMlp(core, [inputs, ...shape.hidden, ACTION_SIZE], shape.activation, "tanh");
  const parameterCount = kernels.mlpParameterCount(mlp);
  const parameters = allocate("F32s", parameterCount);
  const target = allocate("F32s", parameterCount);
  const at = allocate(64) as Address<"Actor">;
  kernels.actorInit(at, mlp, parameters, target, 0, 0, allocate(4 * parameterCount), 0, inputs);
  return { at, shape, parameters, target, parameterCount, image: 0, imageBytes: 0 };
}

/** Draws initial parameters; target starts as a copy. `item` tells the networks of one seed apart. */
export function initialiseActor(core: Core, actor: Actor, seed: number, item: number): void {
  const { kernels } = core;
  const scratch = core.allocate(16);
  if (actor.shape.kind === "spiking") {
    kernels.initialiseSpiking(actor.parameters, ...actor.shape.hidden, seed, item, scratch);
  } else {
    kernels.initialiseMlp(core.i32(actor.at, 1)[0]!, actor.parameters, seed, item, scratch);
  }
  copyToTarget(core, actor);
}

/** Lets the read-out begin at an action: its biases come last among the parameters. */
export function startAtAction(core: Core, actor: Actor, action: number): void {
  const biases = actor.parameters + 4 * (actor.parameterCount - ACTION_SIZE);
  core.kernels.biasToAction(biases, ACTION_SIZE, action);
  copyToTarget(core, actor);
}

/** The slow copy becomes the parameters; all derived forms follow. */
export function copyToTarget(core: Core, actor: Actor): void {
  core.f32(actor.target, actor.parameterCount).set(core.f32(actor.parameters, actor.parameterCount));
  core.kernels.actorSync(actor.at);
  core.kernels.actorSyncTarget(actor.at);
}
