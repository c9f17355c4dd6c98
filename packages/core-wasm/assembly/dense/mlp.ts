// A dense network: guide, critics and the ANN baselines. Layers of y = activation(x W + b).
//
// Parameters are one flat f32 array, layer after layer: W (in, out), b (out). Backward needs each W transposed, in the
// same order without biases (mlpTranspose, once after each update).

import { F32s, Scratch } from "../addresses";
import { fastTanh, fastTanhSlope, tanh } from "../deterministic-math";
import { choose, greaterF, loadF, max, mul, splat, storeF, sub } from "../lanes";
import { addColumnSums, gemm, gemmScratchBytes, transpose } from "./gemm";

// @ts-ignore: decorator
@shared
export namespace Activation {
  export const LINEAR: i32 = 0;
  export const TANH: i32 = 1;
  export const RELU: i32 = 2;
  export const FAST_TANH: i32 = 3; // of learning-to-fly
  export const COUNT: i32 = 4;
}

export const MLP_MAX_LAYERS: i32 = 4;

@unmanaged
export abstract class Mlp {
  layers: i32; // weight layers, up to MLP_MAX_LAYERS
  hidden: i32; // Activation of the hidden layers
  output: i32; // Activation of the last
  size0: i32; // inputs; size1 .. size4 follow, 0 behind the last layer
  size1: i32 = 0;
  size2: i32 = 0;
  size3: i32 = 0;
  size4: i32 = 0;
}

// @ts-ignore: decorator
@inline
function sizeOf(mlp: Mlp, layer: i32): i32 {
  return load<i32>(changetype<usize>(mlp) + ((<usize>layer) << 2), offsetof<Mlp>("size0"));
}

export function mlpParameterCount(mlp: Mlp): i32 {
  let count = 0;
  for (let l = 0; l < mlp.layers; l++) count += (sizeOf(mlp, l) + 1) * sizeOf(mlp, l + 1);
  return count;
}

/** Bytes of the activations of `rows` rows: every layer's output, layer after layer. */
export function mlpActivationBytes(mlp: Mlp, rows: i32): i32 {
  let words = 0;
  for (let l = 1; l <= mlp.layers; l++) words += sizeOf(mlp, l);
  return 4 * words * rows;
}

/** From now on the network sees its first n inputs shifted by shift (n): the first biases take W1 times it. */
export function mlpShiftInputs(mlp: Mlp, parameters: F32s, shift: F32s, n: i32): void {
  const width = sizeOf(mlp, 1);
  const biases = parameters + ((<usize>(mlp.size0 * width)) << 2);
  for (let k = 0; k < n; k++) {
    const by = load<f32>(shift + ((<usize>k) << 2));
    for (let j = 0; j < width; j++) {
      const at = biases + ((<usize>j) << 2);
      store<f32>(at, load<f32>(at) + by * load<f32>(parameters + ((<usize>(k * width + j)) << 2)));
    }
  }
}

/** Where the output (rows, last size) lies within the activations. */
export function mlpOutput(mlp: Mlp, activations: F32s, rows: i32): F32s {
  return activations + mlpActivationBytes(mlp, rows) - 4 * sizeOf(mlp, mlp.layers) * rows;
}

function widest(mlp: Mlp): i32 {
  let width = 0;
  for (let l = 0; l <= mlp.layers; l++) width = width > sizeOf(mlp, l) ? width : sizeOf(mlp, l);
  return width;
}

/** Bytes of scratch for forward and backward of `rows` rows. */
export function mlpScratchBytes(mlp: Mlp, rows: i32): i32 {
  const width = widest(mlp);
  return gemmScratchBytes(width > rows ? width : rows) + 8 * width * rows;
}

/** transposed: every W as (out, in), layer after layer. */
export function mlpTranspose(mlp: Mlp, parameters: F32s, transposed: F32s): void {
  for (let l = 0; l < mlp.layers; l++) {
    const nIn = sizeOf(mlp, l),
      nOut = sizeOf(mlp, l + 1);
    transpose(transposed, parameters, nIn, nOut);
    transposed += (<usize>(nIn * nOut)) << 2;
    parameters += (<usize>((nIn + 1) * nOut)) << 2;
  }
}

/** activations of x (rows, size0), whose rows lie xPitch bytes apart. */
export function mlpForward(
  mlp: Mlp,
  parameters: F32s,
  x: F32s,
  xPitch: usize,
  rows: i32,
  activations: F32s,
  scratch: Scratch,
): void {
  for (let l = 0; l < mlp.layers; l++) {
    const nIn = sizeOf(mlp, l),
      nOut = sizeOf(mlp, l + 1);
    const rowBytes = (<usize>nOut) << 2;
    const bias = parameters + <usize>((nIn * nOut) << 2);
    for (let i = 0; i < rows; i++) memory.copy(activations + <usize>i * rowBytes, bias, rowBytes);
    gemm(activations, rowBytes, x, xPitch, 4, parameters, rowBytes, rows, nOut, nIn, true, scratch);
    activate(l == mlp.layers - 1 ? mlp.output : mlp.hidden, activations, rows * nOut);
    x = activations;
    xPitch = rowBytes;
    activations += rowBytes * rows;
    parameters = bias + rowBytes;
  }
}

/**
 * Adds dL/dparameters to gradient (0: not wanted) and writes dL/dx to dx (0: not wanted), given dOutput (rows, out) =
 * dL/doutput, which is overwritten.
 */
export function mlpBackward(
  mlp: Mlp,
  transposed: F32s,
  x: F32s,
  xPitch: usize,
  rows: i32,
  activations: F32s,
  dOutput: F32s,
  gradient: F32s,
  dx: F32s,
  dxPitch: usize,
  scratch: Scratch,
): void {
  const width = widest(mlp);
  const packed = scratch;
  let deltaIn = packed + gemmScratchBytes(width > rows ? width : rows);
  let spare = deltaIn + <usize>(4 * width * rows);
  let parametersEnd = gradient + ((<usize>mlpParameterCount(mlp)) << 2);
  let transposedEnd = transposed;
  for (let l = 0; l < mlp.layers; l++) transposedEnd += (<usize>(sizeOf(mlp, l) * sizeOf(mlp, l + 1))) << 2;
  let y = activations + mlpActivationBytes(mlp, rows);
  let delta = dOutput;
  for (let l = mlp.layers - 1; l >= 0; l--) {
    const nIn = sizeOf(mlp, l),
      nOut = sizeOf(mlp, l + 1);
    const rowBytes = (<usize>nOut) << 2;
    y -= rowBytes * rows;
    deactivate(l == mlp.layers - 1 ? mlp.output : mlp.hidden, delta, y, rows * nOut);
    const input = l == 0 ? x : y - ((<usize>nIn) << 2) * rows;
    const inputPitch = l == 0 ? xPitch : (<usize>nIn) << 2;
    if (gradient) {
      const weights = parametersEnd - <usize>(((nIn + 1) * nOut) << 2);
      gemm(weights, rowBytes, input, 4, inputPitch, delta, rowBytes, nIn, nOut, rows, true, packed);
      addColumnSums(weights + <usize>((nIn * nOut) << 2), delta, rowBytes, rows, nOut);
      parametersEnd = weights;
    }
    transposedEnd -= (<usize>(nIn * nOut)) << 2;
    if (l > 0) {
      gemm(
        deltaIn,
        (<usize>nIn) << 2,
        delta,
        rowBytes,
        4,
        transposedEnd,
        (<usize>nIn) << 2,
        rows,
        nIn,
        nOut,
        false,
        packed,
      );
      delta = deltaIn;
      deltaIn = spare;
      spare = delta;
    } else if (dx) {
      gemm(dx, dxPitch, delta, rowBytes, 4, transposedEnd, (<usize>nIn) << 2, rows, nIn, nOut, false, packed);
    }
  }
}

function activate(kind: i32, y: usize, n: i32): void {
  if (kind == Activation.LINEAR) return;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 4 <= n; i += 4) activateLanes<v128, v128>(kind, y + ((<usize>i) << 2));
  }
  for (; i < n; i++) activateLanes<f32, i32>(kind, y + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
function activateLanes<F, I>(kind: i32, y: usize): void {
  const x = loadF<F>(y);
  if (kind == Activation.TANH) storeF<F>(y, tanh<F, I>(x));
  else if (kind == Activation.FAST_TANH) storeF<F>(y, fastTanh<F>(x));
  else storeF<F>(y, max<F>(x, splat<F>(0.0)));
}

/** delta (n) *= activation'(y). */
function deactivate(kind: i32, delta: usize, y: usize, n: i32): void {
  if (kind == Activation.LINEAR) return;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 4 <= n; i += 4)
      deactivateLanes<v128, v128>(kind, delta + ((<usize>i) << 2), y + ((<usize>i) << 2));
  }
  for (; i < n; i++) deactivateLanes<f32, i32>(kind, delta + ((<usize>i) << 2), y + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
function deactivateLanes<F, I>(kind: i32, delta: usize, at: usize): void {
  const y = loadF<F>(at),
    d = loadF<F>(delta),
    zero = splat<F>(0.0);
  if (kind == Activation.TANH) storeF<F>(delta, mul<F>(d, sub<F>(splat<F>(1.0), mul<F>(y, y))));
  else if (kind == Activation.FAST_TANH) storeF<F>(delta, mul<F>(d, fastTanhSlope<F, I>(y)));
  else storeF<F>(delta, choose<F, I>(greaterF<F, I>(y, zero), d, zero));
}
