// The gradient of traces: by hand for one neuron, and against BPTT where both must agree.

import { Actor } from "../actors/actor";
import { laidTo, layFrom, MEASURED } from "../cursor";
import { Eprop, epropLayout, epropSequence } from "../network/eprop";
import { imageLayer, layerOf, masterNeurons, NetworkImage } from "../network/image";
import { Sequence, sequenceForward, sequenceLayout } from "../network/sequence";
import { Neuron } from "../neurons/neuron";
import { draw, expectRelative, f32At, fillDraws, make, place, seedDraws, setF32 } from "./arena";
import { begin, spikingActor } from "./networks";
import { bptt } from "./sequence";

/** Adds the gradient by e-prop of observations (steps, 18) and dActions (steps, 4) to gradient; its traces. */
function eprop(
  a: Actor,
  observations: usize,
  dActions: usize,
  steps: i32,
  slope: f32,
  gradient: usize,
): Eprop {
  const s = make<Sequence>();
  s.actor = a;
  s.steps = steps;
  sequenceLayout(s, place(sequenceLayout(s, 0)));
  sequenceForward(s, observations, 72, steps);
  layFrom(0);
  epropLayout(changetype<Eprop>(MEASURED), a.image);
  const bytes = laidTo();
  const e = make<Eprop>();
  layFrom(place(bytes));
  epropLayout(e, a.image);
  epropSequence(e, s.tape, a.image, a.copies, dActions, steps, a.surrogate, slope, gradient);
  return e;
}

function unitGain(): usize {
  const gain = place(72);
  for (let k = 0; k < 18; k++) setF32(gain, k, 1.0);
  return gain;
}

/** A network, its drawn master and a drawn flight of 30 steps: how far e-prop lies from BPTT, relative, from parameter `from` on. */
function distance(image: NetworkImage, from: i32): f64 {
  const steps = 30,
    count = image.masterWords;
  const master = place(4 * count);
  seedDraws(7);
  for (let l = 0; l < image.layers; l++) {
    const layer = layerOf(image, l),
      rows = masterNeurons(layer) + layer.width;
    const end = l + 1 < image.layers ? layerOf(image, l + 1).master : count;
    for (let at = layer.master; at < end; at++)
      setF32(master, at, at >= rows ? 0.4 + 0.3 * draw() : l == 0 ? 0.24 * draw() : 0.5 * draw());
  }
  const actor = spikingActor(image, image, master, unitGain());
  const observations = place(72 * steps),
    dActions = place(16 * steps);
  fillDraws(observations, 18 * steps, 2.0);
  fillDraws(dActions, 4 * steps, 1.0);
  const byTime = place(4 * count),
    byTraces = place(4 * count);
  const spikes = bptt(actor, observations, dActions, 0, 1, steps, 5.0, byTime);
  expect<bool>(spikes > 60).toBe(true, "a silent network would pass");
  eprop(actor, observations, dActions, steps, 5.0, byTraces);
  let gap = 0.0,
    square = 0.0;
  for (let at = from; at < count; at++) {
    const want = <f64>f32At(byTime, at);
    gap += Math.pow(<f64>f32At(byTraces, at) - want, 2.0);
    square += want * want;
  }
  return Math.sqrt(gap / square);
}

describe("epropSequence", () => {
  it("remembers what each parameter of a neuron multiplied, step by step, as on paper", () => {
    const image = begin(1);
    imageLayer(image, 0, Neuron.LIF, 8, 0, 0, 25);
    imageLayer(image, 1, Neuron.NONE, 4, 0, 0, 12);
    const bias = masterNeurons(layerOf(image, 0)),
      readOut = layerOf(image, 1).master;
    const master = place(4 * image.masterWords);
    setF32(master, 0, 1.0); // neuron 0 hears input 0
    for (let j = 0; j < 8; j++) {
      setF32(master, bias + 8 + j, 0.5); // leaks
      setF32(master, bias + 16 + j, 10.0); // thresholds that nobody reaches
    }
    setF32(master, readOut, 1.0); // and is heard by motor 0
    const actor = spikingActor(image, image, master, unitGain());
    const observations = place(72 * 3),
      dActions = place(16 * 3),
      gradient = place(4 * image.masterWords);
    setF32(observations, 0, 1.0);
    setF32(observations, 36, 1.0);
    setF32(dActions, 8, 1.0); // motor 0 in the last step
    const e = eprop(actor, observations, dActions, 3, 1.0, gradient);
    // Inputs 1, 0, 1: the membrane is 1, 0.5, 1.25; the surrogate 1 / (1 + 8.75)^2 in the last step.
    const g = 1.0 / (9.75 * 9.75);
    expect<f32>(f32At(e.traces, 0)).toBe(1.25); // 1, 0.5, 1.25
    expect<f32>(f32At(e.traces, bias)).toBe(1.75); // 1, 1.5, 1.75
    expect<f32>(f32At(e.traces, bias + 8)).toBe(1.0); // 0, 1, 0.5 + 0.5
    expect<f32>(f32At(e.traces, bias + 16)).toBe(0.0); // it never spiked
    expectRelative(<f64>f32At(gradient, 0), 1.25 * g, 1e-6, 0.0, "weight");
    expectRelative(<f64>f32At(gradient, bias), 1.75 * g, 1e-6, 0.0, "bias");
    expectRelative(<f64>f32At(gradient, bias + 8), g, 1e-6, 0.0, "leak");
    expectRelative(<f64>f32At(gradient, bias + 16), -g, 1e-6, 0.0, "threshold");
    expect<f32>(f32At(gradient, image.masterWords - 4)).toBe(1.0); // the read-out's bias
    expect<f32>(f32At(gradient, readOut)).toBe(0.0); // it heard no spike
  });
  it("is BPTT's gradient to the rounding of f32 where one layer feeds the read-out", () => {
    const image = begin(1);
    imageLayer(image, 0, Neuron.LIF, 16, 0, 0, 26);
    imageLayer(image, 1, Neuron.NONE, 4, 0, 0, 12);
    expect<f64>(distance(image, 0)).toBeLessThan(1e-6);
  });
  it("is BPTT's for the upper of two layers, and leaves out time above the lower one", () => {
    const image = begin(2);
    imageLayer(image, 0, Neuron.LIF, 16, 0, 0, 26);
    imageLayer(image, 1, Neuron.LIF, 8, 0, 0, 12);
    imageLayer(image, 2, Neuron.NONE, 4, 0, 0, 12);
    expect<f64>(distance(image, layerOf(image, 1).master)).toBeLessThan(1e-6);
    const all = distance(image, 0);
    expect<f64>(all).toBeGreaterThan(0.01);
    expect<f64>(all).toBeLessThan(1.0);
  });
});
