// An actor: the network that is trained to fly. Spiking (18 -> LIF -> LIF -> 4), or dense on the observation alone or
// with the action history behind it (the guide and the ANN baselines). One struct holds the trained parameters, the slow
// target and the forms that forward and backward passes need.

import {
  mlpActivationBytes,
  mlpForward,
  mlpOutput,
  mlpParameterCount,
  mlpScratchBytes,
  mlpTranspose,
} from "../dense/mlp";
import { INPUTS, masterCount, PolicyImage, policyScratchBytes, policyStateBytes } from "../snn/network";
import { dequantiseAction, policyStepInPlace, quantiseObservation } from "../snn/policy";
import { copyForBackward, quantisePolicy } from "../snn/quantise";

@unmanaged
export abstract class Actor {
  mlp: usize; // Mlp of a dense actor, 0 for a spiking one
  parameters: usize; // f32
  target: usize; // f32, the slow copy
  image: usize; // spiking: the quantised parameters
  targetImage: usize;
  copies: usize; // for backward: weights transposed
  inputGain: usize; // spiking: (18) f32
  inputs: i32; // 18, or 146 with the action history
}

export function actorParameterCount(at: usize): i32 {
  const a = changetype<Actor>(at);
  if (a.mlp) return mlpParameterCount(a.mlp);
  const p = changetype<PolicyImage>(a.image);
  return masterCount(p.hidden1, p.hidden2);
}

/** Brings every derived form up to date after an optimiser step. Returns the number of saturated weights. */
export function actorSync(at: usize): i32 {
  const a = changetype<Actor>(at);
  if (a.mlp) {
    mlpTranspose(a.mlp, a.parameters, a.copies);
    return 0;
  }
  const saturated = quantisePolicy(a.image, a.parameters, a.inputGain);
  copyForBackward(a.image, a.copies);
  return saturated;
}

export function actorSyncTarget(at: usize): void {
  const a = changetype<Actor>(at);
  if (!a.mlp) quantisePolicy(a.targetImage, a.target, a.inputGain);
}

/** Bytes of membranes that one flying drone needs; 0 for a dense actor. */
export function actorStateBytes(at: usize): i32 {
  const a = changetype<Actor>(at);
  if (a.mlp) return 0;
  const p = changetype<PolicyImage>(a.image);
  return policyStateBytes(p.hidden1, p.hidden2);
}

/** Bytes of workspace to act for n drones. */
export function actorActBytes(at: usize, n: u32): u32 {
  const a = changetype<Actor>(at);
  if (a.mlp) return <u32>(mlpActivationBytes(a.mlp, n) + mlpScratchBytes(a.mlp, n));
  const p = changetype<PolicyImage>(a.image);
  return 48 + <u32>policyScratchBytes(p.hidden1, p.hidden2);
}

/**
 * actions (n, 4) f32 of n drones whose observations (n, 146) f32 lie `pitch` bytes apart; states is n policy states,
 * workspace actorActBytes. Returns the
 * spikes of layer 1 in the low and of layer 2 in the high 32 bits, summed over drones with alive[i] != 0 (all if 0).
 */
export function actorAct(
  at: usize,
  observations: usize,
  pitch: usize,
  n: i32,
  alive: usize,
  states: usize,
  actions: usize,
  workspace: usize,
): u64 {
  const a = changetype<Actor>(at);
  if (a.mlp) {
    const scratch = workspace + mlpActivationBytes(a.mlp, n);
    mlpForward(a.mlp, a.parameters, observations, pitch, n, workspace, scratch);
    memory.copy(actions, mlpOutput(a.mlp, workspace, n), (<usize>n) << 4);
    return 0;
  }
  const stateBytes = <usize>actorStateBytes(at);
  const observation = workspace,
    action = workspace + 2 * INPUTS;
  let spikes: u64 = 0;
  for (let i = 0; i < n; i++) {
    if (alive && !load<u8>(alive + i)) continue;
    quantiseObservation(observations + <usize>i * pitch, observation);
    const counts = policyStepInPlace(
      a.image,
      states + <usize>i * stateBytes,
      observation,
      action,
      workspace + 48,
    );
    dequantiseAction(action, actions + ((<usize>i) << 4));
    spikes += <u64>(counts & 0xffff) | ((<u64>(counts >>> 16)) << 32);
  }
  return spikes;
}

/** Fills a header. */
export function actorInit(
  at: usize,
  mlp: usize,
  parameters: usize,
  target: usize,
  image: usize,
  targetImage: usize,
  copies: usize,
  inputGain: usize,
  inputs: i32,
): void {
  const o = changetype<Actor>(at);
  o.mlp = mlp;
  o.parameters = parameters;
  o.target = target;
  o.image = image;
  o.targetImage = targetImage;
  o.copies = copies;
  o.inputGain = inputGain;
  o.inputs = inputs;
}
