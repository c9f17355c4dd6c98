// The kinds of neurons: the one switch. A kind says how many rows of parameters (beside the bias) and of state it has,
// in which range a parameter begins, and how it steps, forwards and back.

import { ALIF_PARAMETERS, ALIF_STATE, alifBackward, alifFires, alifForward, alifInitial } from "./alif";
import { LI_PARAMETERS, LI_STATE, liBackward, liForward, liInitial } from "./li";
import { LIF_PARAMETERS, LIF_STATE, lifFires, lifForward, lifInitial, lifStepBackward } from "./lif";
import { SUM_STATE, sumBackward, sumForward } from "./sum";

// @ts-ignore: decorator
@shared
export namespace Neuron {
  /** A read-out without memory: its value is its current. */
  export const NONE: i32 = 0;
  export const LIF: i32 = 1;
  export const ALIF: i32 = 2;
  /** A read-out that leaks and does not spike. */
  export const LI: i32 = 3;
  /** A read-out that adds up its currents from step to step: of a decision in several passes. */
  export const SUM: i32 = 4;
  export const COUNT: i32 = 5;
}

export function neuronParameterRows(kind: i32): i32 {
  switch (kind) {
    case Neuron.LIF:
      return LIF_PARAMETERS;
    case Neuron.ALIF:
      return ALIF_PARAMETERS;
    case Neuron.LI:
      return LI_PARAMETERS;
    default:
      return 0;
  }
}

export function neuronStateRows(kind: i32): i32 {
  switch (kind) {
    case Neuron.LIF:
      return LIF_STATE;
    case Neuron.ALIF:
      return ALIF_STATE;
    case Neuron.LI:
      return LI_STATE;
    case Neuron.SUM:
      return SUM_STATE;
    default:
      return 0;
  }
}

/** Whether a row of parameters is a leak, clamped from 0 to LEAK_LIMIT (network/quantise.ts): the first, and the second of an adaptation. */
export function neuronIsLeak(kind: i32, row: i32): bool {
  return row == 0 || (kind == Neuron.ALIF && row == 2);
}

/** The low (side 0) or high end of the range in which a row of parameters begins. */
export function neuronInitial(kind: i32, row: i32, side: i32): f32 {
  switch (kind) {
    case Neuron.ALIF:
      return alifInitial(row, side);
    case Neuron.LI:
      return liInitial(side);
    default:
      return lifInitial(side);
  }
}

/**
 * One step of n neurons: state from before (may be the same place; rows of (n) each), current (n) q16 and parameters.
 * Lists those that spike in active (n) u16 and returns how many.
 */
// @ts-ignore: decorator
@inline
export function neuronForward(
  kind: i32,
  state: usize,
  before: usize,
  current: usize,
  parameters: usize,
  n: i32,
  active: usize,
): i32 {
  if (kind == Neuron.ALIF) return alifForward(state, before, current, parameters, n, active);
  return lifForward(state, before, current, parameters, parameters + ((<usize>n) << 2), n, active);
}

/** The value (n) q16 of a read-out, whose current is given; its place. */
// @ts-ignore: decorator
@inline
export function neuronReadOut(
  kind: i32,
  state: usize,
  before: usize,
  current: usize,
  parameters: usize,
  n: i32,
): usize {
  if (kind == Neuron.NONE) return current;
  if (kind == Neuron.LI) liForward(state, before, current, parameters, n);
  else sumForward(state, before, current, n);
  return state;
}

/** Whether neuron `at` / 4 spiked in the step that left this state. */
// @ts-ignore: decorator
@inline
export function neuronFires(kind: i32, state: usize, parameters: usize, n: i32, at: usize): bool {
  const row = (<usize>n) << 2;
  if (kind == Neuron.ALIF) return alifFires(state, parameters, row, at);
  return lifFires(state, parameters, row, at);
}

/** Lists the neurons that spiked in the step that left this state in active (n) u16; returns how many. */
export function listFired(kind: i32, state: usize, parameters: usize, n: i32, active: usize): i32 {
  let next = active;
  for (let j: usize = 0; j < <usize>n; j++) {
    if (!neuronFires(kind, state, parameters, n, j << 2)) continue;
    store<u16>(next, <u16>j);
    next += 2;
  }
  return <i32>(next - active) >> 1;
}

/**
 * Adjoint of one step: d (n) f32 holds dL/dspikes (dL/dvalue of a read-out) on entry and dL/dcurrent on return; dNext (n)
 * is dL/dcurrent of the step behind, 0 where there is none. carry (n) f32 is the kind's own, untouched in between.
 * before, after: the states. dParameters accumulates.
 */
export function neuronBackward(
  kind: i32,
  d: usize,
  dNext: usize,
  carry: usize,
  before: usize,
  after: usize,
  parameters: usize,
  n: i32,
  surrogate: i32,
  slope: f32,
  dParameters: usize,
): void {
  const row = (<usize>n) << 2;
  switch (kind) {
    case Neuron.LIF:
      lifStepBackward(
        d,
        dNext,
        before,
        after,
        parameters,
        parameters + row,
        n,
        surrogate,
        slope,
        dParameters,
        dParameters + row,
      );
      break;
    case Neuron.ALIF:
      alifBackward(d, dNext, carry, before, after, parameters, n, surrogate, slope, dParameters);
      break;
    case Neuron.LI:
      liBackward(d, dNext, before, after, parameters, n, dParameters);
      break;
    case Neuron.SUM:
      sumBackward(d, dNext, after, n);
  }
}
