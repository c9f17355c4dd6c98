// Gradients against finite differences of the relaxed model, in f64: each spike in the loss path is the recorded spike
// plus the change of the surrogate's antiderivative x / (1 + k|x|) since the record; spikes in the reset are the recorded
// ones (the reset is detached). At the record both models agree, and so must their slopes.

import { actorSync } from "../actors/kind";
import { draw, expectRelative, f32At, fillDraws, place, seedDraws, setF32 } from "./arena";
import { masterCount, spikingActor, twoLayers } from "./networks";
import { bptt } from "./sequence";

const H1: i32 = 8;
const H2: i32 = 16;
const STEPS: i32 = 30;
const COUNT: i32 = masterCount(H1, H2);

const parameters = new StaticArray<f64>(COUNT);
const inputs = new StaticArray<f64>(18 * STEPS);
const weightOfAction = new StaticArray<f64>(4 * STEPS);
const x1 = new StaticArray<f64>(H1 * STEPS); // membrane minus threshold at the record
const x2 = new StaticArray<f64>(H2 * STEPS);
const s1 = new StaticArray<f64>(H1 * STEPS); // recorded spikes
const s2 = new StaticArray<f64>(H2 * STEPS);

function antiderivative(x: f64, k: f64): f64 {
  return x / (1.0 + k * Math.abs(x));
}

/** The loss of the relaxed model; with `record` its spikes are real and remembered. */
function relaxedLoss(slope: f64, record: bool): f64 {
  const u1 = new StaticArray<f64>(H1),
    u2 = new StaticArray<f64>(H2),
    relaxed1 = new StaticArray<f64>(H1),
    relaxed2 = new StaticArray<f64>(H2);
  const b1 = 18 * H1,
    w2 = b1 + 3 * H1,
    b2 = w2 + H1 * H2,
    w3 = b2 + 3 * H2,
    b3 = w3 + 4 * H2;
  let loss = 0.0;
  for (let t = 0; t < STEPS; t++) {
    for (let j = 0; j < H1; j++) {
      const theta = parameters[b1 + 2 * H1 + j],
        at = t * H1 + j;
      let u = parameters[b1 + H1 + j] * u1[j] + parameters[b1 + j];
      for (let k = 0; k < 18; k++) u += inputs[18 * t + k] * parameters[k * H1 + j];
      if (t > 0) u -= s1[at - H1] * theta;
      u1[j] = u;
      if (record) {
        x1[at] = u - theta;
        s1[at] = u > theta ? 1.0 : 0.0;
      }
      relaxed1[j] = s1[at] + antiderivative(u - theta, slope) - antiderivative(x1[at], slope);
    }
    for (let j = 0; j < H2; j++) {
      const theta = parameters[b2 + 2 * H2 + j],
        at = t * H2 + j;
      let u = parameters[b2 + H2 + j] * u2[j] + parameters[b2 + j];
      for (let i = 0; i < H1; i++) u += relaxed1[i] * parameters[w2 + i * H2 + j];
      if (t > 0) u -= s2[at - H2] * theta;
      u2[j] = u;
      if (record) {
        x2[at] = u - theta;
        s2[at] = u > theta ? 1.0 : 0.0;
      }
      relaxed2[j] = s2[at] + antiderivative(u - theta, slope) - antiderivative(x2[at], slope);
    }
    for (let i = 0; i < 4; i++) {
      let v = parameters[b3 + i];
      for (let j = 0; j < H2; j++) v += relaxed2[j] * parameters[w3 + 4 * j + i];
      loss += weightOfAction[4 * t + i] * Math.tanh(v);
    }
  }
  return loss;
}

const NAMES: StaticArray<string> = [
  "w1",
  "b1",
  "leak1",
  "threshold1",
  "w2",
  "b2",
  "leak2",
  "threshold2",
  "w3",
  "b3",
];
const LENGTHS: StaticArray<i32> = [18 * H1, H1, H1, H1, H1 * H2, H2, H2, H2, 4 * H2, 4];

function checkGradient(seed: u32, slope: f64, tolerance: f64): void {
  seedDraws(seed);
  const master = place(4 * COUNT),
    gain = place(72),
    image = twoLayers(H1, H2, 26);
  let at = 0;
  for (let tensor = 0; tensor < 10; tensor++) {
    const positive = tensor == 2 || tensor == 3 || tensor == 6 || tensor == 7;
    // Multiples of 2^-12 below 0.24: the image holds them exactly.
    for (let i = 0; i < LENGTHS[tensor]; i++) {
      const x = positive ? 0.5 + 0.4 * draw() : tensor == 4 ? 0.6 * draw() : 0.24 * draw();
      setF32(master, at, Math.round(x * 4096.0) / 4096.0);
      parameters[at] = <f64>f32At(master, at);
      at++;
    }
  }
  const observations = place(72 * STEPS),
    dAction = place(16 * STEPS);
  for (let i = 0; i < 18 * STEPS; i++) {
    inputs[i] = Math.round(draw() * 24.0) / 16.0;
    setF32(observations, i, inputs[i]);
  }
  fillDraws(dAction, 4 * STEPS, 1.0);
  for (let i = 0; i < 4 * STEPS; i++) {
    if (i < 20) setF32(dAction, i, 0.0); // the warm-up carries no loss
    weightOfAction[i] = <f64>f32At(dAction, i);
  }
  for (let k = 0; k < 18; k++) setF32(gain, k, 1.0);
  const actor = spikingActor(image, image, master, gain);
  expect<i32>(actorSync(actor)).toBe(0);
  const gradient = place(4 * COUNT);
  const fired = bptt(actor, observations, dAction, 0, 1, STEPS, <f32>slope, gradient);

  relaxedLoss(slope, true);
  let spikes = 0.0;
  for (let i = 0; i < H1 * STEPS; i++) spikes += s1[i];
  for (let i = 0; i < H2 * STEPS; i++) spikes += s2[i];
  expect<f64>(<f64>fired).toBe(spikes, "the f64 model spikes as the integer one");
  expect<f64>(spikes).toBeGreaterThan(60.0, "a silent network would pass any gradient check");

  at = 0;
  for (let tensor = 0; tensor < 10; tensor++) {
    let gap = 0.0,
      square = 0.0;
    for (let i = 0; i < LENGTHS[tensor]; i++, at++) {
      const h = 1e-6,
        centre = parameters[at];
      parameters[at] = centre + h;
      const above = relaxedLoss(slope, false);
      parameters[at] = centre - h;
      const below = relaxedLoss(slope, false);
      parameters[at] = centre;
      const want = (above - below) / (2.0 * h),
        got = <f64>f32At(gradient, at);
      gap += (got - want) * (got - want);
      square += want * want;
      // Each parameter, beside the mean size of its tensor.
      expectRelative(got, want, 10.0 * tolerance, 0.1, NAMES[tensor] + " " + i.toString());
    }
    expect<f64>(square).toBeGreaterThan(0.0);
    expect<f64>(Math.sqrt(gap / square)).toBeLessThan(tolerance, NAMES[tensor]);
  }
}

describe("sequenceBackward", () => {
  // The membranes of the integer model are off by up to 2^-17 / (1 - leak), its actions by 2^-14.
  it("matches finite differences of the relaxed model for every parameter, slope 2", () => {
    checkGradient(1, 2.0, 3e-4);
  });
  it("and at slope 25", () => {
    checkGradient(3, 25.0, 1e-3);
  });
});
