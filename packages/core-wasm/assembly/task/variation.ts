// How the drone of one episode differs from the airframe by name: factors on its constants, each uniform over a range, a
// steady wind and a steady yaw torque, and sensors that are off by a constant. All a function of (seed, episode). A range
// whose ends are equal is that value exactly, and a factor of 1 leaves every byte as it is.

import { cosTurns, sinTurns } from "../deterministic-math";
import { Airframe, airframePrepare } from "../physics/airframe";
import { Body } from "../physics/rigid-body";
import { normalPair, Stream, uniform } from "../rng";

@unmanaged
export abstract class Variation {
  massLow: f32 = 1.0; // factors
  massHigh: f32 = 1.0;
  inertiaLow: f32 = 1.0; // one factor for the three axes
  inertiaHigh: f32 = 1.0;
  thrustLow: f32 = 1.0;
  thrustHigh: f32 = 1.0;
  torqueRatioLow: f32 = 1.0;
  torqueRatioHigh: f32 = 1.0;
  motorRiseLow: f32 = 1.0;
  motorRiseHigh: f32 = 1.0;
  motorFallLow: f32 = 1.0;
  motorFallHigh: f32 = 1.0;
  armLow: f32 = 1.0;
  armHigh: f32 = 1.0;
  batteryLow: f32 = 1.0; // on every rotor setpoint: a rotor's speed goes with the voltage
  batteryHigh: f32 = 1.0;
  windLow: f32 = 0.0; // N, along a horizontal direction of the episode's own
  windHigh: f32 = 0.0;
  yawLow: f32 = 0.0; // N m, about body z
  yawHigh: f32 = 0.0;
  biasPositionM: f32 = 0.0; // standard deviations of what a sensor is off by, each axis
  biasVelocityMPerS: f32 = 0.0;
  biasAngularVelocityRadPerS: f32 = 0.0;
}

/** Entries of an observation that have a bias: p, v, w. */
export const BIAS_WORDS: i32 = 9;

/** Draws of an episode, one number each. */
namespace Draw {
  export const WIND: u32 = 16;
  export const WIND_DIRECTION: u32 = 17;
  export const YAW: u32 = 18;
  export const BIAS: u32 = 32;
}

/** The value of range `index` (the first is the mass) of an episode; scratch is 8 bytes. */
// @ts-ignore: decorator
@inline
function drawRange(v: Variation, seed: u32, episode: u32, index: u32, draw: u32, scratch: usize): f32 {
  const range = changetype<usize>(v) + ((<usize>index) << 3);
  return uniform(seed, Stream.VARIATION, episode, draw, load<f32>(range), load<f32>(range, 4), scratch);
}

/** The airframe of an episode into `out`. Without a variation: the airframe as it is. scratch is 8 bytes. */
export function varyAirframe(
  v: Variation | null,
  airframe: Airframe,
  seed: u32,
  episode: u32,
  out: Airframe,
  scratch: usize,
): void {
  // Word by word: the block may be in flash, outside of linear memory, where memory.copy would trap.
  for (let at: usize = 0; at < offsetof<Airframe>(); at += 4)
    store<u32>(changetype<usize>(out) + at, load<u32>(changetype<usize>(airframe) + at));
  if (!v) return;
  out.massKg *= drawRange(v, seed, episode, 0, 0, scratch);
  const inertia = drawRange(v, seed, episode, 1, 1, scratch);
  out.inertiaX *= inertia;
  out.inertiaY *= inertia;
  out.inertiaZ *= inertia;
  const thrust = drawRange(v, seed, episode, 2, 2, scratch);
  out.thrust0 *= thrust;
  out.thrust1 *= thrust;
  out.thrust2 *= thrust;
  out.torquePerThrust *= drawRange(v, seed, episode, 3, 3, scratch);
  out.motorRiseS *= drawRange(v, seed, episode, 4, 4, scratch);
  out.motorFallS *= drawRange(v, seed, episode, 5, 5, scratch);
  out.armM *= drawRange(v, seed, episode, 6, 6, scratch);
  airframePrepare(out);
  const battery = drawRange(v, seed, episode, 7, 7, scratch);
  out.setpointHalfRange *= battery;
  out.setpointMiddle *= battery;
}

/** Adds the wind and the yaw torque of an episode to body (23 words, `stride` bytes apart). scratch is 8 bytes. */
export function addSteadyWind(
  v: Variation,
  seed: u32,
  episode: u32,
  body: usize,
  stride: usize,
  scratch: usize,
): void {
  const wind = drawRange(v, seed, episode, 8, Draw.WIND, scratch);
  const turn = uniform(seed, Stream.VARIATION, episode, Draw.WIND_DIRECTION, 0.0, 1.0, scratch);
  addTo(body + Body.FORCE * stride, wind * cosTurns<f32, i32>(turn));
  addTo(body + (Body.FORCE + 1) * stride, wind * sinTurns<f32, i32>(turn));
  addTo(body + (Body.TORQUE + 2) * stride, drawRange(v, seed, episode, 9, Draw.YAW, scratch));
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, x: f32): void {
  store<f32>(at, load<f32>(at) + x);
}

/** What the sensors of an episode are off by, into bias (9 words, `stride` bytes apart): p, v, w. scratch is 8 bytes. */
export function drawSensorBias(
  v: Variation,
  seed: u32,
  episode: u32,
  bias: usize,
  stride: usize,
  scratch: usize,
): void {
  for (let word: u32 = 0; word < <u32>BIAS_WORDS; word++) {
    normalPair<f32, i32>(seed, Stream.VARIATION, episode, Draw.BIAS + word, scratch);
    const std = load<f32>(
      changetype<usize>(v) + offsetof<Variation>("biasPositionM") + ((<usize>(word / 3)) << 2),
    );
    store<f32>(bias + <usize>word * stride, std * load<f32>(scratch));
  }
}
