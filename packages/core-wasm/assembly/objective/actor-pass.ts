// The actor over one shard's batch: what it says now, what its slow target would say next, and its gradient.
//
//   L = mean over counted rows of  -(alpha / mean|Q1|) Q1(s, pi(s)) + bcWeight |pi(s) - a|^2
//
// (TD3BC, Fujimoto & Gu 2021, arXiv 2106.06860, with the weights as the paper's pseudocode has them.) A spiking actor
// runs each sequence from zero membranes and goes back through time; a dense one takes the rows as they are.

import { Actor, actorStateBytes } from "../actor/actor";
import { mlpActivationBytes, mlpBackward, mlpForward, mlpOutput, mlpScratchBytes } from "../dense/mlp";
import { ACTION_BITS, powerOfTwo } from "../fixed-point";
import { clamp } from "../lanes";
import { Row } from "../replay/replay-buffer";
import { normalPair, Stream } from "../rng";
import { bpttBackward, bpttForward, bpttScratchBytes, Tape, tapeBytes, tapeInit } from "../snn/bptt";
import { INPUTS, PolicyImage, policyScratchBytes } from "../snn/network";
import { dequantiseAction, policyStepInPlace, quantiseObservation } from "../snn/policy";
import { assembleTile, Batch, Input, TILE_ROWS } from "./batch";
import { meanAbsoluteQ, Totals } from "./totals";

// @ts-ignore: decorator
@inline
function inputKind(a: Actor): i32 {
  return a.inputs == INPUTS ? Input.OBSERVATION : Input.HISTORY;
}

/** Bytes that a shard keeps between forward and backward: a tape for each sequence. They may be more than u32 holds. */
export function actorTapeBytes(actor: usize, capacity: u32, steps: u32): f64 {
  const a = changetype<Actor>(actor);
  if (a.mlp) return 0;
  const p = changetype<PolicyImage>(a.image);
  return <f64>capacity * <f64>((tapeBytes(steps, p.hidden1, p.hidden2) + 15) & ~15);
}

/** Bytes of scratch of any pass below. */
export function actorScratchBytes(actor: usize, steps: u32): i32 {
  const a = changetype<Actor>(actor);
  if (a.mlp) {
    return (
      4 * a.inputs * TILE_ROWS +
      mlpActivationBytes(a.mlp, TILE_ROWS) +
      16 * TILE_ROWS +
      mlpScratchBytes(a.mlp, TILE_ROWS)
    );
  }
  const p = changetype<PolicyImage>(a.image);
  const stepping = 64 + actorStateBytes(actor) + policyScratchBytes(p.hidden1, p.hidden2);
  return max<i32>(stepping, bpttScratchBytes(steps, p.hidden1, p.hidden2));
}

export function tapesInit(tapes: usize, actor: usize, capacity: u32, steps: u32): void {
  const a = changetype<Actor>(actor);
  if (a.mlp) return;
  const p = changetype<PolicyImage>(a.image);
  const bytes = (tapeBytes(steps, p.hidden1, p.hidden2) + 15) & ~15;
  for (let i: u32 = 0; i < capacity; i++) tapeInit(tapes + <usize>i * bytes, steps, p.hidden1, p.hidden2);
}

// @ts-ignore: decorator
@inline
function tapeOf(a: Actor, tapes: usize, i: u32, steps: u32): usize {
  const p = changetype<PolicyImage>(a.image);
  return tapes + <usize>i * ((tapeBytes(steps, p.hidden1, p.hidden2) + 15) & ~15);
}

/** targetAction of every flat row: the slow actor at the next state, smoothed by clipped noise. */
export function actorTargetActions(
  actor: usize,
  batch: usize,
  policyNoise: f32,
  noiseClip: f32,
  seed: u32,
  shard: u32,
  update: u32,
  scratch: usize,
): void {
  const a = changetype<Actor>(actor),
    b = changetype<Batch>(batch);
  if (a.mlp) denseForward(a, b, a.target, 1, b.targetAction, scratch);
  else spikingTargetActions(actor, b, scratch);
  if (policyNoise == 0.0) return;
  const rows = b.capacity * b.steps;
  for (let i: u32 = 0; i < b.count * 2; i++) {
    normalPair<f32, i32>(seed, Stream.SMOOTH, update, shard * rows * 2 + i, scratch);
    for (let k: u32 = 0; k < 2; k++) {
      const at = b.targetAction + (i << 3) + (k << 2);
      const noise = clamp<f32>(policyNoise * load<f32>(scratch + (k << 2)), -noiseClip, noiseClip);
      store<f32>(at, clamp<f32>(load<f32>(at) + noise, -1.0, 1.0));
    }
  }
}

function spikingTargetActions(actor: usize, b: Batch, scratch: usize): void {
  const a = changetype<Actor>(actor);
  const observation = scratch,
    action = scratch + 2 * INPUTS,
    states = scratch + 64;
  const stateBytes = <usize>actorStateBytes(actor);
  let out = b.targetAction;
  for (let i: u32 = 0; i < b.capacity; i++) {
    const row = <usize>load<u32>(b.sequence + (i << 2));
    const steps = load<u32>(b.sequenceSteps + (i << 2));
    memory.fill(states, 0, stateBytes);
    for (let t: u32 = 0; t <= steps; t++) {
      quantiseObservation(row + <usize>t * Row.BYTES + Row.OBSERVATION, observation);
      policyStepInPlace(a.targetImage, states, observation, action, states + stateBytes);
      if (t == 0) continue;
      dequantiseAction(action, out);
      out += 16;
    }
  }
}

/** actions (., 4) of the whole flat list. */
function denseForward(
  a: Actor,
  b: Batch,
  parameters: usize,
  ahead: u32,
  actions: usize,
  scratch: usize,
): void {
  const pitch = (<usize>a.inputs) << 2;
  const x = scratch,
    activations = x + pitch * TILE_ROWS,
    work = activations + mlpActivationBytes(a.mlp, TILE_ROWS);
  for (let first = 0; first < <i32>b.count; first += TILE_ROWS) {
    const rows = min<i32>(TILE_ROWS, <i32>b.count - first);
    assembleTile(b, inputKind(a), 0, first, rows, ahead, 0, x);
    mlpForward(a.mlp, parameters, x, pitch, rows, activations, work);
    memory.copy(actions + ((<usize>first) << 4), mlpOutput(a.mlp, activations, rows), (<usize>rows) << 4);
  }
}

/** policyAction of every flat row, recorded for actorBackward. */
export function actorForward(actor: usize, batch: usize, tapes: usize, scratch: usize): void {
  const a = changetype<Actor>(actor),
    b = changetype<Batch>(batch);
  if (a.mlp) {
    denseForward(a, b, a.parameters, 0, b.policyAction, scratch);
    return;
  }
  let out = b.policyAction;
  for (let i: u32 = 0; i < b.capacity; i++) {
    const tape = tapeOf(a, tapes, i, b.steps);
    const steps = <i32>load<u32>(b.sequenceSteps + (i << 2));
    bpttForward(
      tape,
      a.image,
      a.inputGain,
      <usize>load<u32>(b.sequence + (i << 2)) + Row.OBSERVATION,
      Row.BYTES,
      steps,
    );
    const action = changetype<Tape>(tape).action;
    for (let k = 0; k < 4 * steps; k++, out += 4) {
      store<f32>(out, <f32>load<i16>(action + ((<usize>k) << 1)) * powerOfTwo(-ACTION_BITS));
    }
  }
}

/**
 * dAction, dQ1/daction on entry, becomes dL/daction. alpha 0: no critic is asked. totals: of the whole batch. Rows that
 * are not counted get 0.
 */
export function actorLossGradient(batch: usize, totals: usize, alpha: f32, bcWeight: f32): void {
  const b = changetype<Batch>(batch),
    t = changetype<Totals>(totals);
  const scale = <f32>(1.0 / Math.max(t.counted, 1.0));
  const qWeight: f32 = alpha == 0.0 ? 0.0 : alpha / <f32>Math.max(meanAbsoluteQ(t), 1e-6);
  let bcLoss: f64 = 0.0;
  for (let i: u32 = 0; i < b.count; i++) {
    const counts = load<u8>(b.countsForActor + i) != 0;
    const flown = <usize>load<u32>(b.row + (i << 2)) + Row.ACTION;
    for (let k: u32 = 0; k < 4; k++) {
      const at = (i << 4) + (k << 2);
      const gap = load<f32>(b.policyAction + at) - load<f32>(flown + (k << 2));
      const q = qWeight == 0.0 ? <f32>0.0 : qWeight * load<f32>(b.dAction + at);
      if (counts) bcLoss += <f64>gap * <f64>gap;
      store<f32>(b.dAction + at, counts ? scale * (<f32>2.0 * bcWeight * gap - q) : <f32>0.0);
    }
  }
  b.bcLoss = bcLoss;
}

/** Adds dL/dparameters to gradient, from dAction and the record of actorForward. */
export function actorBackward(
  actor: usize,
  batch: usize,
  tapes: usize,
  slope: f32,
  gradient: usize,
  scratch: usize,
): void {
  const a = changetype<Actor>(actor),
    b = changetype<Batch>(batch);
  if (a.mlp) {
    denseBackward(a, b, gradient, scratch);
    return;
  }
  let dAction = b.dAction;
  for (let i: u32 = 0; i < b.capacity; i++) {
    const steps = <i32>load<u32>(b.sequenceSteps + (i << 2));
    bpttBackward(tapeOf(a, tapes, i, b.steps), a.image, a.copies, dAction, steps, slope, gradient, scratch);
    dAction += (<usize>steps) << 4;
  }
}

/** Recomputes the forward pass tile by tile: cheaper than keeping every activation. */
function denseBackward(a: Actor, b: Batch, gradient: usize, scratch: usize): void {
  const pitch = (<usize>a.inputs) << 2;
  const x = scratch,
    activations = x + pitch * TILE_ROWS,
    dOut = activations + mlpActivationBytes(a.mlp, TILE_ROWS);
  const work = dOut + 16 * TILE_ROWS;
  for (let first = 0; first < <i32>b.count; first += TILE_ROWS) {
    const rows = min<i32>(TILE_ROWS, <i32>b.count - first);
    assembleTile(b, inputKind(a), 0, first, rows, 0, 0, x);
    mlpForward(a.mlp, a.parameters, x, pitch, rows, activations, work);
    memory.copy(dOut, b.dAction + ((<usize>first) << 4), (<usize>rows) << 4);
    mlpBackward(a.mlp, a.copies, x, pitch, rows, activations, dOut, gradient, 0, 0, work);
  }
}
