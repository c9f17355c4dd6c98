import type { Core } from "@spikewing/core";
import { EVALUATION_SEEDS } from "./evaluate.js";
import { EXAMPLE_STEPS, recordExample } from "./flight.js";
import { layersOf, type SpikingShape } from "./layers.js";
import { loadPolicy, policyWeights } from "./load-policy.js";
import { type Policy, requireSpiking } from "./policy-file.js";
import { SpikewingError } from "./spikewing-error.js";
import type { Task } from "./task.js";

/** Every layer's weights that hear spikes become i8. */
function narrowShape(shape: SpikingShape): SpikingShape {
  const hidden = shape.hidden.map((layer) => {
    if (typeof layer === "number") return layer;
    const { weights, ...rest } = layer;
    return rest;
  });
  return { ...shape, hidden, weightFormat: "i8" };
}

/**
 * The policy with the weights that hear spikes as i8, one scale per neuron, and a new example flight.
 *
 * @throws SpikewingError naming `place` where the policy does not spike or is narrow already.
 */
export function narrowPolicy(core: Core, policy: Policy, task: Task, place: string): Policy {
  const shape = requireSpiking(policy, place);
  const formats = layersOf(shape).map(({ weights }) => weights);
  const narrow = formats.find((weights) => weights !== "i16");
  if (narrow !== undefined) throw new SpikewingError(place, `its weights are ${narrow} already`);
  return inFormats(core, policy, narrowShape(shape), task);
}

/**
 * The policy with the weights into the motors in 4 bits, one scale per motor, and a new example flight.
 *
 * @throws SpikewingError naming `place` where the policy does not spike or has such weights already.
 */
export function narrowReadOut(core: Core, policy: Policy, task: Task, place: string): Policy {
  const shape = requireSpiking(policy, place);
  if (shape.readOutWeights === "i4") throw new SpikewingError(place, "its read-out is i4 already");
  return inFormats(core, policy, { ...shape, readOutWeights: "i4" }, task);
}

/** The record is that of the policy without the scores, which what is made of it has yet to earn. */
function inFormats(core: Core, policy: Policy, shape: SpikingShape, task: Task): Policy {
  const wide = loadPolicy(core, policy);
  const { validationReturn, evaluation, ...origin } = policy.record;
  const empty = { shape, weights: new Uint8Array(0), record: origin };
  const actor = loadPolicy(core, empty);
  core.kernels.narrowPolicy(wide.image, actor.image);
  const example = recordExample(core, task, actor, EXAMPLE_STEPS, EVALUATION_SEEDS.validation);
  return { ...empty, weights: policyWeights(core, actor), example };
}
