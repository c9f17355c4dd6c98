// Initial parameters. Linear layers: weights and biases U(-1/sqrt(n_in), 1/sqrt(n_in)), as PyTorch; leaks and thresholds
// U(0, 1) each (REFERENCE section 4).

import { Mlp } from "./dense/mlp";
import { log } from "./deterministic-math";
import { Stream, uniform } from "./rng";
import { INPUTS, OUTPUTS } from "./snn/network";

/** n draws from U(low, high), starting at draw `first` of network `item`. */
function fill(
  at: usize,
  n: i32,
  low: f32,
  high: f32,
  seed: u32,
  item: u32,
  first: i32,
  scratch: usize,
): void {
  for (let i = 0; i < n; i++) {
    store<f32>(at + ((<usize>i) << 2), uniform(seed, Stream.INITIALISE, item, first + i, low, high, scratch));
  }
}

/** A spiking master (snn/network.ts). item tells networks of one seed apart; scratch is 8 bytes. */
export function initialiseSpiking(
  master: usize,
  h1: i32,
  h2: i32,
  seed: u32,
  item: u32,
  scratch: usize,
): void {
  let at = 0;
  at = initialiseLayer(master, at, INPUTS, h1, true, seed, item, scratch);
  at = initialiseLayer(master, at, h1, h2, true, seed, item, scratch);
  initialiseLayer(master, at, h2, OUTPUTS, false, seed, item, scratch);
}

function initialiseLayer(
  base: usize,
  at: i32,
  nIn: i32,
  nOut: i32,
  neurons: bool,
  seed: u32,
  item: u32,
  scratch: usize,
): i32 {
  const bound: f32 = f32(1.0) / f32.sqrt(<f32>nIn);
  const linear = (nIn + 1) * nOut;
  fill(base + ((<usize>at) << 2), linear, -bound, bound, seed, item, at, scratch);
  at += linear;
  if (!neurons) return at;
  fill(base + ((<usize>at) << 2), 2 * nOut, 0.0, 1.0, seed, item, at, scratch);
  return at + 2 * nOut;
}

/** The parameters of a dense network (dense/mlp.ts). */
export function initialiseMlp(mlp: usize, parameters: usize, seed: u32, item: u32, scratch: usize): void {
  const layers = changetype<Mlp>(mlp).layers;
  let at = 0;
  for (let l = 0; l < layers; l++) {
    const size = mlp + offsetof<Mlp>("size0") + ((<usize>l) << 2);
    at = initialiseLayer(parameters, at, load<i32>(size), load<i32>(size, 4), false, seed, item, scratch);
  }
}

/** Sets the biases (n) of a tanh read-out so that it says `action` where nothing else does: artanh. */
export function biasToAction(biases: usize, n: i32, action: f32): void {
  const bias: f32 = <f32>0.5 * log<f32, i32>((<f32>1.0 + action) / (<f32>1.0 - action));
  for (let at: usize = 0; at < (<usize>n) << 2; at += 4) store<f32>(biases + at, bias);
}
