// The policy's first act and its last: between floats and the integers that it computes in.

import { F32s, I16s } from "../addresses";
import { ACTION_BITS, observationBits, powerOfTwo, quantise } from "../fixed-point";
import { INPUTS, OUTPUTS } from "./image";

/** observation (18) i16 of (18) f32, saturating. */
export function quantiseObservation(observation: F32s, quantised: I16s): void {
  quantiseInputs(observation, quantised, INPUTS);
}

/** The same of as many inputs as a network has: past actions stand behind the observation. */
// @ts-ignore: decorator
@inline
export function quantiseInputs(observation: F32s, quantised: I16s, inputs: i32): void {
  for (let k = 0; k < inputs; k++) {
    const q = quantise(load<f32>(observation + ((<usize>k) << 2)), powerOfTwo(observationBits(k)), 32767);
    store<i16>(quantised + ((<usize>k) << 1), <i16>q);
  }
}

/** action (4) f32 of (4) i16. Exact. */
export function dequantiseAction(quantised: I16s, action: F32s): void {
  for (let i = 0; i < OUTPUTS; i++) {
    store<f32>(
      action + ((<usize>i) << 2),
      <f32>load<i16>(quantised + ((<usize>i) << 1)) * powerOfTwo(-ACTION_BITS),
    );
  }
}
