import type { Core } from "@spikewing/core";
import { EVALUATION_SEEDS } from "./evaluate.js";
import { EXAMPLE_STEPS, recordExample } from "./flight.js";
import { loadPolicy, policyWeights } from "./load-policy.js";
import type { Policy } from "./policy-file.js";
import { SpikewingError } from "./spikewing-error.js";
import type { Task } from "./task.js";

/**
 * The policy with the weights of layer 2 and of the read-out as i8, one scale per neuron, and a new example flight. Its
 * record is that of the policy without the scores, which it has yet to earn.
 *
 * @throws SpikewingError naming `place` where the policy is dense or narrow already.
 */
export function narrowPolicy(core: Core, policy: Policy, task: Task, place: string): Policy {
  if (policy.shape.kind !== "spiking")
    throw new SpikewingError(place, "the policy is dense; expected a spiking one");
  if (policy.shape.weightFormat === "i8") throw new SpikewingError(place, "its weights are i8 already");
  const shape = { ...policy.shape, weightFormat: "i8" } as const;
  const wide = loadPolicy(core, policy);
  const { validationReturn, evaluation, ...origin } = policy.record;
  const empty = { shape, weights: new Uint8Array(0), record: origin };
  const actor = loadPolicy(core, empty);
  core.kernels.narrowPolicy(wide.image, actor.image);
  const example = recordExample(core, task, actor, EXAMPLE_STEPS, EVALUATION_SEEDS.validation);
  return { ...empty, weights: policyWeights(core, actor), example };
}
