// A neuron that fires by chance, with escape noise: p = sigma(x / width), x = membrane - threshold, independently of the
// others (Gerstner et al. 2014, Neuronal Dynamics, chapter 9). Its expected loss is smooth, so it has a true gradient, which
// surrogates can be held against (Gygax & Zenke 2025). One step of one layer in front of a tanh read-out, in f64:
//
//   E[L] = sum over s of P(s) L(s),   L(s) = mean over outputs of (tanh(b + s W) - label)^2
//   dE[L]/dx_j = sum over s of P(s) L(s) (s_j - p_j) / width

import { F32s, Scratch } from "../addresses";
import { tanh } from "../deterministic-math";

/** Of scratch, for n neurons. */
export function escapeScratchBytes(n: i32): i32 {
  return 16 * n;
}

/**
 * Exact, over all 2^n sets of spikes, n <= 20: writes dE[L]/dx (n) f32 and returns E[L]. x (n), weights (n, outputs), bias and
 * label (outputs) f32.
 */
export function escapeGradient(
  x: F32s,
  weights: F32s,
  bias: F32s,
  label: F32s,
  width: f32,
  n: i32,
  outputs: i32,
  gradient: F32s,
  scratch: Scratch,
): f64 {
  const chance = scratch,
    sums = scratch + ((<usize>n) << 3); // (n) f64 each
  for (let j = 0; j < n; j++) {
    const half = tanh<f32, i32>(load<f32>(x + ((<usize>j) << 2)) / (<f32>2.0 * width));
    store<f64>(chance + ((<usize>j) << 3), 0.5 + 0.5 * <f64>half);
    store<f64>(sums + ((<usize>j) << 3), 0.0);
  }
  let expected = 0.0;
  for (let spikes = 0; spikes < 1 << n; spikes++) {
    let p = 1.0;
    for (let j = 0; j < n; j++) {
      const fires = load<f64>(chance + ((<usize>j) << 3));
      p *= (spikes >> j) & 1 ? fires : 1.0 - fires;
    }
    if (p == 0.0) continue;
    const share = p * lossOf(spikes, weights, bias, label, n, outputs);
    expected += share;
    for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
      const fired = <f64>((spikes >> <i32>(at >> 3)) & 1);
      store<f64>(sums + at, load<f64>(sums + at) + share * (fired - load<f64>(chance + at)));
    }
  }
  for (let j = 0; j < n; j++)
    store<f32>(gradient + ((<usize>j) << 2), <f32>(load<f64>(sums + ((<usize>j) << 3)) / <f64>width));
  return expected;
}

function lossOf(spikes: i32, weights: F32s, bias: F32s, label: F32s, n: i32, outputs: i32): f64 {
  let loss = 0.0;
  for (let k = 0; k < outputs; k++) {
    let current = load<f32>(bias + ((<usize>k) << 2));
    for (let j = 0; j < n; j++)
      if ((spikes >> j) & 1) current += load<f32>(weights + ((<usize>(j * outputs + k)) << 2));
    const lack = <f64>(tanh<f32, i32>(current) - load<f32>(label + ((<usize>k) << 2)));
    loss += lack * lack;
  }
  return loss / <f64>outputs;
}
