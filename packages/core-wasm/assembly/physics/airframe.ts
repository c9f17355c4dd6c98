// The airframe: every constant of the rigid body and its rotors, as one block in linear memory. The values of the
// published Crazyflie models are data in src/presets/airframes.ts; SI units. Rotors come in
// the order M1 .. M4: front right, back right, back left, front left (x forward, y left).
//
// Every drone of a batch has an airframe of its own. The kernels read them in groups: four airframes word by word, 16 bytes
// a word, so that one load gives a word of four drones, or of one where a lane is one drone wide.

import { loadF } from "../lanes";

@unmanaged
export abstract class Airframe {
  massKg: f32;
  inertiaX: f32; // kg m^2, principal axes
  inertiaY: f32;
  inertiaZ: f32;
  thrust0: f32; // N, of one rotor: thrust0 + thrust1 r + thrust2 r^2
  thrust1: f32;
  thrust2: f32;
  torquePerThrust: f32; // m
  armM: f32; // distance of each rotor from both axes
  rotorMin: f32; // rpm or throttle, as the thrust curve takes it
  rotorMax: f32;
  motorRiseS: f32; // time constant of the first-order lag
  motorFallS: f32;
  stepS: f32; // integration step = control period
  // Filled in by airframePrepare.
  inverseMass: f32 = 0.0;
  inverseInertiaX: f32 = 0.0;
  inverseInertiaY: f32 = 0.0;
  inverseInertiaZ: f32 = 0.0;
  inverseMotorRise: f32 = 0.0;
  inverseMotorFall: f32 = 0.0;
  setpointHalfRange: f32 = 0.0; // setpoint = action * half range + middle
  setpointMiddle: f32 = 0.0;
  forceUnit: f32 = 0.0; // 1/N: L2F's disturbance std, weight / 20, becomes 1
  torqueUnit: f32 = 0.0; // 1/(N m): weight / 10000 becomes 1
}

// @ts-ignore: decorator
@shared
export const GRAVITY_M_PER_S2: f32 = 9.81;

/** Fills in what follows from the given fields. */
export function airframePrepare(a: Airframe): void {
  a.inverseMass = 1.0 / a.massKg;
  a.inverseInertiaX = 1.0 / a.inertiaX;
  a.inverseInertiaY = 1.0 / a.inertiaY;
  a.inverseInertiaZ = 1.0 / a.inertiaZ;
  a.inverseMotorRise = 1.0 / a.motorRiseS;
  a.inverseMotorFall = 1.0 / a.motorFallS;
  a.setpointHalfRange = (a.rotorMax - a.rotorMin) * 0.5;
  a.setpointMiddle = (a.rotorMax + a.rotorMin) * 0.5;
  a.forceUnit = 20.0 / (a.massKg * GRAVITY_M_PER_S2);
  a.torqueUnit = 10000.0 / (a.massKg * GRAVITY_M_PER_S2);
}

/** Bytes of a group: the airframes of four drones. */
export const AIRFRAME_GROUP_BYTES: usize = 4 * offsetof<Airframe>();

/** Where the airframe of drone i begins in groups that lie one behind another. */
// @ts-ignore: decorator
@inline
export function airframeAt(groups: usize, i: u32): usize {
  return groups + <usize>(i >> 2) * AIRFRAME_GROUP_BYTES + ((<usize>(i & 3)) << 2);
}

/** The field at offsetof<Airframe>(name) of the drones of a lane group, the first of which is at `at`. */
// @ts-ignore: decorator
@inline
export function airframeField<F>(at: usize, offset: usize): F {
  return loadF<F>(at + (offset << 2));
}

/** Copies an airframe to where the airframe of one drone begins. */
export function spreadAirframe(a: Airframe, at: usize): void {
  for (let offset: usize = 0; offset < offsetof<Airframe>(); offset += 4)
    store<f32>(at + (offset << 2), load<f32>(changetype<usize>(a) + offset));
}
