// The GRU over a window of flight, forwards and backwards. A record has rows (t, i) at t n + i.

import { F32s, Scratch } from "../addresses";
import { take } from "../cursor";
import { addColumnSums, gemm, gemmScratchBytes } from "../dense/gemm";
import { laneCount, loadF, mul, splat, storeF, sub } from "../lanes";
import { Actor } from "./actor";
import { ACTIONS, biases, hiddenWeights, INPUTS, outWeights, stepForward, word } from "./gru";

@unmanaged
export abstract class GruWindow {
  drones: i32;
  rows: i32; // capacity: drones times steps
  input: F32s; // (rows, 18) f32
  hidden: F32s; // (rows + drones, units), the first `drones` before the first step
  gates: F32s; // r, z, c, m: (rows, units) each
  action: F32s; // (rows, 4)
  dInput: F32s; // (rows, 3 units): dL/d(x W)
  dHidden: F32s; // (rows, 3 units): dL/d(h U)
  dOut: F32s; // (rows, 4)
  dState: F32s; // (drones, units): dL/dh of the step behind
  dObservation: F32s; // (drones, 18), where nobody wants it
  products: F32s; // (drones, 6 units)
  packed: F32s; // of gemm
}

export function gruWindowLayout(w: GruWindow, a: Actor, drones: i32, steps: i32): void {
  const units = <usize>a.units,
    rows = <usize>(drones * steps),
    n = <usize>drones;
  w.drones = drones;
  w.rows = <i32>rows;
  w.input = take(4 * INPUTS * rows);
  w.hidden = take(4 * units * (rows + n));
  w.gates = take(16 * units * rows);
  w.action = take(16 * rows);
  w.dInput = take(12 * units * rows);
  w.dHidden = take(12 * units * rows);
  w.dOut = take(16 * rows);
  w.dState = take(4 * units * n);
  w.dObservation = take(4 * INPUTS * n);
  w.products = take(24 * units * n);
  w.packed = take(gemmScratchBytes(max<i32>(3 * a.units, max<i32>(INPUTS, <i32>rows))));
}

export function gruWindowBegin(w: GruWindow, a: Actor, states: Scratch): void {
  const bytes = (<usize>(a.units * w.drones)) << 2;
  if (states) memory.copy(w.hidden, states, bytes);
  else memory.fill(w.hidden, 0, bytes);
}

export function gruWindowEnd(w: GruWindow, a: Actor, steps: i32, states: Scratch): void {
  const bytes = (<usize>(a.units * w.drones)) << 2;
  memory.copy(states, w.hidden + <usize>steps * bytes, bytes);
}

export function gruWindowForward(
  w: GruWindow,
  a: Actor,
  t: i32,
  observations: F32s,
  pitch: usize,
  actions: F32s,
): void {
  const input = w.input + <usize>(t * w.drones * INPUTS * 4);
  for (let i: usize = 0; i < <usize>w.drones; i++)
    memory.copy(input + i * (INPUTS << 2), observations + i * pitch, INPUTS << 2);
  recordStep(w, a, t);
  memory.copy(actions, w.action + ((<usize>(t * w.drones)) << 4), (<usize>w.drones) << 4);
}

/** Step t, whose inputs are in the record. */
export function recordStep(w: GruWindow, a: Actor, t: i32): void {
  const n = w.drones,
    first = <usize>(t * n),
    row = (<usize>a.units) << 2;
  const input = w.input + first * (INPUTS << 2),
    before = w.hidden + first * row,
    gates = w.gates + first * row,
    actions = w.action + (first << 4);
  stepForward(
    a.units,
    a.parameters,
    input,
    before,
    before + row * n,
    n,
    gates,
    row * w.rows,
    actions,
    w.products,
    w.packed,
  );
}

export function gruWindowBackward(
  w: GruWindow,
  a: Actor,
  t: i32,
  last: i32,
  dActions: F32s,
  dObservations: F32s,
  gradient: F32s,
): void {
  const n = w.drones,
    units = a.units,
    first = <usize>(t * n),
    row = (<usize>units) << 2,
    wide = <usize>3 * row;
  const dOut = w.dOut + (first << 4),
    action = w.action + (first << 4);
  for (let k: usize = 0; k < (<usize>n) << 4; k += 4) {
    const said = load<f32>(action + k);
    store<f32>(dOut + k, load<f32>(dActions + k) * (<f32>1.0 - said * said));
  }
  const d = w.dState;
  gemm(d, row, dOut, 16, 4, word(a.copies, biases(units)), row, n, units, ACTIONS, t < last, w.packed);
  const dInput = w.dInput + first * wide,
    dHidden = w.dHidden + first * wide;
  for (let i: usize = 0; i < <usize>n; i++) {
    const gates = w.gates + (first + i) * row,
      before = w.hidden + (first + i) * row;
    if (ASC_FEATURE_SIMD)
      unitsBackward<v128>(
        d + i * row,
        gates,
        row * w.rows,
        before,
        row,
        dInput + i * wide,
        dHidden + i * wide,
      );
    else
      unitsBackward<f32>(
        d + i * row,
        gates,
        row * w.rows,
        before,
        row,
        dInput + i * wide,
        dHidden + i * wide,
      );
  }
  const hidden = word(a.copies, hiddenWeights(units));
  gemm(d, row, dHidden, wide, 4, hidden, row, n, units, 3 * units, true, w.packed);
  const pitch: usize = INPUTS << 2;
  gemm(dObservations, pitch, dInput, wide, 4, a.copies, pitch, n, INPUTS, 3 * units, false, w.packed);
}

/** d (units): dL/dh' on entry, what of dL/dh comes past the gates on return. */
function unitsBackward<F>(
  d: F32s,
  gates: F32s,
  pitch: usize,
  before: F32s,
  row: usize,
  dInput: F32s,
  dHidden: F32s,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const one = splat<F>(1.0);
  for (let at: usize = 0; at < row; at += group) {
    const r = loadF<F>(gates + at),
      z = loadF<F>(gates + pitch + at),
      c = loadF<F>(gates + 2 * pitch + at),
      m = loadF<F>(gates + 3 * pitch + at);
    const dh = loadF<F>(d + at);
    const dc = mul<F>(mul<F>(dh, sub<F>(one, z)), sub<F>(one, mul<F>(c, c)));
    const dz = mul<F>(mul<F>(dh, sub<F>(loadF<F>(before + at), c)), mul<F>(z, sub<F>(one, z)));
    const dr = mul<F>(mul<F>(dc, m), mul<F>(r, sub<F>(one, r)));
    storeF<F>(dInput + at, dr);
    storeF<F>(dInput + row + at, dz);
    storeF<F>(dInput + 2 * row + at, dc);
    storeF<F>(dHidden + at, dr);
    storeF<F>(dHidden + row + at, dz);
    storeF<F>(dHidden + 2 * row + at, mul<F>(dc, r));
    storeF<F>(d + at, mul<F>(dh, z));
  }
}

export function gruWindowGradient(w: GruWindow, a: Actor, steps: i32, gradient: F32s): void {
  const units = a.units,
    rows = steps * w.drones,
    row = (<usize>units) << 2,
    wide = <usize>3 * row;
  gemm(gradient, wide, w.input, 4, INPUTS << 2, w.dInput, wide, INPUTS, 3 * units, rows, true, w.packed);
  const hidden = word(gradient, hiddenWeights(units));
  gemm(hidden, wide, w.hidden, 4, row, w.dHidden, wide, units, 3 * units, rows, true, w.packed);
  const bias = word(gradient, biases(units));
  addColumnSums(bias, w.dInput, wide, rows, 3 * units);
  addColumnSums(bias + wide, w.dHidden + 2 * row, wide, rows, units);
  const out = word(gradient, outWeights(units)),
    after = w.hidden + row * w.drones;
  gemm(out, 16, after, 4, row, w.dOut, 16, units, ACTIONS, rows, true, w.packed);
  addColumnSums(out + ((<usize>(ACTIONS * units)) << 2), w.dOut, 16, rows, ACTIONS);
}
