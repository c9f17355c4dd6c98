// Gradients of networks of any layers against finite differences of their relaxed model, in f64 (see bptt.spec.ts): spikes
// in the reset are the recorded ones, those that a next layer, the layer itself or an adaptation hears are relaxed.

import { actorSync } from "../actors/kind";
import { imageLayer, layerOf, masterNeurons, masterOwnWeights, NetworkImage } from "../network/image";
import { Neuron, neuronParameterRows } from "../neurons/neuron";
import { Surrogate } from "../surrogates/surrogate";
import { antiderivative } from "./antiderivative";
import { draw, f32At, fillDraws, place, seedDraws, setF32 } from "./arena";
import { begin, spikingActor } from "./networks";
import { bptt } from "./sequence";

const STEPS: i32 = 24;
const WIDEST: i32 = 16;
const LAYERS: i32 = 4;
const inputs = new StaticArray<f64>(146 * STEPS);
const weightOfAction = new StaticArray<f64>(4 * STEPS);
const fired = new StaticArray<f64>(LAYERS * STEPS * WIDEST); // at the record
const distance = new StaticArray<f64>(LAYERS * STEPS * WIDEST);
let parameters = new StaticArray<f64>(0);

/** What a read-out says of its current; p: of its first parameter, the bias. */
function readOut(kind: i32, u: StaticArray<f64>, at: i32, current: f64, p: i32, n: i32): f64 {
  if (kind == Neuron.NONE) return current;
  u[at] = (kind == Neuron.SUM ? 1.0 : parameters[p + n]) * u[at] + current;
  return u[at];
}

/** How much a threshold is higher for the spikes before. */
function adaptation(kind: i32, b: f64, before: f64, p: i32, n: i32): f64 {
  if (kind == Neuron.LIF) return 0.0;
  return parameters[p + 3 * n] * b + parameters[p + 4 * n] * before;
}

/** Whether a kind spikes, in a hidden layer, or reads out; relaxedLoss knows each. */
function spikes(kind: i32): bool {
  switch (kind) {
    case Neuron.LIF:
    case Neuron.ALIF:
      return true;
    case Neuron.NONE:
    case Neuron.LI:
    case Neuron.SUM:
      return false;
    default:
      assert(false, "network-gradient.spec.ts has no relaxed model of neuron " + kind.toString());
      return false;
  }
}

function relaxedLoss(image: NetworkImage, surrogate: i32, slope: f64, record: bool): f64 {
  const u = new StaticArray<f64>(LAYERS * WIDEST),
    b = new StaticArray<f64>(LAYERS * WIDEST),
    before = new StaticArray<f64>(LAYERS * WIDEST), // relaxed spikes of the step before
    now = new StaticArray<f64>(LAYERS * WIDEST);
  let loss = 0.0;
  for (let t = 0; t < STEPS; t++) {
    for (let l = 0; l < image.layers; l++) {
      const layer = layerOf(image, l),
        n = layer.width,
        own = masterOwnWeights(layer),
        p = masterNeurons(layer);
      for (let j = 0; j < n; j++) {
        let current = parameters[p + j];
        for (let i = 0; i < layer.inputs; i++) {
          const heard = l == 0 ? inputs[image.inputs * t + i] : now[(l - 1) * WIDEST + i];
          current += heard * parameters[layer.master + i * n + j];
        }
        if (layer.recurrent)
          for (let i = 0; i < n; i++) current += before[l * WIDEST + i] * parameters[own + i * n + j];
        const at = l * WIDEST + j,
          record0 = (l * STEPS + t) * WIDEST + j;
        if (l == image.layers - 1) {
          loss += weightOfAction[4 * t + j] * Math.tanh(readOut(layer.neuron, u, at, current, p + j, n));
          continue;
        }
        const theta = parameters[p + 2 * n + j];
        const spiked = t > 0 ? fired[record0 - WIDEST] : 0.0;
        u[at] = parameters[p + n + j] * u[at] + current - spiked * theta;
        b[at] = adaptation(layer.neuron, b[at], before[at], p + j, n);
        const x = u[at] - theta - b[at];
        if (record) {
          distance[record0] = x;
          fired[record0] = x > 0.0 ? 1.0 : 0.0;
        }
        now[at] =
          fired[record0] +
          antiderivative(surrogate, x, slope) -
          antiderivative(surrogate, distance[record0], slope);
      }
    }
    for (let at = 0; at < LAYERS * WIDEST; at++) before[at] = now[at];
  }
  return loss;
}

function check(image: NetworkImage, surrogate: i32, slope: f64, seed: u32, tolerance: f64): void {
  seedDraws(seed);
  for (let i = 0; i < fired.length; i++) fired[i] = 0.0;
  const count = image.masterWords;
  const master = place(4 * count),
    words = image.inputs,
    gain = place(4 * words),
    gradient = place(4 * count);
  parameters = new StaticArray<f64>(count);
  for (let l = 0; l < image.layers; l++) {
    const layer = layerOf(image, l);
    const rows = masterNeurons(layer) + layer.width,
      end = rows + neuronParameterRows(layer.neuron) * layer.width;
    for (let at = layer.master; at < end; at++) {
      // Multiples of 2^-12 below 0.24 in layer 1: the image holds them exactly.
      const x = at >= rows ? 0.4 + 0.3 * draw() : l == 0 ? 0.24 * draw() : 0.5 * draw();
      setF32(master, at, Math.round(x * 4096.0) / 4096.0);
      parameters[at] = <f64>f32At(master, at);
    }
  }
  const observations = place(4 * words * STEPS),
    dAction = place(16 * STEPS);
  for (let i = 0; i < words * STEPS; i++) {
    inputs[i] = Math.round(draw() * 31.0) / 16.0; // past actions are held up to 2
    setF32(observations, i, inputs[i]);
  }
  fillDraws(dAction, 4 * STEPS, 1.0);
  for (let i = 0; i < 4 * STEPS; i++) weightOfAction[i] = <f64>f32At(dAction, i);
  for (let k = 0; k < words; k++) setF32(gain, k, 1.0);
  const actor = spikingActor(image, image, master, gain);
  actor.surrogate = surrogate;
  expect<i32>(actorSync(actor)).toBe(0);
  const total = bptt(actor, observations, dAction, 0, 1, STEPS, <f32>slope, gradient);

  relaxedLoss(image, surrogate, slope, true);
  let recorded: i64 = 0;
  for (let i = 0; i < (image.layers - 1) * STEPS * WIDEST; i++) recorded += <i64>fired[i];
  expect<i64>(total).toBe(recorded, "the f64 model spikes as the integer one");
  expect<bool>(total > 60).toBe(true, "a silent network would pass any gradient check");
  for (let l = 0; l < image.layers; l++) {
    const end = l + 1 < image.layers ? layerOf(image, l + 1).master : count;
    for (let first = layerOf(image, l).master; first < end; ) {
      // Weights of a layer all together; of the rows of its neurons each apart.
      const layer = layerOf(image, l),
        rows = masterNeurons(layer);
      const last =
        first < masterOwnWeights(layer) ? masterOwnWeights(layer) : first < rows ? rows : first + layer.width;
      let gap = 0.0,
        square = 0.0;
      const stride = last - first > 1000 ? 11 : 1; // of so many weights a share is enough
      for (let at = first; at < last; at += stride) {
        const centre = parameters[at],
          h = 1e-6;
        parameters[at] = centre + h;
        const above = relaxedLoss(image, surrogate, slope, false);
        parameters[at] = centre - h;
        const below = relaxedLoss(image, surrogate, slope, false);
        parameters[at] = centre;
        const want = (above - below) / (2.0 * h),
          got = <f64>f32At(gradient, at);
        gap += (got - want) * (got - want);
        square += want * want;
      }
      expect<bool>(square > 0.0).toBe(true, "layer " + l.toString());
      expect<f64>(Math.sqrt(gap / square)).toBeLessThan(
        tolerance,
        "layer " + l.toString() + ", " + first.toString(),
      );
      first = last;
    }
  }
}

describe("the gradient of a network matches finite differences of the relaxed model", () => {
  it("of three layers", () => {
    const image = begin(3);
    for (let l = 0; l < 3; l++) imageLayer(image, l, Neuron.LIF, 8, 0, 0, l ? 12 : 26);
    imageLayer(image, 3, Neuron.NONE, 4, 0, 0, 12);
    check(image, Surrogate.FAST_SIGMOID, 5.0, 2, 1e-3);
  });
  it("of adaptive neurons", () => {
    const image = begin(2);
    imageLayer(image, 0, Neuron.ALIF, 16, 0, 0, 26);
    imageLayer(image, 1, Neuron.ALIF, 8, 0, 0, 12);
    imageLayer(image, 2, Neuron.NONE, 4, 0, 0, 12);
    check(image, Surrogate.FAST_SIGMOID, 5.0, 3, 1e-3);
  });
  it("of recurrent layers, with a read-out that leaks", () => {
    const image = begin(2);
    imageLayer(image, 0, Neuron.LIF, 8, 1, 0, 26);
    imageLayer(image, 1, Neuron.ALIF, 8, 1, 0, 12);
    imageLayer(image, 2, Neuron.LI, 4, 0, 0, 12);
    check(image, Surrogate.FAST_SIGMOID, 5.0, 4, 1e-3);
  });
  it("of every kind of neuron, alone and recurrent", () => {
    for (let kind = 0; kind < Neuron.COUNT; kind++)
      for (let recurrent = 0; recurrent < 2; recurrent++) {
        const image = begin(1),
          hidden = spikes(kind);
        imageLayer(image, 0, hidden ? kind : Neuron.LIF, 16, recurrent, 0, 26);
        imageLayer(image, 1, hidden ? Neuron.NONE : kind, 4, 0, 0, 12);
        check(image, Surrogate.FAST_SIGMOID, 5.0, 5, 1e-3);
      }
  });
  it("that hears past actions", () => {
    const image = begin(1, 146);
    imageLayer(image, 0, Neuron.LIF, 8, 0, 0, 26);
    imageLayer(image, 1, Neuron.SUM, 4, 0, 0, 12);
    check(image, Surrogate.FAST_SIGMOID, 5.0, 6, 1e-3);
  });
  it("with every surrogate", () => {
    for (let surrogate = 0; surrogate < Surrogate.COUNT; surrogate++) {
      const image = begin(1);
      imageLayer(image, 0, Neuron.LIF, 16, 0, 0, 26);
      imageLayer(image, 1, Neuron.NONE, 4, 0, 0, 12);
      check(image, surrogate, 2.0, 5, 2e-3);
    }
  });
});
