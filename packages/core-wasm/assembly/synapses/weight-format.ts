// How an image has the weights (nIn, n) that hear spikes.

// @ts-ignore: decorator
@shared
export namespace WeightFormat {
  /** i16 with the fraction bits of the layer. */
  export const I16: i32 = 0;
  /** i8, and behind them a q16 scale (n) i32: a weight is its i8 times the scale of its neuron. */
  export const I8: i32 = 1;
  /** The same with 4 bits, two weights in a byte, the first in its lower half; of a read-out, where n is 4. */
  export const I4: i32 = 2;
}

/** The largest weight, before its scale; the smallest is its negative. */
// @ts-ignore: decorator
@inline
export function narrowLimit(format: i32): i32 {
  return format == WeightFormat.I4 ? 7 : 127;
}

export function weightBytes(nIn: i32, n: i32, format: i32): i32 {
  return format == WeightFormat.I16 ? 2 * nIn * n : <i32>narrowScales(0, nIn, n, format) + 4 * n;
}

/** The scales (n) i32 behind narrow weights. */
// @ts-ignore: decorator
@inline
export function narrowScales(weights: usize, nIn: i32, n: i32, format: i32): usize {
  return weights + <usize>(format == WeightFormat.I4 ? (nIn * n) >> 1 : nIn * n);
}

/** Narrow weight number i of a tensor, before its scale. */
export function narrowWeight(weights: usize, i: i32, format: i32): i32 {
  if (format == WeightFormat.I8) return <i32>load<i8>(weights + <usize>i);
  const pair = <i32>load<u8>(weights + <usize>(i >> 1));
  return (pair << (i & 1 ? 24 : 28)) >> 28;
}

/** Weight number i of (nIn, n), of neuron j, as q16. */
// @ts-ignore: decorator
@inline
export function scaledWeight(weights: usize, i: i32, j: i32, nIn: i32, n: i32, format: i32): i32 {
  const scales = narrowScales(weights, nIn, n, format);
  return narrowWeight(weights, i, format) * load<i32>(scales + ((<usize>j) << 2));
}

/** Writes weight number i, before its scale, and leaves the other of its byte as it is. */
export function storeNarrowWeight(weights: usize, i: i32, format: i32, value: i32): void {
  if (format == WeightFormat.I8) store<i8>(weights + <usize>i, <i8>value);
  else {
    const at = weights + <usize>(i >> 1),
      shift = (i & 1) << 2;
    const other = <i32>load<u8>(at) & (240 >> shift);
    store<u8>(at, <u8>(other | ((value & 15) << shift)));
  }
}
