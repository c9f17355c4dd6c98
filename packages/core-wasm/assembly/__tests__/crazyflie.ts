// The L2F Crazyflie and a body of one lane, for the specs of physics and task.

import { AIRFRAME_GROUP_BYTES, Airframe, airframePrepare, spreadAirframe } from "../physics/airframe";
import { BODY_WORDS } from "../physics/rigid-body";
import { make, place, setF32 } from "./arena";

export function crazyflie(): Airframe {
  const a = make<Airframe>();
  a.massKg = 0.027;
  a.inertiaX = 3.85e-6;
  a.inertiaY = 3.85e-6;
  a.inertiaZ = 5.9675e-6;
  a.thrust2 = 3.16e-10;
  a.torquePerThrust = 0.005964552;
  a.armM = 0.028;
  a.rotorMax = 21702.0;
  a.motorRiseS = 0.15;
  a.motorFallS = 0.15;
  a.stepS = 0.01;
  airframePrepare(a);
  return a;
}

/** An airframe as the kernels read it: the first of a group. */
export function groupOf(airframe: Airframe): usize {
  const at = place(AIRFRAME_GROUP_BYTES);
  spreadAirframe(airframe, at);
  return at;
}

/** Level, at rest at the origin, rotors standing. */
export function restingBody(): usize {
  const body = place(4 * BODY_WORDS);
  setF32(body, 3, 1.0);
  return body;
}

/** rpm at which four rotors carry the weight. */
export const HOVER_RPM: f64 = Math.sqrt((0.027 * 9.81) / (4.0 * 3.16e-10));
