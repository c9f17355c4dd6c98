import type { Core } from "@spikewing/core";
import { EVALUATION_SEEDS } from "./evaluate.js";
import { EXAMPLE_STEPS, recordExample } from "./flight.js";
import { layersOf, type SpikingShape } from "./layers.js";
import { loadPolicy, policyWeights } from "./load-policy.js";
import type { Policy } from "./policy-file.js";
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
 * The policy with the weights that hear spikes as i8, one scale per neuron, and a new example flight. Its
 * record is that of the policy without the scores, which it has yet to earn.
 *
 * @throws SpikewingError naming `place` where the policy does not spike or is narrow already.
 */
export function narrowPolicy(core: Core, policy: Policy, task: Task, place: string): Policy {
  if (policy.shape.kind !== "spiking")
    throw new SpikewingError(place, `kind is ${policy.shape.kind}; expected spiking`);
  if (layersOf(policy.shape).some(({ narrow }) => narrow))
    throw new SpikewingError(place, "its weights are i8 already");
  const shape = narrowShape(policy.shape);
  const wide = loadPolicy(core, policy);
  const { validationReturn, evaluation, ...origin } = policy.record;
  const empty = { shape, weights: new Uint8Array(0), record: origin };
  const actor = loadPolicy(core, empty);
  core.kernels.narrowPolicy(wide.image, actor.image);
  const example = recordExample(core, task, actor, EXAMPLE_STEPS, EVALUATION_SEEDS.validation);
  return { ...empty, weights: policyWeights(core, actor), example };
}
