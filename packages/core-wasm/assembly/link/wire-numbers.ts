// Numbers of the serial link: the integers that the policy's first act rounds to, and that its last act is.

import { F32s, I16s } from "../addresses";
import { observationBits, powerOfTwo } from "../fixed-point";
import { INPUTS } from "../network/image";

/** Stands for a NaN or an infinity: no number saturates to it. */
const NO_NUMBER: i16 = -32768;

/** 1.5 x 2^23: added to a number below 2^22 in size, it leaves that number, rounded to even, in the last bits. */
const ROUNDING: f32 = 12582912.0;
const LARGEST: f32 = 32767.0;

/**
 * wire (18) i16 of observation (18) f32: what quantiseObservation makes of it, but of what is no number. Without a conversion that
 * could trap: on the Crazyflie nothing may.
 */
export function observationToWire(observation: F32s, wire: I16s): void {
  for (let k = 0; k < INPUTS; k++) {
    const x = load<f32>(observation + ((<usize>k) << 2)) * powerOfTwo(observationBits(k));
    const q =
      reinterpret<i32>(min<f32>(max<f32>(x, -LARGEST), LARGEST) + ROUNDING) - reinterpret<i32>(ROUNDING);
    // An infinity is one after scaling, and a number that becomes one is far out of range.
    store<i16>(wire + ((<usize>k) << 1), x - x == 0.0 ? <i16>q : NO_NUMBER);
  }
}

/** observation (18) f32 that quantises to wire (18) i16 again; NaN for what was no number. */
export function observationFromWire(wire: I16s, observation: F32s): void {
  for (let k = 0; k < INPUTS; k++) {
    const q = load<i16>(wire + ((<usize>k) << 1));
    const x = q == NO_NUMBER ? f32.NaN : <f32>q * powerOfTwo(-observationBits(k));
    store<f32>(observation + ((<usize>k) << 2), x);
  }
}
