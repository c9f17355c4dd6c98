// A stretch of flight of n drones under a dense policy, forwards and backwards step by step; see spiking-window.ts. Every
// step keeps its input and its activations.

import { Actor } from "../actor/actor";
import { take } from "../cursor";
import { mlpActivationBytes, mlpBackward, mlpForward, mlpOutput, mlpScratchBytes } from "../dense/mlp";

@unmanaged
export abstract class DenseWindow {
  drones: i32;
  steps: i32; // capacity
  input: usize; // (steps, drones, inputs) f32
  activations: usize; // (steps), each of mlpActivationBytes
  dOut: usize; // (drones, 4) f32
  scratch: usize;
}

/** Lays out a window of `drones` and `steps` behind its header; see cursor.ts. */
export function denseWindowLayout(w: DenseWindow, a: Actor, drones: i32, steps: i32): void {
  w.drones = drones;
  w.steps = steps;
  w.input = take(<usize>(4 * a.inputs * drones * steps));
  w.activations = take(<usize>mlpActivationBytes(a.mlp, drones) * steps);
  w.dOut = take(<usize>(16 * drones));
  w.scratch = take(<usize>mlpScratchBytes(a.mlp, drones));
}

/** Step t of all drones: actions (drones, 4) f32 of the observations (drones, inputs) f32, rows `pitch` bytes apart. */
export function denseWindowForward(
  w: DenseWindow,
  a: Actor,
  t: i32,
  observations: usize,
  pitch: usize,
  actions: usize,
): void {
  const row = (<usize>a.inputs) << 2;
  const input = w.input + <usize>(t * w.drones) * row;
  const activations = w.activations + <usize>t * <usize>mlpActivationBytes(a.mlp, w.drones);
  for (let i: usize = 0; i < <usize>w.drones; i++)
    memory.copy(input + i * row, observations + i * pitch, row);
  mlpForward(a.mlp, a.parameters, input, row, w.drones, activations, w.scratch);
  memory.copy(actions, mlpOutput(a.mlp, activations, w.drones), (<usize>w.drones) << 4);
}

/** Step t of all drones backwards: dObservations (drones, inputs), rows `pitch` apart; adds dL/dparameters to gradient. */
export function denseWindowBackward(
  w: DenseWindow,
  a: Actor,
  t: i32,
  dActions: usize,
  dObservations: usize,
  pitch: usize,
  gradient: usize,
): void {
  const row = (<usize>a.inputs) << 2;
  const input = w.input + <usize>(t * w.drones) * row;
  const activations = w.activations + <usize>t * <usize>mlpActivationBytes(a.mlp, w.drones);
  memory.copy(w.dOut, dActions, (<usize>w.drones) << 4);
  mlpBackward(
    a.mlp,
    a.copies,
    input,
    row,
    w.drones,
    activations,
    w.dOut,
    gradient,
    dObservations,
    pitch,
    w.scratch,
  );
}
