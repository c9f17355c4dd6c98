// The spiking actor: layers of neurons with a memory of membranes (network/).

import { F32s, Scratch, U8s } from "../addresses";
import { laidTo, layFrom, MEASURED, take } from "../cursor";
import { ACTION_BITS, powerOfTwo } from "../fixed-point";
import {
  Adjoint,
  adjointInputs,
  adjointLayout,
  adjointObservations,
  adjointSteps,
  adjointWeights,
} from "../network/backward";
import { INPUTS, policyScratchBytes } from "../network/image";
import { copyForBackward, maskPolicyGradient, quantisePolicy } from "../network/quantise";
import { dequantiseAction, quantiseObservation } from "../network/rounding";
import { policyStepInPlace } from "../network/step";
import { Tape, tapeBegin, tapeLayout, tapeStates, tapeStep } from "../network/tape";
import { Batch } from "../objective/batch";
import { Row } from "../replay/replay-buffer";
import { Actor } from "./actor";

export function spikingSync(a: Actor): i32 {
  const saturated = quantisePolicy(a.image, a.parameters, a.inputGain);
  copyForBackward(a.image, a.copies);
  return saturated;
}

export function spikingSyncTarget(a: Actor): void {
  quantisePolicy(a.targetImage, a.target, a.inputGain);
}

export function spikingMask(a: Actor, gradient: F32s): void {
  maskPolicyGradient(gradient, a.parameters, a.image, a.inputGain);
}

/** Observation, action, then the scratch of a step. */
const STEP_SCRATCH: usize = 48;

export function spikingActBytes(a: Actor): u32 {
  return <u32>STEP_SCRATCH + <u32>policyScratchBytes(a.image);
}

export function spikingAct(
  a: Actor,
  observations: F32s,
  pitch: usize,
  n: i32,
  alive: U8s,
  states: Scratch,
  actions: F32s,
  spikes: usize,
  workspace: Scratch,
): void {
  const observation = workspace,
    action = workspace + 2 * INPUTS,
    scratch = workspace + STEP_SCRATCH;
  for (let i = 0; i < n; i++) {
    if (alive && !load<u8>(alive + i)) continue;
    quantiseObservation(observations + <usize>i * pitch, observation);
    const state = states + <usize>(i * a.image.stateBytes);
    policyStepInPlace(a.image, state, observation, action, scratch);
    dequantiseAction(action, actions + ((<usize>i) << 4));
    for (let at: usize = 0; at < (<usize>(a.image.layers - 1)) << 2; at += 4)
      store<u32>(spikes + at, load<u32>(spikes + at) + load<u32>(scratch + at));
  }
}

// --- sequences of a batch: a tape each, gone back through one after the other

/** Bytes of the tape of a sequence, header included. */
export function sequenceBytes(a: Actor, steps: u32): usize {
  layFrom(offsetof<Tape>());
  tapeLayout(changetype<Tape>(MEASURED), a.image, 1, steps);
  return laidTo();
}

export function spikingTapeBytes(a: Actor, capacity: u32, steps: u32): f64 {
  return <f64>capacity * <f64>sequenceBytes(a, steps);
}

export function spikingTapesInit(a: Actor, tapes: Scratch, capacity: u32, steps: u32): void {
  const bytes = sequenceBytes(a, steps);
  for (let i: u32 = 0; i < capacity; i++) {
    const at = tapes + <usize>i * bytes;
    layFrom(at + offsetof<Tape>());
    tapeLayout(changetype<Tape>(at), a.image, 1, steps);
  }
}

export function spikingScratchBytes(a: Actor, steps: u32): i32 {
  const stepping = 64 + a.image.stateBytes + policyScratchBytes(a.image);
  layFrom(offsetof<Adjoint>());
  adjointLayout(changetype<Adjoint>(MEASURED), a.image, 1, steps);
  return max<i32>(stepping, <i32>laidTo());
}

export function spikingTargetActions(a: Actor, b: Batch, scratch: Scratch): void {
  const observation = scratch,
    action = scratch + 2 * INPUTS,
    state = scratch + 64;
  const stateBytes = <usize>a.image.stateBytes;
  let out = b.targetAction;
  for (let i: u32 = 0; i < b.capacity; i++) {
    const row = <usize>load<u32>(b.sequence + (i << 2));
    const steps = load<u32>(b.sequenceSteps + (i << 2));
    memory.fill(state, 0, stateBytes);
    for (let t: u32 = 0; t <= steps; t++) {
      quantiseObservation(row + <usize>t * Row.BYTES + Row.OBSERVATION, observation);
      policyStepInPlace(a.targetImage, state, observation, action, state + stateBytes);
      if (t == 0) continue;
      dequantiseAction(action, out);
      out += 16;
    }
  }
}

export function spikingForward(a: Actor, b: Batch, tapes: Scratch): void {
  const bytes = sequenceBytes(a, b.steps);
  let out = b.policyAction;
  for (let i: u32 = 0; i < b.capacity; i++) {
    const tape = changetype<Tape>(tapes + <usize>i * bytes);
    const steps = <i32>load<u32>(b.sequenceSteps + (i << 2));
    const observations = <usize>load<u32>(b.sequence + (i << 2)) + Row.OBSERVATION;
    tapeBegin(tape, a.image, 0);
    for (let t = 0; t < steps; t++)
      tapeStep(tape, a.image, a.inputGain, t, 0, observations + <usize>t * Row.BYTES);
    for (let k = 0; k < 4 * steps; k++, out += 4)
      store<f32>(out, <f32>load<i16>(tape.action + ((<usize>k) << 1)) * powerOfTwo(-ACTION_BITS));
  }
}

export function spikingBackward(
  a: Actor,
  b: Batch,
  tapes: Scratch,
  slope: f32,
  gradient: F32s,
  scratch: Scratch,
): void {
  const bytes = sequenceBytes(a, b.steps);
  const adjoint = changetype<Adjoint>(scratch);
  layFrom(scratch + offsetof<Adjoint>());
  adjointLayout(adjoint, a.image, 1, b.steps);
  let dActions = b.dAction;
  for (let i: u32 = 0; i < b.capacity; i++) {
    const tape = changetype<Tape>(tapes + <usize>i * bytes);
    const steps = <i32>load<u32>(b.sequenceSteps + (i << 2)),
      end = steps - 1;
    adjointSteps(adjoint, tape, a.image, a.copies, dActions, 0, end, end, a.surrogate, slope, gradient);
    adjointWeights(adjoint, tape, a.image, steps, gradient);
    dActions += (<usize>steps) << 4;
  }
}

// --- windows of flight

/** A tape and an adjoint of many drones. */
@unmanaged
export abstract class SpikingWindow {
  tape: Tape;
  adjoint: Adjoint;
}

export function spikingWindowLayout(w: SpikingWindow, a: Actor, drones: i32, steps: i32): void {
  const tape = take(offsetof<Tape>()),
    adjoint = take(offsetof<Adjoint>());
  const measured = changetype<usize>(w) == MEASURED;
  w.tape = changetype<Tape>(measured ? MEASURED + 64 : tape);
  w.adjoint = changetype<Adjoint>(measured ? MEASURED + 128 : adjoint);
  tapeLayout(w.tape, a.image, drones, steps);
  adjointLayout(w.adjoint, a.image, drones, steps);
}

export function spikingWindowBegin(w: SpikingWindow, a: Actor, states: Scratch): void {
  tapeBegin(w.tape, a.image, states);
  adjointInputs(w.adjoint, a.image);
}

export function spikingWindowEnd(w: SpikingWindow, a: Actor, steps: i32, states: Scratch): void {
  memory.copy(states, tapeStates(w.tape, a.image, steps), <usize>(w.tape.drones * a.image.stateBytes));
}

export function spikingWindowForward(
  w: SpikingWindow,
  a: Actor,
  t: i32,
  observations: F32s,
  pitch: usize,
  actions: F32s,
): void {
  const tape = w.tape;
  for (let i = 0; i < tape.drones; i++) {
    tapeStep(tape, a.image, a.inputGain, t, i, observations + <usize>i * pitch);
    dequantiseAction(tape.action + ((<usize>(t * tape.drones + i)) << 3), actions + ((<usize>i) << 4));
  }
}

export function spikingWindowBackward(
  w: SpikingWindow,
  a: Actor,
  t: i32,
  end: i32,
  slope: f32,
  dActions: F32s,
  dObservations: F32s,
  gradient: F32s,
): void {
  adjointSteps(w.adjoint, w.tape, a.image, a.copies, dActions, t, t, end, a.surrogate, slope, gradient);
  adjointObservations(w.adjoint, w.tape, a.image, t, dObservations);
}

export function spikingWindowGradient(w: SpikingWindow, a: Actor, steps: i32, gradient: F32s): void {
  adjointWeights(w.adjoint, w.tape, a.image, steps, gradient);
}
