// The record of an actor over a window of flight, whatever its kind.

import { Actor } from "../actor/actor";
import { PolicyImage } from "../snn/network";
import { OBSERVATION_WORDS } from "../task/observation";
import { DenseWindow, denseWindowBackward, denseWindowForward, denseWindowLayout } from "./dense-window";
import {
  INPUT_GRADIENT_PITCH,
  SpikingWindow,
  spikingWindowBackward,
  spikingWindowBegin,
  spikingWindowEnd,
  spikingWindowForward,
  spikingWindowGradient,
  spikingWindowLayout,
} from "./spiking-window";

// @ts-ignore: decorator
@inline
function imageOf(a: Actor): PolicyImage {
  return changetype<PolicyImage>(a.image);
}

/** Header bytes of either kind. */
export const ACTOR_WINDOW_HEADER_BYTES: usize = offsetof<SpikingWindow>();

/** Lays out the record behind its header at `at`; see cursor.ts. */
export function actorWindowLayout(at: usize, a: Actor, drones: i32, steps: i32): void {
  if (a.mlp) denseWindowLayout(changetype<DenseWindow>(at), a, drones, steps);
  else spikingWindowLayout(changetype<SpikingWindow>(at), imageOf(a), drones, steps);
}

/** The record begins anew, from the drones' states. */
export function actorWindowBegin(at: usize, a: Actor, states: usize): void {
  if (!a.mlp) spikingWindowBegin(changetype<SpikingWindow>(at), imageOf(a), states);
}

/** Copies the drones' states after `steps` steps into states. */
export function actorWindowEnd(at: usize, a: Actor, steps: i32, states: usize): void {
  if (!a.mlp) spikingWindowEnd(changetype<SpikingWindow>(at), imageOf(a), steps, states);
}

/** Step t: actions (drones, 4) f32 of observations (drones, inputs) f32, rows `pitch` bytes apart. */
export function actorWindowForward(
  at: usize,
  a: Actor,
  t: i32,
  observations: usize,
  pitch: usize,
  actions: usize,
): void {
  if (a.mlp) denseWindowForward(changetype<DenseWindow>(at), a, t, observations, pitch, actions);
  else spikingWindowForward(changetype<SpikingWindow>(at), a, t, observations, pitch, actions);
}

/** Bytes from row to row of dL/dobservation; its first 18 words are those of the observation. */
export function inputGradientPitch(a: Actor): usize {
  return a.inputs == OBSERVATION_WORDS ? INPUT_GRADIENT_PITCH : (<usize>a.inputs) << 2;
}

/** Step t backwards, t falling from `last`: dObservations from dActions (drones, 4); adds to gradient. */
export function actorWindowBackward(
  at: usize,
  a: Actor,
  t: i32,
  last: i32,
  slope: f32,
  dActions: usize,
  dObservations: usize,
  gradient: usize,
): void {
  if (a.mlp) {
    const pitch = inputGradientPitch(a);
    denseWindowBackward(changetype<DenseWindow>(at), a, t, dActions, dObservations, pitch, gradient);
  } else {
    const w = changetype<SpikingWindow>(at);
    spikingWindowBackward(w, a, t, last, slope, dActions, dObservations, gradient);
  }
}

/** After the last step backwards: adds what is left of the gradient over `steps` steps. */
export function actorWindowGradient(at: usize, a: Actor, steps: i32, gradient: usize): void {
  if (!a.mlp) spikingWindowGradient(changetype<SpikingWindow>(at), a, steps, gradient);
}

/** Spikes of the window so far; 0 for a dense actor. */
export function actorWindowSpikes(at: usize, a: Actor): i64 {
  return a.mlp ? 0 : changetype<SpikingWindow>(at).spikes;
}
