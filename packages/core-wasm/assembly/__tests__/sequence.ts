// One drone's sequence through snn/bptt.ts, for specs that compare with it.

import { Actor } from "../actor/actor";
import { bpttBackward, bpttForward, bpttScratchBytes, Tape, tapeBytes, tapeInit } from "../snn/bptt";
import { dequantiseAction } from "../snn/policy";
import { place } from "./arena";

/** Actions (steps, 4) f32 of the last call of bptt. */
export const bpttActions = place(16 * 64);

/**
 * Adds the gradient of drone i of n, whose observations (steps, n, 18) and dActions (steps, n, 4) are f32, to gradient;
 * from zero membranes. Returns its spikes.
 */
export function bptt(
  a: Actor,
  observations: usize,
  dActions: usize,
  i: i32,
  n: i32,
  steps: i32,
  h1: i32,
  h2: i32,
  slope: f32,
  gradient: usize,
): i64 {
  const tape = place(tapeBytes(steps, h1, h2)),
    scratch = place(bpttScratchBytes(steps, h1, h2)),
    dAction = place(16 * steps);
  tapeInit(tape, steps, h1, h2);
  bpttForward(tape, a.image, a.inputGain, observations + <usize>i * 72, <usize>n * 72, steps);
  for (let t = 0; t < steps; t++) {
    dequantiseAction(changetype<Tape>(tape).action + <usize>t * 8, bpttActions + <usize>t * 16);
    memory.copy(dAction + <usize>t * 16, dActions + <usize>(t * n + i) * 16, 16);
  }
  bpttBackward(tape, a.image, a.copies, dAction, steps, slope, gradient, scratch);
  return changetype<Tape>(tape).spikes;
}
