// The actor.h of learning-to-fly (arplaboratory, src/steps/checkpoint.h): C++ that RLtools has written, an array of bytes for
// every matrix in a namespace of its own, the sizes behind it, and one observation with the action that it must give.

import { type DenseLayer, SpikewingError } from "@spikewing/rl";
import { activationOf } from "./activations.js";

/** A network as its file has it. */
export interface FoundActor {
  readonly layers: readonly DenseLayer[];
  /** What its authors saw it do. */
  readonly example?: { readonly observation: Float32Array; readonly action: Float32Array };
  readonly name?: string | undefined;
}

const TOKENS =
  /namespace ([\w:]+) *\{|memory\[\] = \{([\d, ]*)\}|matrix::Specification<(\w+), [\w ]+, (\d+), (\d+),|dense::Specification<\w+, [\w ]+, \d+, \d+,.{0,400}?ActivationFunction::(\w+)|name\[\] = "([^"]*)"|[{}]/g;

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** @throws SpikewingError naming `place`. */
export function readActorHeader(text: string, place: string): FoundActor {
  const path: string[] = [];
  const bytes = new Map<string, Uint8Array>();
  const matrices = new Map<string, Matrix>();
  const activations = new Map<string, string>();
  let name: string | undefined;
  for (const [token, namespace, memory, type, rows, columns, activation, title] of text.matchAll(TOKENS)) {
    const at = path.filter((part) => part !== "").join("::");
    if (namespace !== undefined) path.push(namespace);
    else if (memory !== undefined) bytes.set(at, bytesOf(memory, at, place));
    else if (type !== undefined) {
      const data = bytes.get(at);
      if (data && !matrices.has(at))
        matrices.set(at, matrixOf(data, type, [Number(rows), Number(columns)], at, place));
    } else if (activation !== undefined) activations.set(at, activation);
    else if (title !== undefined) name = title;
    else if (token === "{") path.push("");
    else path.pop();
  }
  const matrix = (end: string) => [...matrices].find(([at]) => at === end || at.endsWith(`::${end}`))?.[1];
  const layers: DenseLayer[] = [];
  for (const [at, kind] of activations) {
    const layer = at.slice(at.lastIndexOf("::") + 2);
    const part = (what: string) =>
      matrices.get(`${at}::${what}::parameters_memory`) ?? refuse(place, `${layer} has no ${what}`);
    const { rows: width, columns: inputs, values: weight } = part("weights");
    const { columns, values: bias } = part("biases");
    if (columns !== width) refuse(place, `${layer}: ${columns} biases; expected ${width}`);
    layers.push({ name: layer, inputs, width, weight, bias, activation: activationOf(kind, layer, place) });
  }
  if (layers.length === 0) refuse(place, "has no dense layers; expected an actor.h of learning-to-fly");
  const [observation, action] = [matrix("observation"), matrix("action")];
  return {
    layers,
    name,
    ...(observation && action && { example: { observation: observation.values, action: action.values } }),
  };
}

const refuse = (place: string, problem: string): never => {
  throw new SpikewingError(place, problem);
};

function bytesOf(list: string, at: string, place: string): Uint8Array {
  const numbers = list.split(",").map(Number);
  const wrong = numbers.findIndex((byte) => !(byte <= 255));
  if (wrong >= 0)
    refuse(place, `${at}: byte ${wrong} is ${numbers[wrong]}; expected an integer from 0 to 255`);
  return Uint8Array.from(numbers);
}

function matrixOf(
  bytes: Uint8Array,
  type: string,
  [rows, columns]: readonly [number, number],
  at: string,
  place: string,
): Matrix {
  if (type !== "float") refuse(place, `${at} is of ${type}; expected float`);
  if (bytes.length !== 4 * rows * columns)
    refuse(
      place,
      `${at} has ${bytes.length} bytes; expected ${4 * rows * columns}, (${rows}, ${columns}) floats`,
    );
  const view = new DataView(bytes.buffer);
  const values = Float32Array.from({ length: rows * columns }, (_, i) => view.getFloat32(4 * i, true));
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) refuse(place, `${at}: value ${wrong} is ${values[wrong]}; expected a finite number`);
  return { rows, columns, values };
}
