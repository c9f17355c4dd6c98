import { ACTION_WORDS, OBSERVATION_WORDS } from "@spikewing/core";
import { type FloatLayer, type FloatNetwork, layersOf, type Policy, type SpikingShape } from "@spikewing/rl";
import {
  type Dataset,
  type Edge,
  GRAPH_FORMAT,
  type Graph,
  type Node,
  type NumberArray,
  PROFILES,
  type ProfileName,
  text,
  UNITS,
} from "@spikewing/rl/exchange";
import { neuronRows, timesOf } from "./neuron-rows.js";

/** The neurons of hidden layer l; what hears itself is called as snnTorch calls it. */
const nodeName = (l: number, recurrent: boolean): string => (recurrent ? `lif${l + 1}.lif` : `lif${l + 1}`);

/** The node in which the graph of a shape has the neurons of hidden layer l. */
export const neuronNode = (shape: SpikingShape, l: number): string =>
  nodeName(l, layersOf(shape)[l]!.recurrent);

/** A graph, and how many neurons have a threshold that its tool cannot hold. */
export interface ExportedGraph extends Omit<Graph, "metadata"> {
  readonly raised: number;
}

/**
 * The graph of a policy's network. `plain` keeps every number; the others are scaled so that the tool of their name,
 * reading the file its way, has the leaks, inputs and thresholds of the policy.
 */
export function graphOfNetwork({ hidden, readOut }: FloatNetwork, profile: ProfileName): ExportedGraph {
  const nodes = new Map<string, Node>();
  const edges: Edge[] = [];
  let raised = 0;
  let before = "input";
  const add = (name: string, type: string, parameters: Node["parameters"]) => {
    nodes.set(name, { type, parameters });
    edges.push([before, name]);
    before = name;
  };
  const shape = (size: number): Dataset => ({ shape: [1], data: BigInt64Array.of(BigInt(size)) });
  nodes.set("input", { type: "Input", parameters: { shape: shape(hidden[0]!.inputs) } });
  for (const [l, layer] of hidden.entries()) {
    const n = l + 1;
    const { rows, scale, shift, raised: ofLayer } = neuronRows(layer, profile);
    raised += ofLayer;
    const { width, own } = layer;
    const name = nodeName(l, own !== undefined);
    add(`fc${n}`, "Affine", affine(layer, scale, shift));
    add(name, "LIF", rowDatasets(rows, profile));
    if (!own) continue;
    const heard = { inputs: width, width, weight: own, bias: new Float32Array(width) };
    nodes.set(`lif${n}.w_rec`, { type: "Affine", parameters: affine(heard, scale) });
    edges.push([name, `lif${n}.w_rec`], [`lif${n}.w_rec`, name]);
  }
  const { leak, width } = readOut;
  const { scale, nought, ...times } = timesOf(leak ?? new Float32Array(width), profile);
  add(`fc${hidden.length + 1}`, "Affine", affine(readOut, leak && scale));
  if (leak) add("li", "LI", rowDatasets({ ...times, v_leak: nought }, profile));
  add("output", "Output", { shape: shape(width) });
  return { nodes, edges, raised };
}

function affine(layer: FloatLayer, scale?: Float64Array, shift?: Float64Array): Node["parameters"] {
  const { inputs, width, weight, bias } = layer;
  const scaled = (value: number, j: number) => value * (scale?.[j] ?? 1);
  return {
    weight: { shape: [width, inputs], data: weight.map((value, i) => scaled(value, Math.floor(i / inputs))) },
    bias: { shape: [width], data: bias.map((value, j) => scaled(value + (shift?.[j] ?? 0), j)) },
  };
}

/** The tools compute in f32; plain keeps what the way back needs to come out at the same integers. */
function rowDatasets(rows: Readonly<Record<string, Float64Array>>, profile: ProfileName): Node["parameters"] {
  const entries = Object.entries(rows).map(([name, values]) => {
    const data: NumberArray = profile === "plain" ? values : Float32Array.from(values);
    return [name, { shape: [values.length], data }] as const;
  });
  return Object.fromEntries(entries);
}

/** What a reader needs to know and NIR has no field for, and a flight that it can check itself by. */
export function metadataOf(
  policy: Policy,
  profile: ProfileName,
  losses: readonly string[],
): Graph["metadata"] {
  const { example, shape, record } = policy;
  const steps = (example?.actions.length ?? 0) / 4;
  return {
    format: text(GRAPH_FORMAT),
    profile: text(profile),
    reads: text(PROFILES[profile].reads),
    dt: { shape: [1], data: Float64Array.of(PROFILES[profile].dtS) },
    input: text(UNITS.input),
    output: text(UNITS.output),
    losses: { shape: [losses.length], data: losses },
    shape: text(JSON.stringify(shape)),
    ...(record.task === undefined ? {} : { task: text(JSON.stringify(record.task)) }),
    ...(example && {
      example_observations: {
        shape: [steps, OBSERVATION_WORDS],
        data: Int32Array.from(example.observations),
      },
      example_actions: { shape: [steps, ACTION_WORDS], data: Int32Array.from(example.actions) },
      example_units: text(UNITS.example),
    }),
  };
}
