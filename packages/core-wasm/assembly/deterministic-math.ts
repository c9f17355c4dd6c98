// Elementary functions with one result on every machine: only IEEE add, multiply, divide and square root, in a
// fixed order, over lanes. Coefficients: Cephes (S. Moshier) for exp, log, sin and cos, Eigen for tanh, Abramowitz &
// Stegun 4.4.46 for acos. Errors are asserted, in ulps or absolute, in __tests__/deterministic-math.spec.ts.

import {
  abs,
  add,
  addI,
  and,
  bitsOf,
  choose,
  clamp,
  div,
  fromBits,
  greaterF,
  max,
  mul,
  mulAdd,
  nearest,
  or,
  shiftLeft,
  shiftRight,
  splat,
  splatI,
  sqrt,
  sub,
  subI,
  toF32,
  toI32,
  xor,
} from "./lanes";

/** e^x; x is clamped to [-87, 88], where the result is a normal f32. */
export function exp<F, I>(x: F): F {
  x = clamp<F>(x, -87.0, 88.0);
  const n = nearest<F>(mul<F>(x, splat<F>(1.44269504088896341)));
  let r = sub<F>(x, mul<F>(n, splat<F>(0.693359375)));
  r = sub<F>(r, mul<F>(n, splat<F>(-2.1219444e-4)));
  let p = splat<F>(1.98756915e-4);
  p = mulAdd<F>(p, r, splat<F>(1.3981999507e-3));
  p = mulAdd<F>(p, r, splat<F>(8.3334519073e-3));
  p = mulAdd<F>(p, r, splat<F>(4.1665795894e-2));
  p = mulAdd<F>(p, r, splat<F>(1.6666665459e-1));
  p = mulAdd<F>(p, r, splat<F>(5.0000001201e-1));
  const y = add<F>(mulAdd<F>(p, mul<F>(r, r), r), splat<F>(1.0));
  return mul<F>(y, fromBits<F, I>(shiftLeft<I>(addI<I>(toI32<F, I>(n), splatI<I>(127)), 23)));
}

/** Natural logarithm of a positive, normal x. */
export function log<F, I>(x: F): F {
  const bits = bitsOf<F, I>(x);
  let e = subI<I>(shiftRight<I>(bits, 23), splatI<I>(126));
  let m = fromBits<F, I>(or<I>(and<I>(bits, splatI<I>(0x007fffff)), splatI<I>(0x3f000000))); // [0.5, 1)
  const small = greaterF<F, I>(splat<F>(0.707106781186547524), m);
  e = addI<I>(e, small); // minus one where small
  m = sub<F>(choose<F, I>(small, add<F>(m, m), m), splat<F>(1.0));
  const z = mul<F>(m, m);
  let p = splat<F>(7.0376836292e-2);
  p = mulAdd<F>(p, m, splat<F>(-1.151461031e-1));
  p = mulAdd<F>(p, m, splat<F>(1.167699874e-1));
  p = mulAdd<F>(p, m, splat<F>(-1.2420140846e-1));
  p = mulAdd<F>(p, m, splat<F>(1.4249322787e-1));
  p = mulAdd<F>(p, m, splat<F>(-1.6668057665e-1));
  p = mulAdd<F>(p, m, splat<F>(2.0000714765e-1));
  p = mulAdd<F>(p, m, splat<F>(-2.4999993993e-1));
  p = mulAdd<F>(p, m, splat<F>(3.3333331174e-1));
  let y = mul<F>(mul<F>(m, z), p);
  const fe = toF32<F, I>(e);
  y = mulAdd<F>(fe, splat<F>(-2.1219444e-4), y);
  y = sub<F>(y, mul<F>(z, splat<F>(0.5)));
  return mulAdd<F>(fe, splat<F>(0.693359375), add<F>(m, y));
}

/** sin(2 pi x): an argument in turns reduces exactly. */
// @ts-ignore: decorator
@inline
export function sinTurns<F, I>(x: F): F {
  return sinQuarterTurns<F, I>(x, 0);
}

/** cos(2 pi x). */
// @ts-ignore: decorator
@inline
export function cosTurns<F, I>(x: F): F {
  return sinQuarterTurns<F, I>(x, 1);
}

/** sin(2 pi x + ahead pi/2), for |x| below 2^20 turns. */
function sinQuarterTurns<F, I>(x: F, ahead: i32): F {
  const quarters = nearest<F>(mul<F>(x, splat<F>(4.0)));
  const r = mul<F>(sub<F>(x, mul<F>(quarters, splat<F>(0.25))), splat<F>(6.28318530717958648)); // [-pi/4, pi/4]
  const z = mul<F>(r, r);
  let s = mulAdd<F>(splat<F>(-1.9515295891e-4), z, splat<F>(8.3321608736e-3));
  s = mulAdd<F>(s, z, splat<F>(-1.6666654611e-1));
  s = mulAdd<F>(mul<F>(s, z), r, r);
  let c = mulAdd<F>(splat<F>(2.443315711809948e-5), z, splat<F>(-1.388731625493765e-3));
  c = mulAdd<F>(c, z, splat<F>(4.166664568298827e-2));
  c = mul<F>(mul<F>(c, z), z);
  c = add<F>(sub<F>(c, mul<F>(z, splat<F>(0.5))), splat<F>(1.0));
  const quadrant = addI<I>(toI32<F, I>(quarters), splatI<I>(ahead));
  const odd = subI<I>(splatI<I>(0), and<I>(quadrant, splatI<I>(1)));
  const sign = shiftLeft<I>(and<I>(quadrant, splatI<I>(2)), 30);
  return fromBits<F, I>(xor<I>(bitsOf<F, I>(choose<F, I>(odd, c, s)), sign));
}

/** Hyperbolic tangent, odd, within [-1, 1]. */
export function tanh<F, I>(x: F): F {
  const tiny = greaterF<F, I>(splat<F>(0.0004), abs<F>(x));
  const a = clamp<F>(x, -7.90531110763549805, 7.90531110763549805);
  const z = mul<F>(a, a);
  let p = splat<F>(-2.76076847742355e-16);
  p = mulAdd<F>(p, z, splat<F>(2.00018790482477e-13));
  p = mulAdd<F>(p, z, splat<F>(-8.60467152213735e-11));
  p = mulAdd<F>(p, z, splat<F>(5.12229709037114e-8));
  p = mulAdd<F>(p, z, splat<F>(1.48572235717979e-5));
  p = mulAdd<F>(p, z, splat<F>(6.37261928875436e-4));
  p = mul<F>(mulAdd<F>(p, z, splat<F>(4.89352455891786e-3)), a);
  let q = splat<F>(1.19825839466702e-6);
  q = mulAdd<F>(q, z, splat<F>(1.18534705686654e-4));
  q = mulAdd<F>(q, z, splat<F>(2.268434632439e-3));
  q = mulAdd<F>(q, z, splat<F>(4.89352518554385e-3));
  return choose<F, I>(tiny, x, clamp<F>(div<F>(p, q), -1.0, 1.0));
}

/**
 * x (27 + x^2) / (27 + 9 x^2) up to |x| = 3, where it is 1: the FAST_TANH of RLtools, with which the actors of
 * learning-to-fly were trained. Up to 0.024 from tanh.
 */
// @ts-ignore: decorator
@inline
export function fastTanh<F>(x: F): F {
  const a = clamp<F>(x, -3.0, 3.0);
  const z = mul<F>(a, a);
  const y = div<F>(mul<F>(a, add<F>(splat<F>(27.0), z)), mulAdd<F>(splat<F>(9.0), z, splat<F>(27.0)));
  return clamp<F>(y, -1.0, 1.0); // rounding may pass it by an ulp
}

/** Its derivative where it is y: (a b (a + b) / 2)^2 of a^3 = 1 - y = (3 - x)^3 / (27 + 9 x^2) and b^3 = 1 + y. */
// @ts-ignore: decorator
@inline
export function fastTanhSlope<F, I>(y: F): F {
  const a = cubeRoot<F, I>(sub<F>(splat<F>(1.0), y)),
    b = cubeRoot<F, I>(add<F>(splat<F>(1.0), y));
  const root = mul<F>(mul<F>(a, b), mul<F>(splat<F>(0.5), add<F>(a, b)));
  return mul<F>(root, root);
}

// @ts-ignore: decorator
@inline
function cubeRoot<F, I>(x: F): F {
  return exp<F, I>(mul<F>(splat<F>(0.333333333333333333), log<F, I>(max<F>(x, splat<F>(1e-30)))));
}

/** Arc cosine of x in [0, 1], radians; absolute error below 1e-6. */
// @ts-ignore: decorator
@inline
export function acosUnit<F>(x: F): F {
  return acosOneMinus<F>(sub<F>(splat<F>(1.0), x));
}

/**
 * Arc cosine of 1 - t, t in [0, 1], radians. Small t keeps its precision here, and would lose it in 1 - t: there the
 * arc cosine is sqrt(2 t).
 */
export function acosOneMinus<F>(t: F): F {
  const u = clamp<F>(t, 0.0, 1.0);
  const x = sub<F>(splat<F>(1.0), u);
  let p = splat<F>(-0.0012624911);
  p = mulAdd<F>(p, x, splat<F>(0.0066700901));
  p = mulAdd<F>(p, x, splat<F>(-0.0170881256));
  p = mulAdd<F>(p, x, splat<F>(0.030891881));
  p = mulAdd<F>(p, x, splat<F>(-0.0501743046));
  p = mulAdd<F>(p, x, splat<F>(0.0889789874));
  p = mulAdd<F>(p, x, splat<F>(-0.2145988016));
  p = mulAdd<F>(p, x, splat<F>(1.570796305));
  return mul<F>(sqrt<F>(u), p);
}
