// From dL/daction back through a record (tape.ts), in f32 and straight through every rounding. Between layers there is no
// path but through spikes, so the adjoint goes layer by layer, each over all steps that it is asked for: a whole sequence
// at once where every dL/daction is known, or one step of many drones where physics stands between two steps. Its large
// products are matrix products. What need not be known on the way, the gradient of weights and biases, comes at the end.

import { F32s, Scratch } from "../addresses";
import { take } from "../cursor";
import { addColumnSums, gemm, gemmScratchBytes } from "../dense/gemm";
import { ACTION_BITS, observationBits, powerOfTwo } from "../fixed-point";
import { listFired, neuronBackward } from "../neurons/neuron";
import { sparseWeightBackward } from "../synapses/sparse";
import {
  INPUTS,
  Layer,
  layerOf,
  masterNeurons,
  masterOwnWeights,
  NetworkImage,
  OUTPUTS,
  scratchActive,
} from "./image";
import { inputWeight } from "./quantise";
import { Tape } from "./tape";

/** Row of dL/dobservation: 18 words and two of padding. */
export const INPUT_GRADIENT_PITCH: usize = 80;

@unmanaged
export abstract class Adjoint {
  d: F32s; // layer after layer (rows, width) f32: dL/dcurrent
  carry: F32s; // layer after layer (drones, width) f32, the neuron's own
  inputWeights: F32s; // (width of layer 1, 20) f32: as the image has them, a row a neuron
  packed: Scratch; // of gemm
}

/** Lays out what the way back over `drones` and `steps` needs; see cursor.ts. */
export function adjointLayout(a: Adjoint, image: NetworkImage, drones: i32, steps: i32): void {
  const rows = drones * steps,
    words = image.neurons + OUTPUTS;
  a.d = take(4 * <usize>rows * words);
  a.carry = take(<usize>(4 * drones * words));
  a.inputWeights = take(INPUT_GRADIENT_PITCH * layerOf(image, 0).width);
  a.packed = take(gemmScratchBytes(max<i32>(image.widest, rows)));
}

// @ts-ignore: decorator
@inline
function layerAdjoint(a: Adjoint, tape: Tape, layer: Layer): usize {
  return a.d + ((<usize>(layer.first * tape.rows)) << 2);
}

/**
 * Steps first .. last of a record of steps 0 .. end, later ones before earlier ones. dActions (last - first + 1, drones, 4)
 * f32 = dL/daction, 0 where a step carries no loss. The neurons' parameters add to gradient (a master's layout). copies:
 * copyForBackward. surrogate, slope: surrogates/surrogate.ts.
 */
export function adjointSteps(
  a: Adjoint,
  tape: Tape,
  image: NetworkImage,
  copies: F32s,
  dActions: F32s,
  first: i32,
  last: i32,
  end: i32,
  surrogate: i32,
  slope: f32,
  gradient: F32s,
): void {
  const n = tape.drones,
    from = <usize>(first * n),
    rows = (last - first + 1) * n;
  const readOut = layerOf(image, image.layers - 1);
  let d = layerAdjoint(a, tape, readOut) + from * (OUTPUTS << 2);
  for (let k: usize = 0; k < <usize>(rows * OUTPUTS); k++) {
    const action = <f32>load<i16>(tape.action + ((from * OUTPUTS + k) << 1)) * powerOfTwo(-ACTION_BITS);
    store<f32>(d + (k << 2), load<f32>(dActions + (k << 2)) * (<f32>1.0 - action * action));
  }
  for (let l = image.layers - 1; l >= 0; l--) {
    const layer = layerOf(image, l);
    for (let t = last; t >= first; t--)
      layerStep(a, tape, image, layer, copies, t, t < end, surrogate, slope, gradient);
    if (l == 0) break;
    const width = layer.width,
      inputs = layer.inputs,
      row = (<usize>width) << 2,
      rowBefore = (<usize>inputs) << 2;
    const dBefore = layerAdjoint(a, tape, layerOf(image, l - 1)) + from * rowBefore,
      weights = copies + ((<usize>layer.copy) << 2);
    gemm(dBefore, rowBefore, d, row, 4, weights, rowBefore, rows, inputs, width, false, a.packed);
    d = dBefore;
  }
}

/** Step t of one layer: from dL/dspikes to dL/dcurrent. */
function layerStep(
  a: Adjoint,
  tape: Tape,
  image: NetworkImage,
  layer: Layer,
  copies: F32s,
  t: i32,
  hasNext: bool,
  surrogate: i32,
  slope: f32,
  gradient: F32s,
): void {
  const n = tape.drones,
    width = layer.width;
  const row = (<usize>width) << 2,
    block = row * n,
    bytes = <usize>image.stateBytes;
  const d = layerAdjoint(a, tape, layer) + <usize>t * block,
    carry = a.carry + ((<usize>(layer.first * n)) << 2);
  if (layer.recurrent && hasNext) {
    const weights = copies + ((<usize>layer.ownCopy) << 2);
    gemm(d, row, d + block, row, 4, weights, row, n, width, width, true, a.packed);
  }
  const bias = <usize>layer.neurons + changetype<usize>(image);
  const dParameters = gradient + ((<usize>(masterNeurons(layer) + width)) << 2);
  for (let i: usize = 0; i < <usize>n; i++) {
    const before = tape.states + (<usize>(t * n) + i) * bytes + <usize>layer.state;
    neuronBackward(
      layer.neuron,
      d + i * row,
      hasNext ? d + block + i * row : 0,
      carry + i * row,
      before,
      before + <usize>n * bytes,
      bias + row,
      width,
      surrogate,
      slope,
      dParameters,
    );
  }
}

/** Adds the gradient of weights and biases over steps 0 .. steps - 1, after the last of them went back. */
export function adjointWeights(
  a: Adjoint,
  tape: Tape,
  image: NetworkImage,
  steps: i32,
  gradient: F32s,
): void {
  const rows = steps * tape.drones;
  for (let l = image.layers - 1; l >= 0; l--) {
    const layer = layerOf(image, l);
    const width = layer.width,
      row = (<usize>width) << 2,
      d = layerAdjoint(a, tape, layer);
    const weights = gradient + ((<usize>layer.master) << 2);
    if (l == 0) {
      const inputs = layer.inputs,
        pitch = (<usize>inputs) << 2;
      gemm(weights, row, tape.input, 4, pitch, d, row, inputs, width, rows, true, a.packed);
    } else spikeWeights(tape, layerOf(image, l - 1).first, layer.inputs, weights, d, width, rows);
    if (layer.recurrent) ownWeights(tape, image, layer, d, rows, gradient);
    addColumnSums(gradient + ((<usize>masterNeurons(layer)) << 2), d, row, rows, width);
  }
}

/** dWeights (nIn, n) += the rows of d at which each of nIn neurons from `first` on fired, in rows below `rows`. */
function spikeWeights(tape: Tape, first: i32, nIn: i32, dWeights: usize, d: F32s, n: i32, rows: i32): void {
  for (let j = 0; j < nIn; j++) {
    const times = tape.times + ((<usize>((first + j) * tape.rows)) << 1);
    let count = load<i32>(tape.counts + ((<usize>(first + j)) << 2));
    while (count > 0 && <i32>load<u16>(times + ((<usize>(count - 1)) << 1)) >= rows) count--;
    sparseWeightBackward(dWeights + ((<usize>(j * n)) << 2), d, times, count, n);
  }
}

/** A spike is heard one step later: rows of d that lie `drones` behind, the last step's by nobody. */
function ownWeights(tape: Tape, image: NetworkImage, layer: Layer, d: F32s, rows: i32, gradient: F32s): void {
  const n = layer.width,
    row = (<usize>n) << 2;
  const dWeights = gradient + ((<usize>masterOwnWeights(layer)) << 2);
  spikeWeights(tape, layer.first, n, dWeights, d + row * tape.drones, n, rows - tape.drones);
  const fired = scratchActive(image, tape.scratch, image.neurons),
    parameters = changetype<usize>(image) + layer.neurons + row;
  for (let i = 0; i < tape.drones; i++) {
    const state = tape.states + <usize>(i * image.stateBytes + layer.state);
    const count = listFired(layer.neuron, state, parameters, n, fired);
    for (let k = 0; k < count; k++) {
      const to = dWeights + row * <usize>load<u16>(fired + ((<usize>k) << 1)),
        from = d + row * i;
      for (let at: usize = 0; at < row; at += 4)
        store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
    }
  }
}

/** Reads the weights that adjointObservations needs; after every change of the image. */
export function adjointInputs(a: Adjoint, image: NetworkImage): void {
  const layer = layerOf(image, 0);
  for (let j = 0; j < layer.width; j++) {
    const row = a.inputWeights + <usize>j * INPUT_GRADIENT_PITCH;
    memory.fill(row, 0, INPUT_GRADIENT_PITCH);
    for (let k = 0; k < INPUTS; k++) {
      const q = load<i16>(changetype<usize>(image) + layer.weights + inputWeight(k, j, layer.width));
      store<f32>(row + ((<usize>k) << 2), <f32>q * powerOfTwo(observationBits(k) - layer.bits));
    }
  }
}

/** dObservations (drones, 20) f32 = dL/dobservation of step t, which just went back. */
export function adjointObservations(
  a: Adjoint,
  tape: Tape,
  image: NetworkImage,
  t: i32,
  dObservations: F32s,
): void {
  const width = layerOf(image, 0).width,
    row = (<usize>width) << 2;
  const d = a.d + <usize>(t * tape.drones) * row,
    pitch = INPUT_GRADIENT_PITCH;
  gemm(dObservations, pitch, d, row, 4, a.inputWeights, pitch, tape.drones, 20, width, false, a.packed);
}
