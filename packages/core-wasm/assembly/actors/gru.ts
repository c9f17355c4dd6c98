// The recurrent ANN: a gated recurrent unit (Cho et al. 2014, arXiv 1406.1078, with PyTorch's reset after the product) and
// a tanh read-out, f32, on the observation alone.
//
//   r = sigmoid(x Wr + h Ur + br)    z = sigmoid(x Wz + h Uz + bz)    m = h Um + bm
//   c = tanh(x Wc + bc + r m)        h' = (1 - z) c + z h             a = tanh(h' V + v)
//
// Parameters: W (inputs, 3 units) for r, z, c; U (units, 3 units) for r, z, m; b (4 units) for r, z, c, m; V (units, 4);
// v (4).

import { F32s, Scratch } from "../addresses";
import { gemm, gemmScratchBytes, transpose } from "../dense/gemm";
import { tanh } from "../deterministic-math";
import { fill } from "../initialise";
import { add, laneCount, loadF, mul, splat, storeF, sub } from "../lanes";
import { OBSERVATION_WORDS } from "../task/observation";
import { Actor } from "./actor";

export const INPUTS: i32 = OBSERVATION_WORDS;
export const ACTIONS: i32 = 4;

// Word offsets in the parameters.
// @ts-ignore: decorator
@inline
export function hiddenWeights(units: i32): i32 {
  return 3 * INPUTS * units;
}
// @ts-ignore: decorator
@inline
export function biases(units: i32): i32 {
  return hiddenWeights(units) + 3 * units * units;
}
// @ts-ignore: decorator
@inline
export function outWeights(units: i32): i32 {
  return biases(units) + 4 * units;
}

export function gruParameterCount(a: Actor): i32 {
  return outWeights(a.units) + ACTIONS * a.units + ACTIONS;
}

// @ts-ignore: decorator
@inline
export function word(base: usize, offset: i32): usize {
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
export function stepForward(
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

export function actInPlace(
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
