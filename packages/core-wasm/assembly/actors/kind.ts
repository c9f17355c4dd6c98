// The kinds of actors, a file each, give the same functions; here is the one switch.

import { F32s, Scratch, U8s } from "../addresses";
import { laidTo, lay, layFrom } from "../cursor";
import { mlpParameterCount } from "../dense/mlp";
import { biasToAction, initialiseMlp, initialiseSpiking } from "../initialise";
import { INPUT_GRADIENT_PITCH } from "../network/backward";
import { layerOf, masterNeurons } from "../network/image";
import { Batch } from "../objective/batch";
import { ACTION_WORDS } from "../task/observation";
import { Actor, ActorKind } from "./actor";
import {
  DenseWindow,
  denseAct,
  denseActBytes,
  denseBackward,
  denseForward,
  denseScratchBytes,
  denseSync,
  denseWindowBackward,
  denseWindowForward,
  denseWindowLayout,
} from "./dense";
import { gruAct, gruActBytes, gruInitialise, gruParameterCount, gruSync } from "./gru";
import {
  gruBackward,
  gruForward,
  gruScratchBytes,
  gruTapeBytes,
  gruTapesInit,
  gruTargetActions,
} from "./gru-sequences";
import {
  GruWindow,
  gruWindowBackward,
  gruWindowBegin,
  gruWindowEnd,
  gruWindowForward,
  gruWindowGradient,
  gruWindowLayout,
} from "./gru-window";
import { passesAct, passesActBytes, passesBackward, passesForward, passesScratchBytes } from "./passes";
import {
  SpikingWindow,
  spikingAct,
  spikingActBytes,
  spikingBackward,
  spikingForward,
  spikingMask,
  spikingScratchBytes,
  spikingSync,
  spikingSyncTarget,
  spikingTapeBytes,
  spikingTapesInit,
  spikingTargetActions,
  spikingWindowBackward,
  spikingWindowBegin,
  spikingWindowEnd,
  spikingWindowForward,
  spikingWindowGradient,
  spikingWindowLayout,
} from "./spiking";

/** Whether integers fly it: the image of a spiking network. */
// @ts-ignore: decorator
@inline
function hasImage(a: Actor): bool {
  return a.kind == ActorKind.SPIKING || a.kind == ActorKind.SPIKING_PASSES;
}

export function actorParameterCount(a: Actor): i32 {
  if (a.kind == ActorKind.DENSE) return mlpParameterCount(a.mlp);
  if (a.kind == ActorKind.GRU) return gruParameterCount(a);
  return a.image.masterWords;
}

/** Lays the arrays out from base on; returns where they end. */
export function actorLayout(a: Actor, base: usize): usize {
  const n = actorParameterCount(a);
  layFrom(base);
  a.parameters = lay<f32>(n);
  a.target = lay<f32>(n);
  a.copies = lay<f32>(hasImage(a) ? a.image.copyWords : n);
  return laidTo();
}

/** Draws initial parameters. item tells networks of one seed apart; scratch is DRAW_BYTES of rng.ts. */
export function actorInitialise(a: Actor, seed: u32, item: u32, scratch: Scratch): void {
  if (a.kind == ActorKind.DENSE) initialiseMlp(a.mlp, a.parameters, seed, item, scratch);
  else if (a.kind == ActorKind.GRU) gruInitialise(a, seed, item, scratch);
  else initialiseSpiking(a.parameters, a.image, a.slowShare, a.slowLeak, seed, item, scratch);
}

/** Lets the read-out say `action` where nothing else does; the biases of the others come last, a spiking one has its own. */
export function actorStartAt(a: Actor, action: f32): void {
  const bias = hasImage(a)
    ? masterNeurons(layerOf(a.image, a.image.layers - 1))
    : actorParameterCount(a) - ACTION_WORDS;
  biasToAction(a.parameters + ((<usize>bias) << 2), ACTION_WORDS, action);
}

/** Brings every derived form up to date after an optimiser step. Returns the number of saturated weights. */
export function actorSync(a: Actor): i32 {
  if (hasImage(a)) return spikingSync(a);
  if (a.kind == ActorKind.DENSE) denseSync(a);
  else gruSync(a);
  return 0;
}

export function actorSyncTarget(a: Actor): void {
  if (hasImage(a)) spikingSyncTarget(a);
}

/** Zeroes of a gradient what would push parameters further beyond their range. */
export function actorMaskGradient(a: Actor, gradient: F32s): void {
  if (hasImage(a)) spikingMask(a, gradient);
}

/** Bytes of memory that one flying drone needs: membranes or hidden state; 0 where nothing outlasts a decision. */
export function actorStateBytes(a: Actor): i32 {
  if (a.kind == ActorKind.SPIKING) return a.image.stateBytes;
  return 4 * a.units;
}

/** A workspace begins with the spikes of each layer, u32, of the last call of actorAct; 0 for what does not spike. */
// @ts-ignore: decorator
@shared
export const SPIKE_COUNTS: i32 = 8;
const SPIKE_BYTES: usize = SPIKE_COUNTS << 2;

/** Bytes of workspace to act for n drones. */
export function actorActBytes(a: Actor, n: u32): u32 {
  if (a.kind == ActorKind.DENSE) return <u32>SPIKE_BYTES + denseActBytes(a, n);
  if (a.kind == ActorKind.GRU) return <u32>SPIKE_BYTES + gruActBytes(a, n);
  if (a.kind == ActorKind.SPIKING_PASSES) return <u32>SPIKE_BYTES + passesActBytes(a);
  return <u32>SPIKE_BYTES + spikingActBytes(a);
}

/**
 * actions (n, 4) f32 of n drones whose observations (n, 146) f32 lie `pitch` bytes apart; states (n) of actorStateBytes,
 * workspace actorActBytes. Spikes are summed over drones with alive[i] != 0 (all if 0).
 */
export function actorAct(
  a: Actor,
  observations: F32s,
  pitch: usize,
  n: i32,
  alive: U8s,
  states: Scratch,
  actions: F32s,
  workspace: Scratch,
): void {
  const work = workspace + SPIKE_BYTES;
  memory.fill(workspace, 0, SPIKE_BYTES);
  if (a.kind == ActorKind.DENSE) denseAct(a, observations, pitch, n, actions, work);
  else if (a.kind == ActorKind.GRU) gruAct(a, observations, pitch, n, states, actions, work);
  else if (a.kind == ActorKind.SPIKING_PASSES)
    passesAct(a, observations, pitch, n, alive, actions, workspace, work);
  else spikingAct(a, observations, pitch, n, alive, states, actions, workspace, work);
}

// --- a batch of sequences

/** Bytes that a shard keeps between forward and backward. They may be more than u32 holds. */
export function actorTapeBytes(a: Actor, capacity: u32, steps: u32): f64 {
  if (a.kind == ActorKind.SPIKING) return spikingTapeBytes(a, capacity, steps);
  return a.kind == ActorKind.GRU ? gruTapeBytes(a, capacity, steps) : 0.0;
}

export function tapesInit(tapes: Scratch, a: Actor, capacity: u32, steps: u32): void {
  if (a.kind == ActorKind.SPIKING) spikingTapesInit(a, tapes, capacity, steps);
  else if (a.kind == ActorKind.GRU) gruTapesInit(a, tapes, capacity, steps);
}

/** Bytes of scratch of a pass below over `steps` steps of `capacity` sequences. */
export function actorScratchBytes(a: Actor, steps: u32, capacity: u32): i32 {
  if (a.kind == ActorKind.DENSE) return denseScratchBytes(a);
  if (a.kind == ActorKind.GRU) return gruScratchBytes(a, capacity);
  if (a.kind == ActorKind.SPIKING_PASSES) return passesScratchBytes(a);
  return spikingScratchBytes(a, steps);
}

/** targetAction of every flat row: what the slow actor says of the next state. */
export function actorNextActions(a: Actor, b: Batch, scratch: Scratch): void {
  if (a.kind == ActorKind.DENSE) denseForward(a, b, a.target, 1, b.targetAction, scratch);
  else if (a.kind == ActorKind.GRU) gruTargetActions(a, b, scratch);
  else if (a.kind == ActorKind.SPIKING_PASSES) passesForward(a, b, a.targetImage, 1, b.targetAction, scratch);
  else spikingTargetActions(a, b, scratch);
}

/** policyAction of every flat row, recorded for actorBackward. */
export function actorForward(a: Actor, b: Batch, tapes: Scratch, scratch: Scratch): void {
  if (a.kind == ActorKind.DENSE) denseForward(a, b, a.parameters, 0, b.policyAction, scratch);
  else if (a.kind == ActorKind.GRU) gruForward(a, b, tapes, scratch);
  else if (a.kind == ActorKind.SPIKING_PASSES) passesForward(a, b, a.image, 0, b.policyAction, scratch);
  else spikingForward(a, b, tapes);
}

/** Adds dL/dparameters to gradient, from dAction and the record of actorForward. */
export function actorBackward(
  a: Actor,
  b: Batch,
  tapes: Scratch,
  slope: f32,
  gradient: F32s,
  scratch: Scratch,
): void {
  if (a.kind == ActorKind.DENSE) denseBackward(a, b, gradient, scratch);
  else if (a.kind == ActorKind.GRU) gruBackward(a, b, tapes, gradient, scratch);
  else if (a.kind == ActorKind.SPIKING_PASSES) passesBackward(a, b, slope, gradient, scratch);
  else spikingBackward(a, b, tapes, slope, gradient, scratch);
}

// --- a window of flight, step by step

/** Header bytes of any kind. */
export const ACTOR_WINDOW_HEADER_BYTES: usize = offsetof<GruWindow>();

/** Lays out the record behind its header at `at`; see cursor.ts. */
export function actorWindowLayout(at: usize, a: Actor, drones: i32, steps: i32): void {
  if (a.kind == ActorKind.DENSE) denseWindowLayout(changetype<DenseWindow>(at), a, drones, steps);
  else if (a.kind == ActorKind.GRU) gruWindowLayout(changetype<GruWindow>(at), a, drones, steps);
  else spikingWindowLayout(changetype<SpikingWindow>(at), a, drones, steps);
}

/** The record begins anew, from the drones' states. */
export function actorWindowBegin(at: usize, a: Actor, states: Scratch): void {
  if (a.kind == ActorKind.SPIKING) spikingWindowBegin(changetype<SpikingWindow>(at), a, states);
  else if (a.kind == ActorKind.GRU) gruWindowBegin(changetype<GruWindow>(at), a, states);
}

/** Copies the drones' states after `steps` steps into states. */
export function actorWindowEnd(at: usize, a: Actor, steps: i32, states: Scratch): void {
  if (a.kind == ActorKind.SPIKING) spikingWindowEnd(changetype<SpikingWindow>(at), a, steps, states);
  else if (a.kind == ActorKind.GRU) gruWindowEnd(changetype<GruWindow>(at), a, steps, states);
}

/** Step t: actions (drones, 4) f32 of observations (drones, inputs) f32, rows `pitch` bytes apart. */
export function actorWindowForward(
  at: usize,
  a: Actor,
  t: i32,
  observations: F32s,
  pitch: usize,
  actions: F32s,
): void {
  if (a.kind == ActorKind.DENSE)
    denseWindowForward(changetype<DenseWindow>(at), a, t, observations, pitch, actions);
  else if (a.kind == ActorKind.GRU)
    gruWindowForward(changetype<GruWindow>(at), a, t, observations, pitch, actions);
  else spikingWindowForward(changetype<SpikingWindow>(at), a, t, observations, pitch, actions);
}

/** Bytes from row to row of dL/dobservation; its first 18 words are those of the observation. */
export function inputGradientPitch(a: Actor): usize {
  return a.kind == ActorKind.SPIKING ? INPUT_GRADIENT_PITCH : (<usize>a.inputs) << 2;
}

/** Step t backwards, t falling from `last`: dObservations from dActions (drones, 4); adds to gradient. */
export function actorWindowBackward(
  at: usize,
  a: Actor,
  t: i32,
  last: i32,
  slope: f32,
  dActions: F32s,
  dObservations: F32s,
  gradient: F32s,
): void {
  if (a.kind == ActorKind.DENSE) {
    const pitch = inputGradientPitch(a);
    denseWindowBackward(changetype<DenseWindow>(at), a, t, dActions, dObservations, pitch, gradient);
  } else if (a.kind == ActorKind.GRU) {
    gruWindowBackward(changetype<GruWindow>(at), a, t, last, dActions, dObservations, gradient);
  } else {
    const w = changetype<SpikingWindow>(at);
    spikingWindowBackward(w, a, t, last, slope, dActions, dObservations, gradient);
  }
}

/** After the last step backwards: adds what is left of the gradient over `steps` steps. */
export function actorWindowGradient(at: usize, a: Actor, steps: i32, gradient: F32s): void {
  if (a.kind == ActorKind.SPIKING) spikingWindowGradient(changetype<SpikingWindow>(at), a, steps, gradient);
  else if (a.kind == ActorKind.GRU) gruWindowGradient(changetype<GruWindow>(at), a, steps, gradient);
}

/** Spikes of the window so far; 0 for what does not spike. */
export function actorWindowSpikes(at: usize, a: Actor): i64 {
  return a.kind == ActorKind.SPIKING ? changetype<SpikingWindow>(at).tape.spikes : 0;
}
