import { type Core, NO_ARRAY, OBSERVATION_WITH_HISTORY_WORDS } from "@spikewing/core";
import {
  ACTION_SIZE,
  DENSE_ACTIVATIONS,
  type DenseActivation,
  type DenseShape,
  OBSERVATION_SIZE,
  OBSERVATION_WITH_HISTORY_SIZE,
} from "./actor.js";
import { type FloatLayer, transpose } from "./float-network.js";
import { loadPolicy } from "./load-policy.js";
import { denseShapeSchema, type Policy } from "./policy-file.js";
import { SpikewingError } from "./spikewing-error.js";
import { DEFAULT_TASK } from "./task.js";

/** A layer of another tool's dense network: a row of weights for each neuron, and what it does with its sums. */
export interface DenseLayer extends FloatLayer {
  /** As errors call it. */
  readonly name: string;
  readonly activation: DenseActivation;
}

/**
 * The policy that a dense network becomes, bit for bit: its weights lie inputs first here. It sees 18 numbers, or 146 with
 * its last 32 actions.
 *
 * @throws SpikewingError naming `place` and the layer where it has a shape that does not fly.
 */
export function policyOfDense(layers: readonly DenseLayer[], place: string): Policy {
  const refuse = ({ name }: DenseLayer, problem: string): never => {
    throw new SpikewingError(place, `${name}: ${problem}`);
  };
  const [first, last] = [layers[0]!, layers.at(-1)!];
  const hidden = layers.slice(0, -1);
  const [{ activation } = last] = hidden;
  const history = first.inputs === OBSERVATION_WITH_HISTORY_SIZE;
  if (!history && first.inputs !== OBSERVATION_SIZE)
    refuse(
      first,
      `has ${first.inputs} inputs; expected ${OBSERVATION_SIZE}, or ${OBSERVATION_WITH_HISTORY_SIZE} with the last 32 actions`,
    );
  if (last.width !== ACTION_SIZE)
    refuse(last, `has ${last.width} outputs; expected ${ACTION_SIZE}, the motors`);
  for (const [l, layer] of layers.entries()) {
    const before = layers[l - 1];
    if (before && layer.inputs !== before.width)
      refuse(layer, `has ${layer.inputs} inputs; expected ${before.width}, as the layer before has outputs`);
    const expected = layer === last ? DENSE_ACTIVATIONS[activation] : activation;
    if (layer.activation !== expected)
      refuse(layer, `activation is ${layer.activation}; expected ${expected}, behind ${activation}`);
  }
  const shape: DenseShape = { kind: "dense", hidden: hidden.map(({ width }) => width), activation, history };
  const [issue] = denseShapeSchema.safeParse(shape).error?.issues ?? [];
  if (issue) throw new SpikewingError(place, `hidden layers of (${shape.hidden}): ${issue.message}`);
  const parameters = layers.flatMap(({ weight, inputs, width, bias }) => [
    ...transpose(weight, width, inputs),
    ...bias,
  ]);
  const weights = new Uint8Array(Float32Array.from(parameters).buffer);
  return { shape, weights, record: { task: DEFAULT_TASK } };
}

/** What a policy commands for one observation, as long as it sees them, from rest. */
export function actOnce(core: Core, policy: Policy, observation: Float32Array): Float32Array {
  const actor = loadPolicy(core, policy);
  const seen = core.allocate("F32s", OBSERVATION_WITH_HISTORY_WORDS);
  core.f32(seen, observation.length).set(observation);
  const states = core.allocate("Scratch", core.kernels.actorStateBytes(actor.at));
  const actions = core.allocate("F32s", ACTION_SIZE);
  const workspace = core.allocate("Scratch", core.kernels.actorActBytes(actor.at, 1));
  const pitch = 4 * OBSERVATION_WITH_HISTORY_WORDS;
  core.kernels.actorAct(actor.at, seen, pitch, 1, NO_ARRAY, states, actions, workspace);
  return core.f32(actions, ACTION_SIZE).slice();
}
