// Gusts: a force that wanders about zero, each axis of the world by itself, as a first-order Gauss-Markov process:
//
//   g[0] = sigma n[0]        g[t] = a g[t-1] + sigma sqrt(1 - a^2) n[t],   a = exp(-step / T),   n ~ N(0, 1)
//
// It has the standard deviation sigma (N) from its first step on, and the autocorrelation exp(-|t| / T), T in s: the
// spectrum of Dryden's longitudinal gusts with T = L / V (MIL-F-8785C, 3.7.1.2; L: length of the turbulence, V: air
// speed), sampled exactly. Differs from there: a force instead of an air speed, as the airframe has no aerodynamic
// drag; no lateral filter of second order, as a hovering drone has no direction of flight.

import { exp } from "../deterministic-math";
import { DRAWS_PER_STEP, normalPair, Stream } from "../rng";

@unmanaged
export abstract class Gust {
  intensityX: f32; // N, sigma
  intensityY: f32;
  intensityZ: f32;
  correlationS: f32; // T, above zero
  stepS: f32; // control period
  // Filled in by gustPrepare.
  keep: f32 = 0.0; // a
  drive: f32 = 0.0; // sqrt(1 - a^2)
}

/** Fills in what follows from the given fields. */
export function gustPrepare(o: Gust): void {
  o.keep = exp<f32, i32>(-o.stepS / o.correlationS);
  o.drive = f32.sqrt((<f32>1.0 - o.keep) * (<f32>1.0 + o.keep));
}

/**
 * Moves a gust (3 f32, N, `stride` bytes apart) from the step before to `step`; before step 0 there is none. The
 * numbers are a function of (seed, episode, step). scratch is 16 bytes.
 */
export function moveGust(
  gust: Gust,
  seed: u32,
  episode: u32,
  step: u32,
  force: usize,
  stride: usize,
  scratch: usize,
): void {
  const draw = step * DRAWS_PER_STEP;
  normalPair<f32, i32>(seed, Stream.GUST, episode, draw, scratch);
  normalPair<f32, i32>(seed, Stream.GUST, episode, draw + 1, scratch + 8);
  const keep: f32 = step == 0 ? 0.0 : gust.keep;
  const drive: f32 = step == 0 ? 1.0 : gust.drive;
  for (let axis: usize = 0; axis < 3; axis++) {
    const intensity = load<f32>(changetype<usize>(gust) + (axis << 2));
    const at = force + axis * stride;
    store<f32>(at, keep * load<f32>(at) + intensity * drive * load<f32>(scratch + (axis << 2)));
  }
}
