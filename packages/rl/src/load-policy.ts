import { type Core, imageTensors } from "@spikewing/core";
import { type Actor, copyToTarget, createActor, isSpiking } from "./actor.js";
import type { Policy } from "./policy-file.js";

/** An actor that flies a policy. A spiking one has no trained f32 parameters: it flies, and cannot be trained on. */
export function loadPolicy(core: Core, policy: Policy): Actor {
  const actor = createActor(core, policy.shape);
  if (isSpiking(policy.shape)) {
    imageTensors(core, actor.image).set(policy.weights);
  } else {
    core.bytes(actor.parameters, policy.weights.length).set(policy.weights);
    copyToTarget(core, actor);
  }
  return actor;
}

/** The weights of an actor as a policy file holds them. */
export function policyWeights(core: Core, actor: Actor): Uint8Array {
  return isSpiking(actor.shape)
    ? imageTensors(core, actor.image).slice()
    : core.bytes(actor.parameters, 4 * actor.parameterCount).slice();
}

/** The whole image, header included, as kernels and firmware take it. */
export function policyImage(core: Core, actor: Actor): Uint8Array {
  return core.bytes(actor.image, actor.imageBytes).slice();
}
