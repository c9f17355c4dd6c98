// A dense network in f64: the oracle for gradients of dense/mlp.ts and of what is built on it.

import { Activation, Mlp } from "../dense/mlp";
import { make } from "./arena";

function activate(kind: i32, v: f64): f64 {
  switch (kind) {
    case Activation.LINEAR:
      return v;
    case Activation.TANH:
      return Math.tanh(v);
    case Activation.RELU:
      return Math.max(v, 0.0);
    case Activation.FAST_TANH:
      v = Math.min(Math.max(v, -3.0), 3.0);
      return (v * (27.0 + v * v)) / (27.0 + 9.0 * v * v);
    default:
      assert(false, "dense-model.ts has no activation " + kind.toString());
      return NaN;
  }
}

/** Outputs for the sizes[0] numbers of x from `from` on; parameters as dense/mlp.ts lays them out, from `first` on. */
export function denseModel(
  sizes: StaticArray<i32>,
  hidden: i32,
  output: i32,
  parameters: StaticArray<f64>,
  first: i32,
  x: StaticArray<f64>,
  from: i32,
): StaticArray<f64> {
  let y = new StaticArray<f64>(sizes[0]);
  for (let i = 0; i < sizes[0]; i++) y[i] = x[from + i];
  let at = first;
  for (let l = 0; l + 1 < sizes.length; l++) {
    const nIn = sizes[l],
      nOut = sizes[l + 1];
    const next = new StaticArray<f64>(nOut);
    for (let j = 0; j < nOut; j++) {
      let v = parameters[at + nIn * nOut + j];
      for (let i = 0; i < nIn; i++) v += y[i] * parameters[at + i * nOut + j];
      next[j] = activate(l + 2 == sizes.length ? output : hidden, v);
    }
    y = next;
    at += (nIn + 1) * nOut;
  }
  return y;
}

/** An object of these sizes, inputs first. */
export function makeMlp(sizes: StaticArray<i32>, hidden: i32, output: i32): Mlp {
  const mlp = make<Mlp>();
  mlp.layers = sizes.length - 1;
  mlp.hidden = hidden;
  mlp.output = output;
  for (let l = 0; l < sizes.length; l++)
    store<i32>(changetype<usize>(mlp) + offsetof<Mlp>("size0") + ((<usize>l) << 2), sizes[l]);
  return mlp;
}
