// Initial parameters. Linear layers: weights and biases U(-1/sqrt(n_in), 1/sqrt(n_in)), as PyTorch; leaks and thresholds
// U(0, 1) each (REFERENCE section 4).

import { F32s, Scratch } from "./addresses";
import { Mlp } from "./dense/mlp";
import { log } from "./deterministic-math";
import { layerOf, NetworkImage } from "./network/image";
import { neuronInitial, neuronParameterRows } from "./neurons/neuron";
import { Stream, uniform } from "./rng";

/** n draws from U(low, high), starting at draw `first` of network `item`. */
export function fill(
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

/**
 * A spiking master (network/image.ts) of the network that image describes. The first `slow` neurons of every layer begin
 * with leaks U(slowLeak, 1), whatever their kind. item tells networks of one seed apart; scratch is DRAW_BYTES of rng.ts.
 */
export function initialiseSpiking(
  master: F32s,
  image: NetworkImage,
  slowShare: f32,
  slowLeak: f32,
  seed: u32,
  item: u32,
  scratch: Scratch,
): void {
  for (let l = 0; l < image.layers; l++) {
    const layer = layerOf(image, l);
    const n = layer.width,
      own = layer.recurrent ? n * n : 0;
    const weights = layer.inputs * n;
    let at = layer.master;
    const bound: f32 = f32(1.0) / f32.sqrt(<f32>layer.inputs),
      ownBound: f32 = f32(1.0) / f32.sqrt(<f32>n);
    fill(wordAt(master, at), weights, -bound, bound, seed, item, at, scratch);
    at += weights;
    fill(wordAt(master, at), own, -ownBound, ownBound, seed, item, at, scratch);
    at += own;
    fill(wordAt(master, at), n, -bound, bound, seed, item, at, scratch);
    at += n;
    const slow = l < image.layers - 1 ? <i32>nearest(slowShare * <f32>n) : 0;
    for (let r = 0; r < neuronParameterRows(layer.neuron); r++, at += n) {
      const low = neuronInitial(layer.neuron, r, 0),
        high = neuronInitial(layer.neuron, r, 1);
      fill(wordAt(master, at), n, low, high, seed, item, at, scratch);
      if (r == 0) fill(wordAt(master, at), slow, slowLeak, 1.0, seed, item, at, scratch);
    }
  }
}

// @ts-ignore: decorator
@inline
function wordAt(base: usize, word: i32): usize {
  return base + ((<usize>word) << 2);
}

function initialiseLayer(
  base: usize,
  at: i32,
  nIn: i32,
  nOut: i32,
  seed: u32,
  item: u32,
  scratch: usize,
): i32 {
  const bound: f32 = f32(1.0) / f32.sqrt(<f32>nIn);
  const words = (nIn + 1) * nOut;
  fill(wordAt(base, at), words, -bound, bound, seed, item, at, scratch);
  return at + words;
}

/** The parameters of a dense network (dense/mlp.ts). */
export function initialiseMlp(mlp: Mlp, parameters: F32s, seed: u32, item: u32, scratch: Scratch): void {
  let at = 0;
  for (let l = 0; l < mlp.layers; l++) {
    const size = changetype<usize>(mlp) + offsetof<Mlp>("size0") + ((<usize>l) << 2);
    at = initialiseLayer(parameters, at, load<i32>(size), load<i32>(size, 4), seed, item, scratch);
  }
}

/** Sets the biases (n) of a tanh read-out so that it says `action` where nothing else does: artanh. */
export function biasToAction(biases: F32s, n: i32, action: f32): void {
  const bias: f32 = <f32>0.5 * log<f32, i32>((<f32>1.0 + action) / (<f32>1.0 - action));
  for (let at: usize = 0; at < (<usize>n) << 2; at += 4) store<f32>(biases + at, bias);
}
