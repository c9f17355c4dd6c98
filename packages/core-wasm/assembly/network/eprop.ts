// e-prop: the gradient of a sequence forwards in time, from what each synapse remembers (Bellec et al. 2020, Nature
// Communications 11:3625; for layers on layers Bohnstingl et al. 2022, OSTL). No step is gone back to.
//
//   e[t] = leak e[t-1] + x[t]                         a trace of every parameter; 0 where U[t] saturated
//   L[t] = dL/dS[t] by what is said at step t alone    through the weights above, no path through time
//   dparameter += L[t] g(U[t] - threshold) e[t]
//
// x is what the parameter multiplies: the input or the spike heard, 1 for a bias, U[t-1] for a leak, -S[t-1] for a
// threshold, which beside that stands in the comparison of step t. With one hidden layer that does not hear itself nothing is
// left out, and the gradient is that of network/backward.ts; with more, a layer does not learn what its spikes will do
// to the membranes above in later steps. For layers of LIF without own weights, and a read-out without memory.

import { F32s } from "../addresses";
import { take } from "../cursor";
import { ACTION_BITS, MEMBRANE_LIMIT, powerOfTwo, Q16_UNIT } from "../fixed-point";
import {
  absI,
  greaterI,
  laneCount,
  loadF,
  loadI,
  maskF,
  mul,
  mulAdd,
  splat,
  splatI,
  storeF,
  sub,
  subI,
  toF32,
} from "../lanes";
import { lifFires } from "../neurons/lif";
import { addScaled } from "../optimizer/add-scaled";
import { surrogateGradientLanes } from "../surrogates/surrogate";
import { INPUTS, Layer, layerOf, masterNeurons, NetworkImage, OUTPUTS } from "./image";
import { Tape } from "./tape";

@unmanaged
export abstract class Eprop {
  traces: F32s; // (masterWords) f32, where a master has the parameter; those of the read-out are unused
  signal: F32s; // (widest) f32: dL/dS of the layer at hand
  delta: F32s; // (widest) f32: dL/dU of this step alone, 0 where U saturated
}

/** Lays out the traces behind the header; see cursor.ts. */
export function epropLayout(e: Eprop, image: NetworkImage): void {
  const widest = max<i32>(image.widest, OUTPUTS);
  e.traces = take(4 * <usize>image.masterWords);
  e.signal = take(4 * <usize>widest);
  e.delta = take(4 * <usize>widest);
}

/**
 * Adds the gradient of the record of one drone over `steps` steps to gradient (a master's layout), given dActions (steps, 4)
 * f32 = dL/daction. copies: copyForBackward.
 */
export function epropSequence(
  e: Eprop,
  tape: Tape,
  image: NetworkImage,
  copies: F32s,
  dActions: F32s,
  steps: i32,
  surrogate: i32,
  slope: f32,
  gradient: F32s,
): void {
  memory.fill(e.traces, 0, (<usize>image.masterWords) << 2);
  for (let t = 0; t < steps; t++) {
    if (ASC_FEATURE_SIMD)
      epropStep<v128, v128>(e, tape, image, copies, dActions, t, surrogate, slope, gradient);
    else epropStep<f32, i32>(e, tape, image, copies, dActions, t, surrogate, slope, gradient);
  }
}

/** From the read-out down: what each layer hears of the error of this step, and what its traces make of it. */
function epropStep<F, I>(
  e: Eprop,
  tape: Tape,
  image: NetworkImage,
  copies: F32s,
  dActions: F32s,
  t: i32,
  surrogate: i32,
  slope: f32,
  gradient: F32s,
): void {
  const bytes = <usize>image.stateBytes;
  const before = tape.states + <usize>t * bytes,
    after = before + bytes;
  const readOut = layerOf(image, image.layers - 1);
  for (let k: usize = 0; k < <usize>OUTPUTS; k++) {
    const at = ((<usize>t) << 4) + (k << 2);
    const action = <f32>load<i16>(tape.action + (at >> 1)) * powerOfTwo(-ACTION_BITS);
    store<f32>(e.delta + (k << 2), load<f32>(dActions + at) * (<f32>1.0 - action * action));
  }
  addScaled(gradient + ((<usize>masterNeurons(readOut)) << 2), e.delta, 1.0, OUTPUTS);
  const last = layerOf(image, image.layers - 2);
  for (let i = 0; i < readOut.inputs; i++)
    if (spiked(image, last, after, i))
      addScaled(gradient + ((<usize>(readOut.master + i * OUTPUTS)) << 2), e.delta, 1.0, OUTPUTS);

  for (let l = image.layers - 2; l >= 0; l--) {
    const layer = layerOf(image, l),
      n = layer.width,
      row = (<usize>n) << 2;
    hearAbove(e, layerOf(image, l + 1), copies, n);
    const u = after + layer.state,
      uPrev = before + layer.state;
    const neurons = changetype<usize>(image) + layer.neurons;
    const leak = neurons + row,
      threshold = leak + row;
    const bias = (<usize>masterNeurons(layer)) << 2;
    throughSurrogate<F, I>(e, u, threshold, n, surrogate, slope, gradient + bias + 2 * row);
    for (let i = 0; i < layer.inputs; i++) {
      const x: f32 =
        l == 0
          ? load<f32>(tape.input + ((<usize>(t * INPUTS + i)) << 2))
          : spiked(image, layerOf(image, l - 1), after, i)
            ? <f32>1.0
            : <f32>0.0;
      const weights = (<usize>(layer.master + i * n)) << 2;
      traceRow<F, I>(e.traces + weights, gradient + weights, e.delta, u, leak, x, n);
    }
    traceRow<F, I>(e.traces + bias, gradient + bias, e.delta, u, leak, 1.0, n);
    traceOwn<F, I>(e, bias + row, gradient, u, uPrev, leak, threshold, n);
  }
}

// @ts-ignore: decorator
@inline
function spiked(image: NetworkImage, layer: Layer, state: usize, i: i32): bool {
  const row = (<usize>layer.width) << 2;
  const parameters = changetype<usize>(image) + layer.neurons + row;
  return lifFires(state + layer.state, parameters, row, (<usize>i) << 2);
}

/** signal (n) of a layer from the delta of the one above. */
function hearAbove(e: Eprop, above: Layer, copies: F32s, n: i32): void {
  memory.fill(e.signal, 0, (<usize>n) << 2);
  for (let j = 0; j < above.width; j++) {
    const d = load<f32>(e.delta + ((<usize>j) << 2));
    if (d != 0.0) addScaled(e.signal, copies + ((<usize>(above.copy + j * n)) << 2), d, n);
  }
}

/** delta (n) of signal (n); a threshold also stands in the comparison itself. */
function throughSurrogate<F, I>(
  e: Eprop,
  u: usize,
  threshold: usize,
  n: i32,
  surrogate: i32,
  slope: f32,
  dThreshold: usize,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let at: usize = 0; at < (<usize>n) << 2; at += group) {
    const membrane = loadI<I>(u + at);
    const x = mul<F>(toF32<F, I>(subI<I>(membrane, loadI<I>(threshold + at))), splat<F>(Q16_UNIT));
    const through = mul<F>(loadF<F>(e.signal + at), surrogateGradientLanes<F, I>(surrogate, x, slope));
    storeF<F>(dThreshold + at, sub<F>(loadF<F>(dThreshold + at), through));
    storeF<F>(e.delta + at, maskF<F, I>(within<I>(membrane), through));
  }
}

/** Lanes whose membrane did not saturate. */
// @ts-ignore: decorator
@inline
function within<I>(membrane: I): I {
  return greaterI<I>(splatI<I>(MEMBRANE_LIMIT), absI<I>(membrane));
}

// @ts-ignore: decorator
@inline
function step<F, I>(trace: usize, at: usize, u: usize, leak: usize, x: F): F {
  const kept = mul<F>(toF32<F, I>(loadI<I>(leak + at)), splat<F>(Q16_UNIT));
  const next = maskF<F, I>(within<I>(loadI<I>(u + at)), mulAdd<F>(kept, loadF<F>(trace + at), x));
  storeF<F>(trace + at, next);
  return next;
}

/** Traces (n) of parameters that all multiply x, and their gradient. */
function traceRow<F, I>(
  trace: usize,
  gradient: usize,
  delta: usize,
  u: usize,
  leak: usize,
  x: f32,
  n: i32,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let at: usize = 0; at < (<usize>n) << 2; at += group) {
    const next = step<F, I>(trace, at, u, leak, splat<F>(x));
    storeF<F>(gradient + at, mulAdd<F>(loadF<F>(delta + at), next, loadF<F>(gradient + at)));
  }
}

/** Of leaks (n), at `first` in a master, and of the thresholds (n) behind them. */
function traceOwn<F, I>(
  e: Eprop,
  first: usize,
  gradient: usize,
  u: usize,
  uPrev: usize,
  leak: usize,
  threshold: usize,
  n: i32,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2,
    row = (<usize>n) << 2;
  const leaks = e.traces + first,
    thresholds = leaks + row;
  const dLeaks = gradient + first,
    dThresholds = dLeaks + row;
  for (let at: usize = 0; at < row; at += group) {
    const delta = loadF<F>(e.delta + at),
      last = loadI<I>(uPrev + at);
    const leaked = step<F, I>(leaks, at, u, leak, mul<F>(toF32<F, I>(last), splat<F>(Q16_UNIT)));
    storeF<F>(dLeaks + at, mulAdd<F>(delta, leaked, loadF<F>(dLeaks + at)));
    const spike = maskF<F, I>(greaterI<I>(last, loadI<I>(threshold + at)), splat<F>(-1.0));
    const reset = step<F, I>(thresholds, at, u, leak, spike);
    storeF<F>(dThresholds + at, mulAdd<F>(delta, reset, loadF<F>(dThresholds + at)));
  }
}
