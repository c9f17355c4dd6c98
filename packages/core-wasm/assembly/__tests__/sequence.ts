// One drone's sequence gone through at once, for specs that compare with it.

import { Actor } from "../actors/actor";
import { dequantiseAction } from "../network/rounding";
import { Sequence, sequenceBackward, sequenceForward, sequenceLayout } from "../network/sequence";
import { make, place } from "./arena";

/** Actions (steps, 4) f32 of the last call of bptt. */
export const bpttActions = place(16 * 64);

/**
 * Adds the gradient of drone i of n, whose observations (steps, n, inputs) and dActions (steps, n, 4) are f32, to gradient;
 * from zero membranes. Returns its spikes.
 */
export function bptt(
  a: Actor,
  observations: usize,
  dActions: usize,
  i: i32,
  n: i32,
  steps: i32,
  slope: f32,
  gradient: usize,
): i64 {
  const s = make<Sequence>(),
    dAction = place(16 * steps);
  s.actor = a;
  s.steps = steps;
  sequenceLayout(s, place(sequenceLayout(s, 0)));
  const tape = s.tape;
  const row = (<usize>a.inputs) << 2;
  sequenceForward(s, observations + <usize>i * row, <usize>n * row, steps);
  for (let t = 0; t < steps; t++) {
    dequantiseAction(tape.action + <usize>t * 8, bpttActions + <usize>t * 16);
    memory.copy(dAction + <usize>t * 16, dActions + <usize>(t * n + i) * 16, 16);
  }
  sequenceBackward(s, dAction, steps, a.surrogate, slope, gradient);
  return tape.spikes;
}
