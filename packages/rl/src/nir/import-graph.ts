import { ADAPT, type NetworkSizes, POLICY_SIZES } from "../exchange/adapter.js";
import type { FloatLayer, FloatNetwork, FloatNeurons } from "../float-network.js";
import { parseField } from "../json-field.js";
import { spikingShapeSchema } from "../policy-file.js";
import { SpikewingError } from "../spikewing-error.js";
import { type Graph, onlyOf, textOf } from "./graph.js";
import { Parameters } from "./parameters.js";
import { PROFILES, type ProfileName } from "./profiles.js";

/** What files of ours say in their metadata. */
export const GRAPH_FORMAT = "spikewing-nir-1";

const AFFINE = ["Affine", "Linear"];
const NEURONS = ["LIF", "CubaLIF", "IF"];

/** What a file says of itself, where it is one of ours. */
export function originOf({ metadata }: Graph, place: string) {
  if (textOf(metadata.format) !== GRAPH_FORMAT) return undefined;
  const profile = textOf(metadata.profile);
  if (profile === undefined || !Object.hasOwn(PROFILES, profile))
    throw new SpikewingError(
      place,
      `metadata: profile is ${profile}; expected one of ${Object.keys(PROFILES)}`,
    );
  const shape = parseField(place, "metadata: shape", textOf(metadata.shape), spikingShapeSchema);
  return { profile: profile as ProfileName, shape, task: textOf(metadata.task) };
}

/** Follows a graph from Input to Output. */
class Walk {
  readonly #graph: Graph;
  readonly #place: string;

  constructor(graph: Graph, place: string) {
    this.#graph = graph;
    this.#place = place;
  }

  refuse(name: string, problem: string, remedy?: string): never {
    throw new SpikewingError(this.#place, `node ${name}: ${problem}`, remedy);
  }

  type(name: string): string {
    return this.#graph.nodes.get(name)!.type;
  }

  parameters(name: string): Parameters {
    return new Parameters(this.#graph.nodes.get(name)!.parameters, name, this.#place);
  }

  #next(name: string): string[] {
    return this.#graph.edges.filter(([source]) => source === name).map(([, target]) => target);
  }

  #sources(name: string): string[] {
    return this.#graph.edges.filter(([, target]) => target === name).map(([source]) => source);
  }

  /** The node through which a neuron hears itself, if it does. */
  ownWeights(name: string): string | undefined {
    return this.#next(name).find((next) => {
      const back = this.#next(next);
      return AFFINE.includes(this.type(next)) && back.length === 1 && back[0] === name;
    });
  }

  /** The one node behind this, which hears nothing else. */
  behind(name: string): string {
    const own = this.ownWeights(name);
    const next = this.#next(name).filter((one) => one !== own);
    if (next.length !== 1)
      this.refuse(name, `has ${next.length} nodes behind it (${next}); expected 1, as in a chain of layers`);
    const sources = this.#sources(next[0]!).filter((one) => one !== this.ownWeights(next[0]!));
    if (sources.length !== 1)
      this.refuse(
        next[0]!,
        `hears ${sources.length} nodes (${sources}); expected 1, as in a chain of layers`,
      );
    return next[0]!;
  }
}

/**
 * The network that a graph is under Euler's rule with steps of dt: v' = v + dt/tau ((v_leak - v) + r I).
 *
 * @throws SpikewingError naming `place`, the node and the reason where it is none that flies.
 */
export function networkOfGraph(
  graph: Graph,
  profile: ProfileName,
  place: string,
  { inputs, outputs }: NetworkSizes = POLICY_SIZES,
): FloatNetwork {
  const walk: Walk = new Walk(graph, place);
  const hidden: FloatNeurons[] = [];
  const input = onlyOf(graph, "Input", place, "/node");
  onlyOf(graph, "Output", place, "/node");
  walk.parameters(input).requireShape([inputs], ADAPT);
  const { dtS } = PROFILES[profile];
  let affine: FloatLayer | undefined;
  let leak: Float32Array | undefined;
  let width = inputs;
  for (let name = walk.behind(input), seen = 0; ; name = walk.behind(name)) {
    const type = walk.type(name);
    if (++seen > graph.nodes.size)
      walk.refuse(name, "is its own input; expected a chain from Input to Output");
    if (type === "Output") {
      walk.parameters(name).requireShape([outputs ?? width], ADAPT);
      if (!affine)
        walk.refuse(name, "hears neurons; expected Affine or Linear before it, whose tanh is the action");
      return { hidden, readOut: { ...affine, ...(leak && { leak }) } };
    }
    if (leak) walk.refuse(name, `is behind a read-out that leaks; expected Output there`);
    if (type === "Flatten") continue;
    if (AFFINE.includes(type)) {
      if (affine) walk.refuse(name, `${type} follows Affine or Linear; expected neurons between them`);
      affine = readAffine(walk.parameters(name), width);
      width = affine.width;
    } else if (NEURONS.includes(type) || type === "LI") {
      if (!affine) walk.refuse(name, `${type} hears no weights; expected Affine or Linear before it`);
      const cell = readCell(walk, name, type, width, dtS, profile);
      const heard = scaleRows(affine, cell);
      if (type === "LI") {
        affine = heard;
        leak = cell.leak;
      } else {
        hidden.push({ ...heard, ...readNeurons(walk, name, heard, cell) });
        affine = undefined;
      }
    } else {
      walk.refuse(
        name,
        `type is ${type}; expected one of ${[...AFFINE, ...NEURONS, "LI", "Flatten"].join(", ")}`,
      );
    }
  }
}

function readAffine(parameters: Parameters, inputs: number): FloatLayer {
  const { rows: width, values } = parameters.matrix("weight", inputs);
  const bias = parameters.has("bias") ? parameters.row("bias", width) : new Float64Array(width);
  return { inputs, width, weight: Float32Array.from(values), bias: Float32Array.from(bias) };
}

/** How a cell takes in its input and forgets. */
interface Cell {
  readonly leak: Float32Array;
  /** On weights and bias. */
  readonly gain: Float64Array;
  /** Towards which it leaks, a step. */
  readonly drift: Float64Array;
}

function readCell(
  walk: Walk,
  name: string,
  type: string,
  width: number,
  dtS: number,
  profile: ProfileName,
): Cell {
  const parameters = walk.parameters(name);
  const row = (key: string) => parameters.row(key, width);
  const r = row("r");
  if (type === "IF")
    return {
      leak: new Float32Array(width).fill(1),
      gain: r.map((value) => value * dtS),
      drift: new Float64Array(width),
    };
  const isCuba = type === "CubaLIF";
  const tau = row(isCuba ? "tau_mem" : "tau");
  const vLeak = row("v_leak");
  requireTimes(walk, name, isCuba ? "tau_mem" : "tau", tau, dtS, profile);
  const wIn = isCuba ? synapses(walk, name, row("tau_syn"), row("w_in"), dtS) : r.map(() => 1);
  return {
    leak: Float32Array.from(tau, (time) => Math.max(0, 1 - dtS / time)),
    gain: r.map((value, j) => (value * wIn[j]! * dtS) / tau[j]!),
    drift: vLeak.map((value, j) => (value * dtS) / tau[j]!),
  };
}

/** Rounding to f32 may put a tau of dt a little below it. */
const SHORTEST = 1 - 1e-6;

function requireTimes(
  walk: Walk,
  name: string,
  key: string,
  tau: Float64Array,
  dtS: number,
  profile: ProfileName,
): void {
  const j = tau.findIndex((time) => !(time >= dtS * SHORTEST));
  if (j < 0) return;
  const others = Object.entries(PROFILES).filter(([, other]) =>
    tau.every((time) => time >= other.dtS * SHORTEST),
  );
  walk.refuse(
    name,
    `${key} of neuron ${j} is ${tau[j]} s; expected at least the step, ${dtS} s in profile ${profile}`,
    others.length > 0
      ? `--profile ${others.map(([other]) => other).join(" or ")} has a shorter one`
      : undefined,
  );
}

/** A current that outlives its step has no place in the policy; one that does not is a factor. */
function synapses(walk: Walk, name: string, tau: Float64Array, wIn: Float64Array, dtS: number): Float64Array {
  const j = tau.findIndex((time) => !(Math.abs(time / dtS - 1) < 1e-6));
  if (j >= 0)
    walk.refuse(
      name,
      `tau_syn of neuron ${j} is ${tau[j]} s; expected the step, ${dtS} s: no neuron here has a current that lasts`,
    );
  return wIn;
}

function scaleRows({ inputs, width, weight, bias }: FloatLayer, { gain, drift }: Cell): FloatLayer {
  return {
    inputs,
    width,
    weight: weight.map((value, i) => value * gain[Math.floor(i / inputs)]!),
    bias: bias.map((value, j) => value * gain[j]! + drift[j]!),
  };
}

function readNeurons(walk: Walk, name: string, { bias, width }: FloatLayer, cell: Cell) {
  const parameters = walk.parameters(name);
  const through = walk.ownWeights(name);
  const own = through === undefined ? undefined : readAffine(walk.parameters(through), width);
  if (own && own.width !== width) walk.refuse(through!, `has ${own.width} rows; expected ${width}`);
  const scaled = own && scaleRows(own, { ...cell, drift: new Float64Array(width) });
  return {
    leak: cell.leak,
    threshold: Float32Array.from(parameters.row("v_threshold", width)),
    reset: Float32Array.from(
      parameters.has("v_reset") ? parameters.row("v_reset", width) : new Float64Array(width),
    ),
    ...(scaled && { own: scaled.weight, bias: bias.map((value, j) => value + scaled.bias[j]!) }),
  };
}
