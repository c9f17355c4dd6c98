// The record of flight under the spiking policy that its gradient needs: n drones, step by step; row (t, i) is t n + i. A
// sequence from the replay buffer is the record of one drone, a window of flight through the simulator of many.

import { F32s, I16s, Scratch, U16s, U32s } from "../addresses";
import { take } from "../cursor";
import { observationBits, powerOfTwo } from "../fixed-point";
import { inputRows, layerOf, NetworkImage, OUTPUTS, policyScratchBytes, scratchActive } from "./image";
import { quantiseInputs } from "./rounding";
import { policyStep } from "./step";

@unmanaged
export abstract class Tape {
  drones: i32;
  rows: i32; // capacity: drones times steps, below 2^16
  spikes: i64; // of all layers since the record began
  input: F32s; // (rows, inputs) f32: the quantised observation times its gain
  quantised: I16s; // (inputRows)
  action: I16s; // (rows, 4)
  states: Scratch; // (rows + drones) policy states, the first `drones` before the first step
  times: U16s; // (neurons, rows): the rows in which each neuron fired
  counts: U32s; // (neurons): how often
  scratch: Scratch; // of the step
}

/** Lays out the record of `drones` and `steps` behind its header; see cursor.ts. */
export function tapeLayout(t: Tape, image: NetworkImage, drones: i32, steps: i32): void {
  const rows = <usize>(drones * steps),
    neurons = <usize>image.neurons;
  t.drones = drones;
  t.rows = <i32>rows;
  t.input = take(4 * <usize>image.inputs * rows);
  t.quantised = take(2 * inputRows(image.inputs));
  t.action = take(2 * OUTPUTS * rows);
  t.states = take((rows + drones) * image.stateBytes);
  t.times = take(2 * rows * neurons);
  t.counts = take(4 * neurons);
  t.scratch = take(policyScratchBytes(image));
}

/** The record begins anew, from the states (drones), or from zero (0). */
export function tapeBegin(t: Tape, image: NetworkImage, states: Scratch): void {
  memory.fill(t.quantised, 0, <usize>(2 * inputRows(image.inputs)));
  const bytes = <usize>(t.drones * image.stateBytes);
  if (states) memory.copy(t.states, states, bytes);
  else memory.fill(t.states, 0, bytes);
  memory.fill(t.counts, 0, (<usize>image.neurons) << 2);
  t.spikes = 0;
}

/** Where the states (drones) after `steps` steps are. */
export function tapeStates(t: Tape, image: NetworkImage, steps: i32): usize {
  return t.states + <usize>(steps * t.drones) * <usize>image.stateBytes;
}

/** Step t of drone i; its action is in the record. inputGain (inputs) f32. */
export function tapeStep(
  tape: Tape,
  image: NetworkImage,
  inputGain: F32s,
  t: i32,
  i: i32,
  observation: F32s,
): void {
  const row = t * tape.drones + i;
  const bytes = <usize>image.stateBytes,
    before = tape.states + <usize>row * bytes;
  const inputs = image.inputs;
  recordInput(tape.quantised, tape.input + <usize>(row * inputs * 4), observation, inputGain, inputs);
  const action = tape.action + <usize>(row * OUTPUTS * 2);
  tape.spikes += policyStep(
    image,
    tape.quantised,
    action,
    before + <usize>tape.drones * bytes,
    before,
    tape.scratch,
  );
  for (let l = 0; l < image.layers - 1; l++) {
    const first = layerOf(image, l).first;
    recordTimes(
      tape,
      first,
      scratchActive(image, tape.scratch, first),
      load<u32>(tape.scratch + ((<usize>l) << 2)),
      row,
    );
  }
}

/** observation (inputs) f32 quantised, and input (inputs) f32: what the network took it for, times its gain. */
function recordInput(quantised: I16s, input: F32s, observation: F32s, inputGain: F32s, inputs: i32): void {
  quantiseInputs(observation, quantised, inputs);
  for (let k = 0; k < inputs; k++) {
    const at = (<usize>k) << 2;
    const x = <f32>load<i16>(quantised + (at >> 1)) * powerOfTwo(-observationBits(k));
    store<f32>(input + at, x * load<f32>(inputGain + at));
  }
}

/** Appends `row` to the firing times of the `count` neurons in active, numbered from `first`. */
function recordTimes(tape: Tape, first: i32, active: usize, count: u32, row: i32): void {
  const times = tape.times + ((<usize>(first * tape.rows)) << 1),
    counts = tape.counts + ((<usize>first) << 2);
  for (let a = active; a < active + ((<usize>count) << 1); a += 2) {
    const neuron = <usize>load<u16>(a);
    const n = load<u32>(counts + (neuron << 2));
    store<u16>(times + ((neuron * tape.rows + n) << 1), <u16>row);
    store<u32>(counts + (neuron << 2), n + 1);
  }
}
