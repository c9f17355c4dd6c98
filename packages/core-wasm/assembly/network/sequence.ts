// One drone's sequence under the spiking policy from zero membranes, whose actions' gradients are known all at once: what
// actors/spiking.ts does with those of a batch, for whoever looks at one.

import { Actor } from "../actors/actor";
import { F32s } from "../addresses";
import { laidTo, layFrom, MEASURED, take } from "../cursor";
import { Adjoint, adjointLayout, adjointSteps, adjointWeights } from "./backward";
import { Tape, tapeBegin, tapeLayout, tapeStep } from "./tape";

@unmanaged
export abstract class Sequence {
  actor: Actor;
  steps: i32; // capacity
  tape: Tape = changetype<Tape>(0);
  adjoint: Adjoint = changetype<Adjoint>(0);
}

/** Lays the parts out from base on; returns where they end. */
export function sequenceLayout(s: Sequence, base: usize): usize {
  layFrom(base);
  s.tape = changetype<Tape>(take(offsetof<Tape>()));
  s.adjoint = changetype<Adjoint>(take(offsetof<Adjoint>()));
  tapeLayout(base ? s.tape : changetype<Tape>(MEASURED), s.actor.image, 1, s.steps);
  adjointLayout(base ? s.adjoint : changetype<Adjoint>(MEASURED), s.actor.image, 1, s.steps);
  return laidTo();
}

/** Runs the policy over `steps` observations, (18) f32 each, pitch bytes apart. The actions are in the tape. */
export function sequenceForward(s: Sequence, observations: F32s, pitch: usize, steps: i32): void {
  const tape = s.tape;
  tapeBegin(tape, s.actor.image, 0);
  for (let t = 0; t < steps; t++)
    tapeStep(tape, s.actor.image, s.actor.inputGain, t, 0, observations + <usize>t * pitch);
}

/** Adds dL/dparameters to gradient, given dActions (steps, 4) f32. */
export function sequenceBackward(
  s: Sequence,
  dActions: F32s,
  steps: i32,
  surrogate: i32,
  slope: f32,
  gradient: F32s,
): void {
  const a = s.actor,
    adjoint = s.adjoint,
    tape = s.tape;
  adjointSteps(
    adjoint,
    tape,
    a.image,
    a.copies,
    dActions,
    0,
    steps - 1,
    steps - 1,
    surrogate,
    slope,
    gradient,
  );
  adjointWeights(adjoint, tape, a.image, steps, gradient);
}
