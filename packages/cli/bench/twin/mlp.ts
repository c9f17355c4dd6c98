// A dense network in plain TypeScript: tanh layers, then a tanh or linear output. Parameters are laid out as the core's:
// W (in, out), b (out), layer after layer.

import { addColumnSums, addProduct, addTransposedProduct, productWithTransposed } from "./product.js";

export interface Mlp {
  readonly sizes: readonly number[];
  readonly tanhOutput: boolean;
  readonly parameters: Float32Array;
}

export function createMlp(sizes: readonly number[], tanhOutput: boolean): Mlp {
  const count = sizes.slice(1).reduce((sum, size, l) => sum + (sizes[l]! + 1) * size, 0);
  const parameters = Float32Array.from({ length: count }, (_, i) => 0.2 * Math.sin(1 + i * 12.9898));
  return { sizes, tanhOutput, parameters };
}

/** Activations of every layer for up to `rows` rows, and room for two gradients. */
export function createActivations(mlp: Mlp, rows: number) {
  const widest = Math.max(...mlp.sizes);
  return {
    layers: mlp.sizes.slice(1).map((size) => new Float32Array(size * rows)),
    delta: new Float32Array(widest * rows),
    deltaIn: new Float32Array(widest * rows),
  };
}
export type Activations = ReturnType<typeof createActivations>;

/** The output (rows, last size) of x (rows, sizes[0]). */
export function forward(
  mlp: Mlp,
  parameters: Float32Array,
  x: Float32Array,
  rows: number,
  activations: Activations,
): Float32Array {
  const { sizes, tanhOutput } = mlp;
  let input = x;
  let at = 0;
  for (let l = 0; l + 1 < sizes.length; l++) {
    const nIn = sizes[l]!;
    const nOut = sizes[l + 1]!;
    const y = activations.layers[l]!;
    const bias = at + nIn * nOut;
    const isTanh = tanhOutput || l + 2 < sizes.length;
    const biases = parameters.subarray(bias, bias + nOut);
    for (let r = 0; r < rows; r++) y.set(biases, r * nOut);
    addProduct(y, input, parameters, at, rows, nOut, nIn);
    if (isTanh) for (let i = 0; i < rows * nOut; i++) y[i] = Math.tanh(y[i]!);
    input = y;
    at = bias + nOut;
  }
  return input;
}

/** Adds dL/dparameters to gradient (if wanted) and writes dL/dx to dx (if wanted), given dL/doutput. */
export function backward(
  mlp: Mlp,
  x: Float32Array,
  rows: number,
  activations: Activations,
  dOutput: Float32Array,
  gradient: Float32Array | undefined,
  dx: Float32Array | undefined,
): void {
  const { sizes, tanhOutput, parameters } = mlp;
  let end = parameters.length;
  let { delta, deltaIn } = activations;
  delta.set(dOutput);
  for (let l = sizes.length - 2; l >= 0; l--) {
    const nIn = sizes[l]!;
    const nOut = sizes[l + 1]!;
    const y = activations.layers[l]!;
    const input = l === 0 ? x : activations.layers[l - 1]!;
    const at = end - (nIn + 1) * nOut;
    const bias = at + nIn * nOut;
    if (tanhOutput || l + 2 < sizes.length)
      for (let i = 0; i < rows * nOut; i++) delta[i]! *= 1 - y[i]! * y[i]!;
    if (gradient) {
      addColumnSums(gradient, bias, delta, rows, nOut);
      addTransposedProduct(gradient, at, input, delta, rows, nOut, nIn);
    }
    const target = l > 0 ? deltaIn : dx;
    if (target) productWithTransposed(target, delta, parameters, at, rows, nOut, nIn);
    [delta, deltaIn] = [deltaIn, delta];
    end = at;
  }
}
