// Lanes: a kernel is written once, over a vector type, and instantiated twice.
//
// F is a lane group of f32 and I one of i32. The SIMD build instantiates <v128, v128> (4 lanes), the scalar
// build <f32, i32> (1 lane). Every lane holds an independent result and no operation sums across lanes, so both
// builds round alike and give the same bytes. Multiplication and addition stay separate: nothing is fused.

/** Lanes in a group: 4 or 1. */
// @ts-ignore: decorator
@inline
export function laneCount<V>(): i32 {
  return isVector<V>() ? 4 : 1;
}

// --- f32 ---------------------------------------------------------------------------------------------------
// @ts-ignore: decorator
@inline
export function splat<F>(x: f32): F {
  if (isVector<F>()) return f32x4.splat(x);
  else return x;
}
// @ts-ignore: decorator
@inline
export function loadF<F>(at: usize): F {
  if (isVector<F>()) return v128.load(at);
  else return load<f32>(at);
}
/** The one f32 at `at`, in every lane. */
// @ts-ignore: decorator
@inline
export function loadSplat<F>(at: usize): F {
  if (isVector<F>()) return v128.load32_splat(at);
  else return load<f32>(at);
}
// @ts-ignore: decorator
@inline
export function storeF<F>(at: usize, x: F): void {
  if (isVector<F>()) v128.store(at, x);
  else store<f32>(at, x);
}
// @ts-ignore: decorator
@inline
export function add<F>(a: F, b: F): F {
  if (isVector<F>()) return f32x4.add(a, b);
  else return a + b;
}
// @ts-ignore: decorator
@inline
export function sub<F>(a: F, b: F): F {
  if (isVector<F>()) return f32x4.sub(a, b);
  else return a - b;
}
// @ts-ignore: decorator
@inline
export function mul<F>(a: F, b: F): F {
  if (isVector<F>()) return f32x4.mul(a, b);
  else return a * b;
}
// @ts-ignore: decorator
@inline
export function div<F>(a: F, b: F): F {
  if (isVector<F>()) return f32x4.div(a, b);
  else return a / b;
}
// @ts-ignore: decorator
@inline
export function neg<F>(a: F): F {
  if (isVector<F>()) return f32x4.neg(a);
  else return -a;
}
// @ts-ignore: decorator
@inline
export function abs<F>(a: F): F {
  if (isVector<F>()) return f32x4.abs(a);
  else return f32.abs(a);
}
// @ts-ignore: decorator
@inline
export function sqrt<F>(a: F): F {
  if (isVector<F>()) return f32x4.sqrt(a);
  else return f32.sqrt(a);
}
// @ts-ignore: decorator
@inline
export function min<F>(a: F, b: F): F {
  if (isVector<F>()) return f32x4.min(a, b);
  else return f32.min(a, b);
}
// @ts-ignore: decorator
@inline
export function max<F>(a: F, b: F): F {
  if (isVector<F>()) return f32x4.max(a, b);
  else return f32.max(a, b);
}
/** Round to nearest, ties to even. */
// @ts-ignore: decorator
@inline
export function nearest<F>(a: F): F {
  if (isVector<F>()) return f32x4.nearest(a);
  else return f32.nearest(a);
}
// @ts-ignore: decorator
@inline
export function clamp<F>(x: F, low: f32, high: f32): F {
  return min<F>(max<F>(x, splat<F>(low)), splat<F>(high));
}
/** a * b + c, rounded twice. */
// @ts-ignore: decorator
@inline
export function mulAdd<F>(a: F, b: F, c: F): F {
  return add<F>(mul<F>(a, b), c);
}

// --- masks: all ones or all zeros in a lane of I --------------------------------------------------------------
// @ts-ignore: decorator
@inline
export function greaterF<F, I>(a: F, b: F): I {
  if (isVector<F>()) return f32x4.gt(a, b);
  else return a > b ? -1 : 0;
}
// @ts-ignore: decorator
@inline
export function lessOrEqualF<F, I>(a: F, b: F): I {
  if (isVector<F>()) return f32x4.le(a, b);
  else return a <= b ? -1 : 0;
}
// @ts-ignore: decorator
@inline
export function greaterI<I>(a: I, b: I): I {
  if (isVector<I>()) return i32x4.gt_s(a, b);
  else return a > b ? -1 : 0;
}
/** `a` where the mask is set, `b` elsewhere. */
// @ts-ignore: decorator
@inline
export function choose<F, I>(mask: I, a: F, b: F): F {
  if (isVector<F>()) return v128.bitselect(a, b, mask);
  else return mask ? a : b;
}
/** `a` where the mask is set, +0 elsewhere. */
// @ts-ignore: decorator
@inline
export function maskF<F, I>(mask: I, a: F): F {
  if (isVector<F>()) return v128.and(a, mask);
  else return mask ? a : <f32>0;
}
/** One bit a lane, lane 0 lowest. */
// @ts-ignore: decorator
@inline
export function maskBits<I>(mask: I): i32 {
  if (isVector<I>()) return i32x4.bitmask(mask);
  else return mask & 1;
}

// --- i32 ---------------------------------------------------------------------------------------------------
// @ts-ignore: decorator
@inline
export function splatI<I>(x: i32): I {
  if (isVector<I>()) return i32x4.splat(x);
  else return x;
}
// @ts-ignore: decorator
@inline
export function loadI<I>(at: usize): I {
  if (isVector<I>()) return v128.load(at);
  else return load<i32>(at);
}
// @ts-ignore: decorator
@inline
export function storeI<I>(at: usize, x: I): void {
  if (isVector<I>()) v128.store(at, x);
  else store<i32>(at, x);
}
/** Consecutive i16 values, sign-extended. */
// @ts-ignore: decorator
@inline
export function loadI16<I>(at: usize): I {
  if (isVector<I>()) return v128.load16x4_s(at);
  else return <i32>load<i16>(at);
}
/** The first half of the i16 in a group, widened: with highI16 all of them, in the order of memory. */
// @ts-ignore: decorator
@inline
export function lowI16<I>(a: I): I {
  if (isVector<I>()) return i32x4.extend_low_i16x8_s(a);
  else return <i32>(<i16>a);
}
// @ts-ignore: decorator
@inline
export function highI16<I>(a: I): I {
  if (isVector<I>()) return i32x4.extend_high_i16x8_s(a);
  else return a >> 16;
}
/** One i8 to a lane, widened. */
// @ts-ignore: decorator
@inline
export function loadI8<I>(at: usize): I {
  if (isVector<I>()) return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(at)));
  else return <i32>load<i8>(at);
}
/** Quarter 0 .. 3 of the i8 in a group, widened. */
// @ts-ignore: decorator
@inline
export function quarterI8<I>(a: I, quarter: i32): I {
  if (isVector<I>()) {
    const half = quarter < 2 ? i16x8.extend_low_i8x16_s(a) : i16x8.extend_high_i8x16_s(a);
    return quarter & 1 ? i32x4.extend_high_i16x8_s(half) : i32x4.extend_low_i16x8_s(half);
  } else return <i32>(<i8>(a >> (quarter << 3)));
}
// @ts-ignore: decorator
@inline
export function addI<I>(a: I, b: I): I {
  if (isVector<I>()) return i32x4.add(a, b);
  else return a + b;
}
// @ts-ignore: decorator
@inline
export function subI<I>(a: I, b: I): I {
  if (isVector<I>()) return i32x4.sub(a, b);
  else return a - b;
}
// @ts-ignore: decorator
@inline
export function mulI<I>(a: I, b: I): I {
  if (isVector<I>()) return i32x4.mul(a, b);
  else return a * b;
}
// @ts-ignore: decorator
@inline
export function minI<I>(a: I, b: I): I {
  if (isVector<I>()) return i32x4.min_s(a, b);
  else return a < b ? a : b;
}
// @ts-ignore: decorator
@inline
export function maxI<I>(a: I, b: I): I {
  if (isVector<I>()) return i32x4.max_s(a, b);
  else return a > b ? a : b;
}
// @ts-ignore: decorator
@inline
export function and<I>(a: I, b: I): I {
  if (isVector<I>()) return v128.and(a, b);
  else return a & b;
}
// @ts-ignore: decorator
@inline
export function xor<I>(a: I, b: I): I {
  if (isVector<I>()) return v128.xor(a, b);
  else return a ^ b;
}
// @ts-ignore: decorator
@inline
export function or<I>(a: I, b: I): I {
  if (isVector<I>()) return v128.or(a, b);
  else return a | b;
}
// @ts-ignore: decorator
@inline
export function shiftLeft<I>(a: I, n: i32): I {
  if (isVector<I>()) return i32x4.shl(a, n);
  else return a << n;
}
// @ts-ignore: decorator
@inline
export function shiftRight<I>(a: I, n: i32): I {
  if (isVector<I>()) return i32x4.shr_s(a, n);
  else return a >> n;
}
// @ts-ignore: decorator
@inline
export function shiftRightUnsigned<I>(a: I, n: i32): I {
  if (isVector<I>()) return i32x4.shr_u(a, n);
  else return <i32>(<u32>a >> n);
}
/** a0 * b0 + a1 * b1 of the two i16 halves of every lane. Wraps only if all four are -32768. */
// @ts-ignore: decorator
@inline
export function dotPairs<I>(a: I, b: I): I {
  if (isVector<I>()) return i32x4.dot_i16x8_s(a, b);
  else return <i32>(<i16>a) * <i32>(<i16>b) + (a >> 16) * (b >> 16);
}

// --- conversions -----------------------------------------------------------------------------------------------
// @ts-ignore: decorator
@inline
export function toF32<F, I>(a: I): F {
  if (isVector<I>()) return f32x4.convert_i32x4_s(a);
  else return <f32>a;
}
/** Towards zero, saturating. */
// @ts-ignore: decorator
@inline
export function toI32<F, I>(a: F): I {
  if (isVector<F>()) return i32x4.trunc_sat_f32x4_s(a);
  else return <i32>a;
}
// @ts-ignore: decorator
@inline
export function bitsOf<F, I>(a: F): I {
  if (isVector<F>()) return a;
  else return reinterpret<i32>(a);
}
// @ts-ignore: decorator
@inline
export function fromBits<F, I>(a: I): F {
  if (isVector<I>()) return a;
  else return reinterpret<f32>(a);
}
// @ts-ignore: decorator
@inline
export function absI<I>(a: I): I {
  if (isVector<I>()) return i32x4.abs(a);
  else return a < 0 ? -a : a;
}
