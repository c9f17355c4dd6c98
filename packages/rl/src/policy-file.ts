import { MAX_HIDDEN, unpackI4 } from "@spikewing/core";
import { z } from "zod";
import { sha256 } from "#sha256";
import {
  ACTION_SIZE,
  type ActorShape,
  DENSE_ACTIVATIONS,
  isSpiking,
  OBSERVATION_SIZE,
  OBSERVATION_WITH_HISTORY_SIZE,
} from "./actor.js";
import { parseField } from "./json-field.js";
import {
  inputRows,
  layersOf,
  layersProblem,
  NEURONS,
  type PassesShape,
  PRODUCT_BITS,
  READ_OUTS,
  type SpikingShape,
  SURROGATES,
  scaleName,
  WEIGHT_BITS,
} from "./layers.js";
import { denseProblem, imageProblem } from "./policy-values.js";
import { BYTES_PER_VALUE, decodeContainer, encodeContainer, type Tensor } from "./safetensors.js";
import { cutShort, shown } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";

/** Version of the policy file that this build writes and reads. */
export const POLICY_FORMAT = "spikewing-policy-1";

/** Layers of a spiking policy: multiples of 8 up to 1024 neurons (the bounds proven beside the kernels). */
const hiddenLayer = z.number().int().min(8).max(1024).multipleOf(8);
const gain = z.literal([0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16]);

const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>) =>
  z.enum(Object.keys(table) as [Name, ...Name[]]);

/** A number alone is the width of a plain LIF layer. */
const layerShape = z.union([
  z.strictObject({
    width: hiddenLayer,
    neuron: namesOf(NEURONS).exactOptional(),
    recurrent: z.boolean().exactOptional(),
    weights: z.enum(["i16", "i8"]).exactOptional(),
  }),
  hiddenLayer,
]);

const weightBits = z.number().int().min(WEIGHT_BITS.least).max(WEIGHT_BITS.most);

/** What layers that spike may be. */
const spikingLayers = {
  hidden: z.array(layerShape).min(1).max(MAX_HIDDEN),
  productBits: z.number().int().min(PRODUCT_BITS.least).max(PRODUCT_BITS.most),
  weightBits: z.array(weightBits).min(1).max(MAX_HIDDEN),
  inputGain: z.tuple([gain, gain, gain, gain]),
  weightFormat: z.literal("i8").exactOptional(),
  readOutWeights: z.literal("i4").exactOptional(),
  surrogate: namesOf(SURROGATES).exactOptional(),
  /** The share of every layer's neurons that begins with a leak between `leak` and 1. */
  slowNeurons: z
    .strictObject({ share: z.number().min(0).max(1), leak: z.number().min(0).max(1) })
    .exactOptional(),
};

function refuseLayers(shape: SpikingShape | PassesShape, context: z.RefinementCtx): void {
  const problem = layersProblem(shape);
  if (problem) context.addIssue({ code: "custom", path: [...problem.path], message: problem.message });
}

/** What a spiking network may be. */
export const spikingShapeSchema = z
  .strictObject({
    kind: z.literal("spiking"),
    ...spikingLayers,
    readOut: namesOf(READ_OUTS).exactOptional(),
  })
  .superRefine(refuseLayers);

/** One that takes several passes for a decision, from rest. */
export const passesShapeSchema = z
  .strictObject({
    kind: z.literal("spiking-passes"),
    ...spikingLayers,
    passes: z.number().int().min(1).max(4),
    history: z.boolean(),
  })
  .superRefine(refuseLayers);

export const denseShapeSchema = z.strictObject({
  kind: z.literal("dense"),
  hidden: z.array(z.number().int().min(1).max(1024)).min(1).max(3),
  activation: namesOf(DENSE_ACTIVATIONS),
  history: z.boolean(),
});

/** What can guide: it sees its past actions. */
export const guideShapeSchema = denseShapeSchema.extend({ history: z.literal(true) });

export const gruShapeSchema = z.strictObject({
  kind: z.literal("gru"),
  units: z.number().int().min(8).max(512).multipleOf(8),
});

const differentiableShapes = [spikingShapeSchema, denseShapeSchema, gruShapeSchema] as const;

/** What the simulator's gradient goes through. */
export const differentiableShapeSchema = z.discriminatedUnion("kind", differentiableShapes);

/** What can be trained and fly. */
export const actorShapeSchema = z.discriminatedUnion("kind", [...differentiableShapes, passesShapeSchema]);

/** A policy with everything that made it. */
export interface Policy {
  readonly shape: ActorShape;
  /** What spikes: the tensors of the integer image, in the order they fly in. Others: f32 parameters. */
  readonly weights: Uint8Array;
  /** Steps of a flight: observations (n, 18) i16 and the actions (n, 4) i16 they must give; of a streaming spiking policy only. */
  readonly example?: { readonly observations: Int16Array; readonly actions: Int16Array };
  /** A guide's critics (Q1 then Q2), from which training may start. */
  readonly critics?: Float32Array;
  /** Algorithm, config, seed, versions, metrics. */
  readonly record: Readonly<Record<string, unknown>>;
}

type Layout = readonly (readonly [name: string, dtype: Tensor["dtype"], ...shape: number[]])[];

/** The tensors behind an image's header, in order: assembly/network/image.ts. */
function imageLayout(shape: SpikingShape | PassesShape): Layout {
  return layersOf(shape).flatMap((its, l): Layout => {
    const { parameters, width, inputs, recurrent, weights } = its;
    const layer = l + 1;
    const heard = (name: string, scale: string, nIn: number): Layout => {
      if (weights === "i16") return [[`${name}${layer}`, "I16", nIn, width]];
      const [dtype, columns] = weights === "i8" ? (["I8", width] as const) : (["U8", width / 2] as const);
      return [
        [`${name}${layer}`, dtype, nIn, columns],
        [`${scale}${layer}`, "I32", width],
      ];
    };
    return [
      ...(l === 0
        ? ([["w1", "I16", inputRows(inputs) / 2, width, 2]] as const)
        : heard("w", scaleName(its), inputs)),
      ...(recurrent ? heard("own", "ownScale", width) : []),
      [`b${layer}`, "I32", width],
      ...parameters.map((name) => [`${name}${layer}`, "I32", width] as const),
    ];
  });
}

/** A tensor of a spiking policy: the integers that fly, in the order of its image. */
export interface ImageTensor {
  /** A kind and the number of its layer: `w1`, `own2`, `scale3`, `threshold2`. Those of 4 bits, two in a byte of the file, are apart. */
  readonly name: string;
  readonly values: Int8Array | Int16Array | Int32Array;
}

/** The tensors of a spiking policy; none of another. */
export function imageTensors({ shape, weights }: Pick<Policy, "shape" | "weights">): ImageTensor[] {
  if (!isSpiking(shape)) return [];
  let at = 0;
  return imageLayout(shape).map(([name, dtype, ...dims]) => {
    const bytes = dims.reduce((product, size) => product * size, BYTES_PER_VALUE[dtype]);
    at += bytes;
    return { name, values: asValues(dtype, Uint8Array.from(weights.subarray(at - bytes, at))) };
  });
}

/** Thresholds of layer after layer, q16, of what keeps its membranes; empty for another policy. */
export function neuronThresholds(policy: Policy): Int32Array {
  if (policy.shape.kind !== "spiking") return new Int32Array(0);
  const thresholds = imageTensors(policy).filter(({ name }) => name.startsWith("threshold"));
  return Int32Array.from(thresholds.flatMap(({ values }) => [...values]));
}

/** @throws SpikewingError naming `place` where the policy does not spike, or keeps nothing from decision to decision */
export function requireSpiking({ shape }: Policy, place: string): SpikingShape {
  if (shape.kind !== "spiking") throw new SpikewingError(place, `kind is ${shape.kind}; expected spiking`);
  return shape;
}

/** The first of the layers whose weights are all zero: nothing goes through it, and nobody trained it. */
export function findSilentLayer(policy: Policy): string | undefined {
  if (!isSpiking(policy.shape)) return policy.weights.every((byte) => byte === 0) ? "parameters" : undefined;
  return imageTensors(policy).find(
    ({ name, values }) => /^w\d$/.test(name) && values.every((value) => value === 0),
  )?.name;
}

/** The values of a tensor; bytes has a buffer of its own. */
function asValues(dtype: Tensor["dtype"], bytes: Uint8Array): Int8Array | Int16Array | Int32Array {
  if (dtype === "U8") return unpackI4(bytes);
  if (dtype === "I8") return new Int8Array(bytes.buffer);
  return dtype === "I16" ? new Int16Array(bytes.buffer) : new Int32Array(bytes.buffer);
}

const bytesOf = (array: Int16Array | Float32Array): Uint8Array =>
  new Uint8Array(array.buffer.slice(array.byteOffset, array.byteOffset + array.byteLength));

/** A policy as a file: safetensors with shape, record and checksum in its metadata. */
export function encodePolicy(policy: Policy): Uint8Array {
  const tensors = new Map<string, Tensor>();
  if (isSpiking(policy.shape)) {
    let at = 0;
    for (const [name, dtype, ...shape] of imageLayout(policy.shape)) {
      const bytes = shape.reduce((product, size) => product * size, BYTES_PER_VALUE[dtype]);
      tensors.set(name, { dtype, shape, bytes: policy.weights.subarray(at, at + bytes) });
      at += bytes;
    }
  } else {
    tensors.set("parameters", { dtype: "F32", shape: [policy.weights.length / 4], bytes: policy.weights });
  }
  if (policy.example) {
    const { observations, actions } = policy.example;
    const steps = actions.length / ACTION_SIZE;
    tensors.set("example_observations", {
      dtype: "I16",
      shape: [steps, OBSERVATION_SIZE],
      bytes: bytesOf(observations),
    });
    tensors.set("example_actions", { dtype: "I16", shape: [steps, ACTION_SIZE], bytes: bytesOf(actions) });
  }
  if (policy.critics) {
    tensors.set("critics", { dtype: "F32", shape: [policy.critics.length], bytes: bytesOf(policy.critics) });
  }
  const metadata = {
    format: POLICY_FORMAT,
    shape: JSON.stringify(policy.shape),
    record: JSON.stringify(policy.record),
  };
  return encodeContainer({ metadata: { ...metadata, sha256: checksum(metadata, tensors) }, tensors });
}

/** Over format, shape, record and every tensor with its name. */
function checksum(metadata: Readonly<Record<string, string>>, tensors: ReadonlyMap<string, Tensor>): string {
  const encoder = new TextEncoder();
  const texts = ["format", "shape", "record"].map((key) => `${key}=${metadata[key]}\n`).join("");
  const pieces: Uint8Array[] = [encoder.encode(texts)];
  for (const [name, { dtype, shape, bytes }] of tensors)
    pieces.push(encoder.encode(`${name}:${dtype}:${shape}\n`), bytes);
  return sha256(pieces);
}

function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** Parameters of what flies them as they are: assembly/dense/mlp.ts, assembly/actors/gru.ts. */
function floatParameterCount(shape: Exclude<ActorShape, SpikingShape | PassesShape>): number {
  if (shape.kind === "gru") {
    const { units } = shape;
    return 3 * units * (OBSERVATION_SIZE + units) + 4 * units + (units + 1) * ACTION_SIZE;
  }
  const sizes = [
    shape.history ? OBSERVATION_WITH_HISTORY_SIZE : OBSERVATION_SIZE,
    ...shape.hidden,
    ACTION_SIZE,
  ];
  return sizes.slice(1).reduce((sum, size, i) => sum + (sizes[i]! + 1) * size, 0);
}

/** @throws SpikewingError naming `place` when the file is not a whole, undamaged policy of this format. */
export function decodePolicy(file: Uint8Array, place: string): Policy {
  const { metadata, tensors } = decodeContainer(file, place);
  if (metadata.format !== POLICY_FORMAT) {
    throw new SpikewingError(place, `format is ${shown(metadata.format)}; this build reads ${POLICY_FORMAT}`);
  }
  if (metadata.sha256 !== checksum(metadata, tensors)) {
    throw new SpikewingError(place, "the checksum does not match (the file is damaged)");
  }
  const shape = parseField(place, "shape", metadata.shape, actorShapeSchema);
  const record = parseField(place, "record", metadata.record, z.record(z.string(), z.unknown()));
  const take = (name: string, dtype: Tensor["dtype"], expected: readonly number[]): Uint8Array => {
    const tensor = tensors.get(name);
    if (!tensor) throw new SpikewingError(place, `tensor ${name} is missing`);
    if (tensor.dtype !== dtype || String(tensor.shape) !== String(expected)) {
      throw new SpikewingError(
        place,
        `tensor ${name} is ${tensor.dtype} (${cutShort(String(tensor.shape))}); expected ${dtype} (${expected})`,
      );
    }
    return tensor.bytes;
  };
  const refuse = (problem: string | undefined) => {
    if (problem !== undefined) throw new SpikewingError(place, problem);
  };
  const takeFloats = (name: string, count: number) => {
    const values = new Float32Array(take(name, "F32", [count]).buffer);
    refuse(denseProblem(name, values));
    return values;
  };
  const given = tensors.get("critics");
  const criticsPart = given ? { critics: takeFloats("critics", given.shape[0] ?? 0) } : {};
  if (!isSpiking(shape)) {
    const count = floatParameterCount(shape);
    return { shape, weights: new Uint8Array(takeFloats("parameters", count).buffer), record, ...criticsPart };
  }
  const parts = imageLayout(shape).map(([name, dtype, ...expected]) => {
    const bytes = take(name, dtype, expected);
    refuse(imageProblem(name, dtype, asValues(dtype, bytes)));
    return bytes;
  });
  const weights = joinBytes(parts);
  if (shape.kind !== "spiking") return { shape, weights, record, ...criticsPart };
  const steps = tensors.get("example_actions")?.shape[0] ?? 0;
  const observations = new Int16Array(take("example_observations", "I16", [steps, OBSERVATION_SIZE]).buffer);
  const actions = new Int16Array(take("example_actions", "I16", [steps, ACTION_SIZE]).buffer);
  return { shape, weights, example: { observations, actions }, record, ...criticsPart };
}
