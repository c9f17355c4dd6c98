// The recurrent ANN: a gated recurrent unit (Cho et al. 2014, arXiv 1406.1078, with PyTorch's reset after the product) and
// a tanh read-out, f32, on the observation alone.
//
//   r = sigmoid(x Wr + h Ur + br)    z = sigmoid(x Wz + h Uz + bz)    m = h Um + bm
//   c = tanh(x Wc + bc + r m)        h' = (1 - z) c + z h             a = tanh(h' V + v)
//
// Parameters: W (inputs, 3 units) for r, z, c; U (units, 3 units) for r, z, m; b (4 units) for r, z, c, m; V (units, 4);
// v (4). A record has rows (t, i) at t n + i. Sequences of a batch fly side by side as the drones of a window do.

import { F32s, Scratch } from "../addresses";
import { laidTo, layFrom, MEASURED, take } from "../cursor";
import { addColumnSums, gemm, gemmScratchBytes, transpose } from "../dense/gemm";
import { tanh } from "../deterministic-math";
import { fill } from "../initialise";
import { add, laneCount, loadF, mul, splat, storeF, sub } from "../lanes";
import { Batch } from "../objective/batch";
import { Row } from "../replay/replay-buffer";
import { OBSERVATION_WORDS } from "../task/observation";
import { Actor } from "./actor";

const INPUTS: i32 = OBSERVATION_WORDS;
const ACTIONS: i32 = 4;

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

// Word offsets in the parameters.
// @ts-ignore: decorator
@inline
function hiddenWeights(units: i32): i32 {
  return 3 * INPUTS * units;
}
// @ts-ignore: decorator
@inline
function biases(units: i32): i32 {
  return hiddenWeights(units) + 3 * units * units;
}
// @ts-ignore: decorator
@inline
function outWeights(units: i32): i32 {
  return biases(units) + 4 * units;
}

export function gruParameterCount(a: Actor): i32 {
  return outWeights(a.units) + ACTIONS * a.units + ACTIONS;
}

// @ts-ignore: decorator
@inline
function word(base: usize, offset: i32): usize {
  return base + ((<usize>offset) << 2);
}

/** All U(-1/sqrt(units), 1/sqrt(units)), as PyTorch. */
export function gruInitialise(a: Actor, seed: u32, item: u32, scratch: Scratch): void {
  const bound: f32 = f32(1.0) / f32.sqrt(<f32>a.units);
  fill(a.parameters, gruParameterCount(a), -bound, bound, seed, item, 0, scratch);
}

/** Copies: W, U and V transposed. */
export function gruSync(a: Actor): void {
  const u = a.units,
    p = a.parameters,
    c = a.copies;
  transpose(c, p, INPUTS, 3 * u);
  transpose(word(c, hiddenWeights(u)), word(p, hiddenWeights(u)), u, 3 * u);
  transpose(word(c, biases(u)), word(p, outWeights(u)), u, ACTIONS);
}

/** Hidden state `after` (n, units) and actions (n, 4) of x (n, 18); gates r, z, c, m go where they are told. */
function stepForward(
  units: i32,
  parameters: F32s,
  x: F32s,
  before: F32s,
  after: F32s,
  n: i32,
  gates: F32s,
  gatePitch: usize,
  actions: F32s,
  products: F32s,
  packed: F32s,
): void {
  const wide = (<usize>(3 * units)) << 2,
    row = (<usize>units) << 2;
  const fromInput = products,
    fromHidden = products + wide * n;
  const b = word(parameters, biases(units));
  gemm(fromInput, wide, x, INPUTS << 2, 4, parameters, wide, n, 3 * units, INPUTS, false, packed);
  const weights = word(parameters, hiddenWeights(units));
  gemm(fromHidden, wide, before, row, 4, weights, wide, n, 3 * units, units, false, packed);
  for (let i: usize = 0; i < <usize>n; i++) {
    if (ASC_FEATURE_SIMD)
      unitsForward<v128, v128>(
        fromInput + i * wide,
        fromHidden + i * wide,
        b,
        before + i * row,
        after + i * row,
        row,
        gates + i * row,
        gatePitch,
      );
    else
      unitsForward<f32, i32>(
        fromInput + i * wide,
        fromHidden + i * wide,
        b,
        before + i * row,
        after + i * row,
        row,
        gates + i * row,
        gatePitch,
      );
  }
  const v = word(parameters, outWeights(units));
  gemm(actions, 16, after, row, 4, v, 16, n, ACTIONS, units, false, packed);
  const out = v + ((<usize>(ACTIONS * units)) << 2);
  for (let i: usize = 0; i < (<usize>n) << 4; i += 4)
    store<f32>(actions + i, tanh<f32, i32>(load<f32>(actions + i) + load<f32>(out + (i & 15))));
}

// @ts-ignore: decorator
@inline
function sigmoid<F, I>(x: F): F {
  const half = splat<F>(0.5);
  return add<F>(half, mul<F>(half, tanh<F, I>(mul<F>(half, x))));
}

function unitsForward<F, I>(
  fromInput: F32s,
  fromHidden: F32s,
  b: F32s,
  before: F32s,
  after: F32s,
  row: usize,
  gates: F32s,
  pitch: usize,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let at: usize = 0; at < row; at += group) {
    const i = fromInput + at,
      h = fromHidden + at,
      bias = b + at;
    const r = sigmoid<F, I>(add<F>(add<F>(loadF<F>(i), loadF<F>(h)), loadF<F>(bias)));
    const z = sigmoid<F, I>(add<F>(add<F>(loadF<F>(i + row), loadF<F>(h + row)), loadF<F>(bias + row)));
    const m = add<F>(loadF<F>(h + 2 * row), loadF<F>(bias + 3 * row));
    const c = tanh<F, I>(add<F>(add<F>(loadF<F>(i + 2 * row), loadF<F>(bias + 2 * row)), mul<F>(r, m)));
    const kept = mul<F>(z, loadF<F>(before + at));
    storeF<F>(after + at, add<F>(mul<F>(sub<F>(splat<F>(1.0), z), c), kept));
    storeF<F>(gates + at, r);
    storeF<F>(gates + pitch + at, z);
    storeF<F>(gates + 2 * pitch + at, c);
    storeF<F>(gates + 3 * pitch + at, m);
  }
}

// --- flying: observations are gathered, then one step of all drones in place

export function gruActBytes(a: Actor, n: u32): u32 {
  const words = <i32>n * (INPUTS + 10 * a.units);
  return <u32>(4 * words + gemmScratchBytes(max<i32>(a.units, INPUTS)));
}

function actInPlace(
  a: Actor,
  parameters: F32s,
  x: F32s,
  n: i32,
  states: Scratch,
  actions: F32s,
  work: Scratch,
): void {
  const row = (<usize>a.units) << 2,
    products = work + 4 * row * n,
    packed = products + 6 * row * n;
  stepForward(a.units, parameters, x, states, states, n, work, row * n, actions, products, packed);
}

export function gruAct(
  a: Actor,
  observations: F32s,
  pitch: usize,
  n: i32,
  states: Scratch,
  actions: F32s,
  workspace: Scratch,
): void {
  for (let i: usize = 0; i < <usize>n; i++)
    memory.copy(workspace + i * (INPUTS << 2), observations + i * pitch, INPUTS << 2);
  actInPlace(a, a.parameters, workspace, n, states, actions, workspace + <usize>(n * INPUTS * 4));
}

// --- windows of flight

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
function recordStep(w: GruWindow, a: Actor, t: i32): void {
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

// --- sequences of a batch: one window, its drones the sequences, from zero

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
