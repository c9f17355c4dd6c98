// The GRU over the sequences of a batch: one window of flight, its drones the sequences, from zero.

import { F32s, Scratch } from "../addresses";
import { laidTo, layFrom, MEASURED } from "../cursor";
import { Batch } from "../objective/batch";
import { Row } from "../replay/replay-buffer";
import { Actor } from "./actor";
import { actInPlace, gruActBytes, INPUTS } from "./gru";
import {
  GruWindow,
  gruWindowBackward,
  gruWindowBegin,
  gruWindowGradient,
  gruWindowLayout,
  recordStep,
} from "./gru-window";

export function gruTapeBytes(a: Actor, capacity: u32, steps: u32): f64 {
  layFrom(offsetof<GruWindow>());
  gruWindowLayout(changetype<GruWindow>(MEASURED), a, capacity, steps);
  return <f64>laidTo();
}

export function gruTapesInit(a: Actor, tapes: Scratch, capacity: u32, steps: u32): void {
  layFrom(tapes + offsetof<GruWindow>());
  gruWindowLayout(changetype<GruWindow>(tapes), a, capacity, steps);
}

/** actions (capacity, 4), inputs and states of gruTargetActions; rows of actions, and their gradients. */
export function gruScratchBytes(a: Actor, capacity: u32): i32 {
  return <i32>(capacity * (16 + 4 * a.units) + gruActBytes(a, capacity) + 64);
}

/** The observations of step t of all sequences, 0 behind the end of one, `extra` steps later than it counts. */
function gatherStep(b: Batch, t: u32, extra: u32, x: F32s): void {
  for (let i: u32 = 0; i < b.capacity; i++, x += INPUTS << 2) {
    const row = <usize>load<u32>(b.sequence + (i << 2));
    if (t < load<u32>(b.sequenceSteps + (i << 2)) + extra)
      memory.copy(x, row + <usize>t * Row.BYTES + Row.OBSERVATION, INPUTS << 2);
    else memory.fill(x, 0, INPUTS << 2);
  }
}

/** Copies step t of all sequences, (capacity, 4), to or from a flat list of rows, (., 4), sequence after sequence. */
function copyStep(b: Batch, t: u32, stepwise: usize, flat: usize, toFlat: bool): void {
  for (let i: u32 = 0; i < b.capacity; i++, stepwise += 16) {
    const steps = load<u32>(b.sequenceSteps + (i << 2));
    if (t < steps) {
      if (toFlat) memory.copy(flat + (t << 4), stepwise, 16);
      else memory.copy(stepwise, flat + (t << 4), 16);
    } else if (!toFlat) memory.fill(stepwise, 0, 16);
    flat += steps << 4;
  }
}

export function gruTargetActions(a: Actor, b: Batch, scratch: Scratch): void {
  const n = <i32>b.capacity,
    states = scratch + ((<usize>n) << 4),
    x = states + ((<usize>(n * a.units)) << 2);
  memory.fill(states, 0, (<usize>(n * a.units)) << 2);
  for (let t: u32 = 0; t <= b.steps; t++) {
    gatherStep(b, t, 1, x);
    actInPlace(a, a.target, x, n, states, scratch, x + <usize>(n * INPUTS * 4));
    if (t > 0) copyStep(b, t - 1, scratch, b.targetAction, true);
  }
}

export function gruForward(a: Actor, b: Batch, tapes: Scratch, scratch: Scratch): void {
  const w = changetype<GruWindow>(tapes);
  gruWindowBegin(w, a, 0);
  for (let t: u32 = 0; t < b.steps; t++) {
    gatherStep(b, t, 0, w.input + <usize>(t * b.capacity * INPUTS * 4));
    recordStep(w, a, t);
    copyStep(b, t, w.action + ((t * b.capacity) << 4), b.policyAction, true);
  }
}

export function gruBackward(a: Actor, b: Batch, tapes: Scratch, gradient: F32s, scratch: Scratch): void {
  const w = changetype<GruWindow>(tapes);
  const last = <i32>b.steps - 1;
  for (let t = last; t >= 0; t--) {
    copyStep(b, t, scratch, b.dAction, false);
    gruWindowBackward(w, a, t, last, scratch, w.dObservation, gradient);
  }
  gruWindowGradient(w, a, last + 1, gradient);
}
