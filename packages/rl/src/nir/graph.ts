// A NIR graph (neuromorphs/NIR, nir/serialization.py): nodes by name, and edges between them.

import { cutShort, shown } from "../shown.js";
import { SpikewingError } from "../spikewing-error.js";
import { type Dataset, type Group, isDataset, isTexts } from "./hdf5.js";

export interface Node {
  readonly type: string;
  readonly parameters: Readonly<Record<string, Dataset>>;
}
export type Edge = readonly [source: string, target: string];

export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edges: readonly Edge[];
  /** What the format leaves to its writer; texts and arrays by name. */
  readonly metadata: Readonly<Record<string, Dataset>>;
}

/** The version of NIR whose layout this is. */
const NIR_VERSION = "1.0.0";

/** A text alone. */
export const text = (value: string): Dataset => ({ shape: [], data: [value] });

/** The layout of a file. */
export function encodeGraph({ nodes, edges, metadata }: Graph): Group {
  const entries = [...nodes].map(([name, { type, parameters }]) => [
    name,
    { type: text(type), ...parameters },
  ]);
  return {
    version: text(NIR_VERSION),
    node: {
      type: text("NIRGraph"),
      edges: { shape: [edges.length, 2], data: edges.flat() },
      nodes: Object.fromEntries(entries),
      metadata,
    },
  };
}

/** The graph in a file, graphs within it unfolded. @throws SpikewingError naming `place`. */
export function decodeGraph(file: Group, place: string): Graph {
  const root = file.node;
  if (root === undefined || isDataset(root))
    throw new SpikewingError(place, "has no group /node (not a NIR file)");
  const metadata = root.metadata === undefined || isDataset(root.metadata) ? {} : datasetsOf(root.metadata);
  return { ...readGraph(root, place, ""), metadata };
}

/** The text of a dataset that holds one. */
export function textOf(dataset: Group | Dataset | undefined): string | undefined {
  if (!isDataset(dataset)) return undefined;
  const [first] = dataset.data;
  return typeof first === "string" ? first : undefined;
}

const datasetsOf = (group: Group): Record<string, Dataset> =>
  Object.fromEntries(Object.entries(group).filter((pair): pair is [string, Dataset] => isDataset(pair[1])));

function readGraph(graph: Group, place: string, prefix: string): Omit<Graph, "metadata"> {
  const type = textOf(graph.type);
  if (type !== "NIRGraph")
    throw new SpikewingError(place, `${nodeName(prefix)}: type is ${shown(type)}; expected NIRGraph`);
  const { nodes: given } = graph;
  if (given === undefined || isDataset(given))
    throw new SpikewingError(place, `${nodeName(prefix)} has no nodes`);
  const nodes = new Map<string, Node>();
  const inner: Edge[] = [];
  const graphs = new Map<string, { input: string; output: string }>();
  for (const [name, node] of Object.entries(given)) {
    const full = prefix + name;
    if (isDataset(node)) throw new SpikewingError(place, `node ${full} is no group`);
    const kind = textOf(node.type);
    if (kind === undefined) throw new SpikewingError(place, `node ${full} has no type`);
    if (kind === "NIRGraph") {
      const within = readGraph(node, place, `${full}.`);
      for (const [at, one] of within.nodes) nodes.set(at, one);
      inner.push(...within.edges);
      graphs.set(full, {
        input: onlyOf(within, "Input", place, full),
        output: onlyOf(within, "Output", place, full),
      });
    } else {
      const { type: _, metadata: __, ...parameters } = node;
      nodes.set(full, { type: kind, parameters: datasetsOf(parameters) });
    }
  }
  const own = Object.keys(given);
  const edges = readEdges(graph, place, prefix).map(([source, target]): Edge => {
    for (const name of [source, target])
      if (!own.includes(name.slice(prefix.length)))
        throw new SpikewingError(
          place,
          `${nodeName(prefix)}: an edge names ${name.slice(prefix.length)}, which is not there; expected one of ${cutShort(own.join(", "))}`,
        );
    return [graphs.get(source)?.output ?? source, graphs.get(target)?.input ?? target];
  });
  return unfold({ nodes, edges: [...inner, ...edges] }, [...graphs.values()]);
}

const nodeName = (prefix: string) => (prefix === "" ? "/node" : `node ${prefix.slice(0, -1)}`);

function readEdges(graph: Group, place: string, prefix: string): Edge[] {
  const edges = graph.edges;
  const problem = `${nodeName(prefix)}: edges are no pairs of names`;
  if (!isDataset(edges)) throw new SpikewingError(place, problem);
  const names = edges.data;
  if (!isTexts(names) || names.length % 2 !== 0) throw new SpikewingError(place, problem);
  const pairs = new Map<string, Edge>(); // Norse and snnTorch write some of them twice
  for (let i = 0; i < names.length; i += 2) {
    const pair = [prefix + names[i]!, prefix + names[i + 1]!] as const;
    pairs.set(JSON.stringify(pair), pair);
  }
  return [...pairs.values()];
}

/** The one node of a type. */
export function onlyOf({ nodes }: Pick<Graph, "nodes">, type: string, place: string, graph: string): string {
  const names = [...nodes].filter(([, node]) => node.type === type).map(([name]) => name);
  if (names.length !== 1)
    throw new SpikewingError(place, `${graph}: ${names.length} nodes of type ${type}; expected 1`);
  return names[0]!;
}

/** Takes out the Input and Output nodes of graphs within: their neighbours become each other's. */
function unfold(
  { nodes, edges }: Omit<Graph, "metadata">,
  graphs: readonly { readonly input: string; readonly output: string }[],
): Omit<Graph, "metadata"> {
  const kept = new Map(nodes);
  let joined = edges;
  for (const name of graphs.flatMap(({ input, output }) => [input, output])) {
    kept.delete(name);
    const sources = joined.filter(([, target]) => target === name).map(([source]) => source);
    const targets = joined.filter(([source]) => source === name).map(([, target]) => target);
    joined = [
      ...joined.filter((edge) => !edge.includes(name)),
      ...sources.flatMap((source) => targets.map((target): Edge => [source, target])),
    ];
  }
  return { nodes: kept, edges: joined };
}
