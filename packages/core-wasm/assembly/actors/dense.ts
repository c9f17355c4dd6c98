// The dense actor: a multilayer perceptron on the observation alone, or with the action history behind it (the guide and
// the ANN baselines). It has no memory, so the rows of a batch are taken as they are, in tiles.

import { F32s, Scratch } from "../addresses";
import { take } from "../cursor";
import {
  mlpActivationBytes,
  mlpBackward,
  mlpForward,
  mlpOutput,
  mlpScratchBytes,
  mlpTranspose,
} from "../dense/mlp";
import { assembleTile, Batch, inputKind, TILE_ROWS } from "../objective/batch";
import { Actor } from "./actor";

export function denseSync(a: Actor): void {
  mlpTranspose(a.mlp, a.parameters, a.copies);
}

export function denseActBytes(a: Actor, n: u32): u32 {
  return <u32>(mlpActivationBytes(a.mlp, n) + mlpScratchBytes(a.mlp, n));
}

export function denseAct(
  a: Actor,
  observations: F32s,
  pitch: usize,
  n: i32,
  actions: F32s,
  workspace: Scratch,
): void {
  const scratch = workspace + mlpActivationBytes(a.mlp, n);
  mlpForward(a.mlp, a.parameters, observations, pitch, n, workspace, scratch);
  memory.copy(actions, mlpOutput(a.mlp, workspace, n), (<usize>n) << 4);
}

// --- the rows of a batch

export function denseScratchBytes(a: Actor): i32 {
  return (
    4 * a.inputs * TILE_ROWS +
    mlpActivationBytes(a.mlp, TILE_ROWS) +
    16 * TILE_ROWS +
    mlpScratchBytes(a.mlp, TILE_ROWS)
  );
}

/** actions (., 4) of the whole flat list. */
export function denseForward(
  a: Actor,
  b: Batch,
  parameters: F32s,
  ahead: u32,
  actions: F32s,
  scratch: Scratch,
): void {
  const pitch = (<usize>a.inputs) << 2;
  const x = scratch,
    activations = x + pitch * TILE_ROWS,
    work = activations + mlpActivationBytes(a.mlp, TILE_ROWS);
  for (let first = 0; first < <i32>b.count; first += TILE_ROWS) {
    const rows = min<i32>(TILE_ROWS, <i32>b.count - first);
    assembleTile(b, inputKind(a.inputs), 0, first, rows, ahead, 0, x);
    mlpForward(a.mlp, parameters, x, pitch, rows, activations, work);
    memory.copy(actions + ((<usize>first) << 4), mlpOutput(a.mlp, activations, rows), (<usize>rows) << 4);
  }
}

/** Recomputes the forward pass tile by tile: cheaper than keeping every activation. */
export function denseBackward(a: Actor, b: Batch, gradient: F32s, scratch: Scratch): void {
  const pitch = (<usize>a.inputs) << 2;
  const x = scratch,
    activations = x + pitch * TILE_ROWS,
    dOut = activations + mlpActivationBytes(a.mlp, TILE_ROWS);
  const work = dOut + 16 * TILE_ROWS;
  for (let first = 0; first < <i32>b.count; first += TILE_ROWS) {
    const rows = min<i32>(TILE_ROWS, <i32>b.count - first);
    assembleTile(b, inputKind(a.inputs), 0, first, rows, 0, 0, x);
    mlpForward(a.mlp, a.parameters, x, pitch, rows, activations, work);
    memory.copy(dOut, b.dAction + ((<usize>first) << 4), (<usize>rows) << 4);
    mlpBackward(a.mlp, a.copies, x, pitch, rows, activations, dOut, gradient, 0, 0, work);
  }
}

// --- windows of flight: every step keeps its input and its activations

@unmanaged
export abstract class DenseWindow {
  drones: i32;
  steps: i32; // capacity
  input: F32s; // (steps, drones, inputs) f32
  activations: F32s; // (steps), each of mlpActivationBytes
  dOut: F32s; // (drones, 4) f32
  scratch: Scratch;
}

export function denseWindowLayout(w: DenseWindow, a: Actor, drones: i32, steps: i32): void {
  w.drones = drones;
  w.steps = steps;
  w.input = take(<usize>(4 * a.inputs * drones * steps));
  w.activations = take(<usize>mlpActivationBytes(a.mlp, drones) * steps);
  w.dOut = take(<usize>(16 * drones));
  w.scratch = take(<usize>mlpScratchBytes(a.mlp, drones));
}

export function denseWindowForward(
  w: DenseWindow,
  a: Actor,
  t: i32,
  observations: F32s,
  pitch: usize,
  actions: F32s,
): void {
  const row = (<usize>a.inputs) << 2;
  const input = w.input + <usize>(t * w.drones) * row;
  const activations = w.activations + <usize>t * <usize>mlpActivationBytes(a.mlp, w.drones);
  for (let i: usize = 0; i < <usize>w.drones; i++)
    memory.copy(input + i * row, observations + i * pitch, row);
  mlpForward(a.mlp, a.parameters, input, row, w.drones, activations, w.scratch);
  memory.copy(actions, mlpOutput(a.mlp, activations, w.drones), (<usize>w.drones) << 4);
}

export function denseWindowBackward(
  w: DenseWindow,
  a: Actor,
  t: i32,
  dActions: F32s,
  dObservations: F32s,
  pitch: usize,
  gradient: F32s,
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
