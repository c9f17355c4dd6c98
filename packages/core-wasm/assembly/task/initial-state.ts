// How an episode starts (REFERENCE section 2.1). Presets: src/presets/starts.ts.

import { cosTurns, sinTurns } from "../deterministic-math";
import { Airframe, GRAVITY_M_PER_S2 } from "../physics/airframe";
import { Body } from "../physics/rigid-body";
import { normalPair, Stream, uniform } from "../rng";

@unmanaged
export abstract class Start {
  guidance: f32; // probability of a start at the origin, level
  positionM: f32; // U(-x, x) each axis
  angleRad: f32; // largest rotation angle; uniform on SO(3) below it
  velocityMPerS: f32;
  angularVelocityRadPerS: f32;
  forceStd: f32; // N(0, x weight) each axis
  torqueStd: f32; // N(0, x weight), N m
  bothQuaternionSigns: bool; // q and -q both occur, else qw > 0
  guidanceAtRest: bool; // a guided start also has v = w = 0
  rotorsAtHalf: bool; // rotors at half range, else each U(min, max)
}

/** Bytes of scratch: two random words and the number of the next draw. */
const NEXT_DRAW: usize = 8;

// @ts-ignore: decorator
@inline
function nextUniform(seed: u32, episode: u32, low: f32, high: f32, scratch: usize): f32 {
  const draw = load<u32>(scratch, NEXT_DRAW);
  store<u32>(scratch, draw + 1, NEXT_DRAW);
  return uniform(seed, Stream.START, episode, draw, low, high, scratch);
}

// @ts-ignore: decorator
@inline
function nextNormal(seed: u32, episode: u32, scratch: usize): f32 {
  const draw = load<u32>(scratch, NEXT_DRAW);
  store<u32>(scratch, draw + 1, NEXT_DRAW);
  normalPair<f32, i32>(seed, Stream.START, episode, draw, scratch);
  return load<f32>(scratch);
}

/**
 * Draws a start into body (23 words, `stride` bytes apart), and the rotor speeds as an action into pastAction (4 f32).
 * A pure function of (seed, episode). scratch is 12 bytes.
 */
export function drawStart(
  start: Start,
  airframe: Airframe,
  seed: u32,
  episode: u32,
  body: usize,
  stride: usize,
  pastAction: usize,
  scratch: usize,
): void {
  store<u32>(scratch, 0, NEXT_DRAW);
  const guided = nextUniform(seed, episode, 0.0, 1.0, scratch) < start.guidance;
  const still = guided && start.guidanceAtRest;
  for (let i: usize = 0; i < 3; i++) {
    const p = nextUniform(seed, episode, -start.positionM, start.positionM, scratch);
    store<f32>(body + (Body.POSITION + i) * stride, guided ? <f32>0 : p);
    const v = nextUniform(seed, episode, -start.velocityMPerS, start.velocityMPerS, scratch);
    store<f32>(body + (Body.VELOCITY + i) * stride, still ? <f32>0 : v);
    const w = nextUniform(
      seed,
      episode,
      -start.angularVelocityRadPerS,
      start.angularVelocityRadPerS,
      scratch,
    );
    store<f32>(body + (Body.ANGULAR_VELOCITY + i) * stride, still ? <f32>0 : w);
  }
  const weight = airframe.massKg * GRAVITY_M_PER_S2;
  for (let i: usize = 0; i < 3; i++) {
    store<f32>(
      body + (Body.FORCE + i) * stride,
      nextNormal(seed, episode, scratch) * start.forceStd * weight,
    );
    store<f32>(
      body + (Body.TORQUE + i) * stride,
      nextNormal(seed, episode, scratch) * start.torqueStd * weight,
    );
  }
  for (let i: usize = 0; i < 4; i++) {
    const u = nextUniform(seed, episode, airframe.rotorMin, airframe.rotorMax, scratch);
    const r = start.rotorsAtHalf ? (airframe.rotorMin + airframe.rotorMax) * <f32>0.5 : u;
    store<f32>(body + (Body.ROTOR + i) * stride, r);
    store<f32>(pastAction + (i << 2), (r - airframe.setpointMiddle) / airframe.setpointHalfRange);
  }
  drawAttitude(start, seed, episode, guided, body + Body.QUATERNION * stride, stride, scratch);
}

/** Shoemake's uniform rotation, rejected until it is within the largest angle. */
function drawAttitude(
  start: Start,
  seed: u32,
  episode: u32,
  guided: bool,
  q: usize,
  stride: usize,
  scratch: usize,
): void {
  let w: f32 = 1.0,
    x: f32 = 0.0,
    y: f32 = 0.0,
    z: f32 = 0.0;
  if (!guided) {
    const smallestCosine = cosTurns<f32, i32>(start.angleRad * <f32>(0.25 / 3.14159265358979324)); // cos(angle / 2)
    do {
      const u = nextUniform(seed, episode, 0.0, 1.0, scratch);
      const a = nextUniform(seed, episode, 0.0, 1.0, scratch);
      const b = nextUniform(seed, episode, 0.0, 1.0, scratch);
      const r1 = f32.sqrt(1.0 - u),
        r2 = f32.sqrt(u);
      w = r1 * sinTurns<f32, i32>(a);
      x = r1 * cosTurns<f32, i32>(a);
      y = r2 * sinTurns<f32, i32>(b);
      z = r2 * cosTurns<f32, i32>(b);
    } while ((start.bothQuaternionSigns ? f32.abs(w) : w) < smallestCosine);
  }
  store<f32>(q, w);
  store<f32>(q + stride, x);
  store<f32>(q + 2 * stride, y);
  store<f32>(q + 3 * stride, z);
}
