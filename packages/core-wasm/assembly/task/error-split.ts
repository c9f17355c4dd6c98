// What the position error of a flight is made of. For a while after the start, and after everything that is done to the
// drone, it catches itself; from then on
//
//   e[t] = p[t] - r[t]           p: drone, r: target
//   b    = mean e                steady offset
//   e[t] - b = -lag (v[t] - mean v) + d[t]      v: velocity of the target; lag, s: by least squares; d: the rest, its shape
//
// and the mean squares add up: |e|^2 = |b|^2 + tracking^2, tracking^2 = (lag rms(v - mean v))^2 + rms(d)^2. Of a target that
// stands still the lag is 0, and tracking is the unrest around the offset.

import { Environments } from "./environment-batch";

@unmanaged
export abstract class ErrorSplit {
  environments: Environments;
  drone: u32;
  settleSteps: u32; // that the drone has to catch itself
  settling: u32 = 0; // steps of these that are left
  catchSteps: u32 = 0;
  catchSquare: f64 = 0.0; // sum of |e|^2, m^2
  settledSteps: u32 = 0;
  square: f64 = 0.0; // sums from here on, of the settled steps: |e|^2, m^2
  errorX: f64 = 0.0; // m
  errorY: f64 = 0.0;
  errorZ: f64 = 0.0;
  velocityX: f64 = 0.0; // m/s
  velocityY: f64 = 0.0;
  velocityZ: f64 = 0.0;
  speedSquare: f64 = 0.0; // |v|^2, m^2/s^2
  errorVelocity: f64 = 0.0; // e v, m^2/s
  // What errorSplitConclude makes of them: mean squares, m^2, NaN without a step; and the lag, s.
  catchError: f64 = 0.0;
  settledError: f64 = 0.0;
  offset: f64 = 0.0;
  tracking: f64 = 0.0;
  lagging: f64 = 0.0;
  shape: f64 = 0.0;
  lag: f64 = 0.0;
}

/** A flight begins. */
export function errorSplitBegin(s: ErrorSplit): void {
  const sums = changetype<usize>(s) + offsetof<ErrorSplit>("catchSteps");
  memory.fill(sums, 0, offsetof<ErrorSplit>() - offsetof<ErrorSplit>("catchSteps"));
  errorSplitDisturb(s);
}

/** Something was done to the drone, which has to catch itself anew. */
export function errorSplitDisturb(s: ErrorSplit): void {
  s.settling = s.settleSteps;
}

/** After a step, and after the target has moved with it. */
export function errorSplitAdd(s: ErrorSplit): void {
  const e = s.environments;
  const stride = (<usize>e.n) << 2,
    body = e.body + ((<usize>s.drone) << 2),
    target = e.target + ((<usize>s.drone) << 2);
  const x = <f64>load<f32>(body) - <f64>load<f32>(target),
    y = <f64>load<f32>(body + stride) - <f64>load<f32>(target + stride),
    z = <f64>load<f32>(body + 2 * stride) - <f64>load<f32>(target + 2 * stride);
  const square = x * x + y * y + z * z;
  if (s.settling > 0) {
    s.settling--;
    s.catchSteps++;
    s.catchSquare += square;
    return;
  }
  const u = <f64>load<f32>(target + 3 * stride),
    v = <f64>load<f32>(target + 4 * stride),
    w = <f64>load<f32>(target + 5 * stride);
  s.settledSteps++;
  s.square += square;
  s.errorX += x;
  s.errorY += y;
  s.errorZ += z;
  s.velocityX += u;
  s.velocityY += v;
  s.velocityZ += w;
  s.speedSquare += u * u + v * v + w * w;
  s.errorVelocity += x * u + y * v + z * w;
}

/** Sums become what is reported; they stay, and may grow. */
export function errorSplitConclude(s: ErrorSplit): void {
  const n = <f64>s.settledSteps;
  s.catchError = s.catchSquare / <f64>s.catchSteps;
  s.settledError = s.square / n;
  const x = s.errorX / n,
    y = s.errorY / n,
    z = s.errorZ / n;
  const u = s.velocityX / n,
    v = s.velocityY / n,
    w = s.velocityZ / n;
  s.offset = x * x + y * y + z * z;
  s.tracking = atLeast0(s.settledError - s.offset);
  const spread = s.speedSquare / n - (u * u + v * v + w * w); // mean square of v - mean v
  const together = s.errorVelocity / n - (x * u + y * v + z * w);
  const moves = spread > 1e-9; // else rounding is all that there is
  s.lag = moves ? -together / spread : 0.0;
  s.lagging = moves ? Math.min((together * together) / spread, s.tracking) : 0.0;
  s.shape = s.tracking - s.lagging;
}

/** A mean square that rounding has made negative; NaN stays. */
function atLeast0(square: f64): f64 {
  return square < 0.0 ? 0.0 : square;
}
