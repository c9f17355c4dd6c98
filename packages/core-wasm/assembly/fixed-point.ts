// Number formats of the deployed policy. q16 is a signed 16.16 fixed-point number in an i32.

import { addI, and, maxI, minI, mulI, shiftRight, shiftRightUnsigned, splatI } from "./lanes";

/** One in q16, and its inverse. */
export const Q16_ONE: i32 = 65536;
export const Q16_UNIT: f32 = 1.0 / 65536.0;

/** Membranes saturate at +-2^30 (16384.0), biases and thresholds at +-2^27 (2048.0). */
export const MEMBRANE_LIMIT: i32 = 1 << 30;
export const PARAMETER_LIMIT: i32 = 1 << 27;

/**
 * The bound on currents, once for all: a layer hears at most MAX_FAN_IN spikes at once, own ones included, each of a weight
 * below 2^19 + 2^7 (8 in q16), and the observation counts as half as many, with past actions as all of them. So
 * |sum| < 2^29 + 2^17, and with a bias |current| < 2^29 + 2^28. With a membrane (2^30) and a threshold (2^27) that is still
 * below 2^31.
 */
// @ts-ignore: decorator
@shared
export const MAX_FAN_IN: i32 = 1024;

/** Fraction bits of the action (i16). */
// @ts-ignore: decorator
@shared
export const ACTION_BITS: i32 = 14;

/** Fraction bits of each observation entry (i16): p 2^-12 m, R 2^-14, v 2^-11 m/s, w 2^-9 rad/s; past actions 2^-14. */
export function observationBits(entry: i32): i32 {
  if (entry < 3) return 12;
  if (entry < 12) return 14;
  if (entry < 15) return 11;
  return entry < 18 ? 9 : ACTION_BITS;
}

/**
 * leak * x with leak in 0 .. 65536 (2^-16) and |x| <= 2^30, rounded to nearest, ties up: (leak x + 2^15) >> 16 of the
 * 48-bit product, from two 32-bit ones. No overflow: leak * high <= 2^16 2^14, leak * low + 2^15 < 2^32 unsigned.
 */
// @ts-ignore: decorator
@inline
export function mulLeak<I>(leak: I, x: I): I {
  const high = mulI<I>(leak, shiftRight<I>(x, 16));
  const low = addI<I>(mulI<I>(leak, and<I>(x, splatI<I>(0xffff))), splatI<I>(0x8000));
  return addI<I>(high, shiftRightUnsigned<I>(low, 16));
}

// @ts-ignore: decorator
@inline
export function clampI<I>(x: I, limit: i32): I {
  return minI<I>(maxI<I>(x, splatI<I>(-limit)), splatI<I>(limit));
}

/** x * 2^bits to nearest, ties to even, saturated at +-limit; NaN becomes 0. */
export function quantise(x: f32, scale: f32, limit: i32): i32 {
  const q = <i32>f32.nearest(x * scale);
  return q > limit ? limit : q < -limit ? -limit : q;
}

/** 2^bits as f32, for bits in -126 .. 127. */
// @ts-ignore: decorator
@inline
export function powerOfTwo(bits: i32): f32 {
  return reinterpret<f32>((bits + 127) << 23);
}
