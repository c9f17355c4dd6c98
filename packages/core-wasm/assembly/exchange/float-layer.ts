// A spiking network in f32, as the tools have it that policies come from: the referee of what an import loses. Sums run
// from the first input to the last; scalar, as a referee needs no speed.

import { F32s, I16s } from "../addresses";
import { tanh } from "../deterministic-math";
import { ACTION_BITS, observationBits, powerOfTwo } from "../fixed-point";
import { INPUTS, OUTPUTS } from "../network/image";

/** observation (18) f32 of (18) i16, exact. */
export function dequantiseObservation(quantised: I16s, observation: F32s): void {
  for (let k = 0; k < INPUTS; k++) {
    const x = <f32>load<i16>(quantised + ((<usize>k) << 1)) * powerOfTwo(-observationBits(k));
    store<f32>(observation + ((<usize>k) << 2), x);
  }
}

/** output (n) = bias (n) + weight (n, nIn) input (nIn); a row for each output, as PyTorch keeps them. */
export function floatAffine(weight: F32s, bias: F32s, input: F32s, output: F32s, nIn: i32, n: i32): void {
  let w = weight;
  for (let j: usize = 0; j < (<usize>n) << 2; j += 4) {
    let sum: f32 = load<f32>(bias + j);
    for (let i: usize = 0; i < (<usize>nIn) << 2; i += 4) {
      sum += load<f32>(w) * load<f32>(input + i);
      w += 4;
    }
    store<f32>(output + j, sum);
  }
}

/**
 * One step of n neurons; membrane and spikes (n) f32 hold the step before on entry, this one on return.
 *
 *   with delay      U[t] = leak U[t-1] + I[t] - S[t-1] threshold     S[t] = 1 if U[t] > threshold else 0
 *   without         U[t] = leak U[t-1] + I[t]                        then U[t] = reset where S[t] is 1
 *
 * The first is the neuron that flies (neurons/lif.ts), the second is NIR's LIF under Euler's rule.
 */
export function floatLif(
  membrane: F32s,
  spikes: F32s,
  current: F32s,
  leak: F32s,
  threshold: F32s,
  reset: F32s,
  n: i32,
  delay: bool,
): void {
  for (let at: usize = 0; at < (<usize>n) << 2; at += 4) {
    const theta = load<f32>(threshold + at);
    let u = load<f32>(leak + at) * load<f32>(membrane + at) + load<f32>(current + at);
    if (delay) u -= load<f32>(spikes + at) * theta;
    const fires = u > theta;
    store<f32>(membrane + at, fires && !delay ? load<f32>(reset + at) : u);
    store<f32>(spikes + at, fires ? 1.0 : 0.0);
  }
}

/** The largest difference of an action (4) i16 from the tanh of (4) f32. */
export function actionDifference(action: I16s, output: F32s): f32 {
  let largest: f32 = 0.0;
  for (let k = 0; k < OUTPUTS; k++) {
    const given = <f32>load<i16>(action + ((<usize>k) << 1)) * powerOfTwo(-ACTION_BITS);
    largest = max(largest, abs<f32>(given - tanh<f32, i32>(load<f32>(output + ((<usize>k) << 2)))));
  }
  return largest;
}
