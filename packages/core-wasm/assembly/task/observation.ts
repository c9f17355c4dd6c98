// What the policies and the critics see (REFERENCE section 2.2). An observation is 18 numbers: p (3), R row by row
// (9), v (3, world), w (3, body), each with Gaussian sensor noise. A privileged observation is 28: the noise-free 18,
// F and T in units of their published spread, and the rotor speeds as 2 r / max - 1.

import {
  add,
  addI,
  div,
  laneCount,
  loadF,
  loadI,
  mul,
  mulAdd,
  shiftLeft,
  splat,
  splatI,
  storeF,
  sub,
} from "../lanes";
import { Airframe, airframeField } from "../physics/airframe";
import { Body } from "../physics/rigid-body";
import { rotationMatrix, rotationMatrixBackward } from "../physics/rotation";
import { DRAWS_PER_STEP, normalPair, Stream } from "../rng";

// @ts-ignore: decorator
@shared
export const OBSERVATION_WORDS: i32 = 18;
// @ts-ignore: decorator
@shared
export const PRIVILEGED_WORDS: i32 = 28;
/** One command a motor. */
// @ts-ignore: decorator
@shared
export const ACTION_WORDS: i32 = 4;
/** Past actions that a policy with memory of its own actions sees: 32 rows of 4, oldest first. */
export const HISTORY_STEPS: i32 = 32;
// @ts-ignore: decorator
@shared
export const HISTORY_WORDS: i32 = HISTORY_STEPS * ACTION_WORDS;
// @ts-ignore: decorator
@shared
export const OBSERVATION_WITH_HISTORY_WORDS: i32 = OBSERVATION_WORDS + HISTORY_WORDS;

/** Standard deviations of the sensor noise. */
@unmanaged
export abstract class SensorNoise {
  positionM: f32;
  rotation: f32; // each entry of R
  velocityMPerS: f32;
  angularVelocityRadPerS: f32;
}

/** observation (18 words a lane group), noise-free, of body (23 words). */
export function observeExactly<F>(body: usize, observation: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let i: usize = 0; i < 3; i++) {
    storeF<F>(observation + i * group, loadF<F>(body + (Body.POSITION + i) * group));
    storeF<F>(observation + (12 + i) * group, loadF<F>(body + (Body.VELOCITY + i) * group));
    storeF<F>(observation + (15 + i) * group, loadF<F>(body + (Body.ANGULAR_VELOCITY + i) * group));
  }
  rotationMatrix<F>(body + Body.QUATERNION * group, observation + 3 * group);
}

/** Adjoint of observeExactly: adds dL/dbody to dBody (17 words), given dObservation (18 words). */
export function observeExactlyBackward<F>(body: usize, dObservation: usize, dBody: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let i: usize = 0; i < 3; i++) {
    addTo<F>(dBody + (Body.POSITION + i) * group, loadF<F>(dObservation + i * group));
    addTo<F>(dBody + (Body.VELOCITY + i) * group, loadF<F>(dObservation + (12 + i) * group));
    addTo<F>(dBody + (Body.ANGULAR_VELOCITY + i) * group, loadF<F>(dObservation + (15 + i) * group));
  }
  rotationMatrixBackward<F>(
    body + Body.QUATERNION * group,
    dObservation + 3 * group,
    dBody + Body.QUATERNION * group,
  );
}

// @ts-ignore: decorator
@inline
function addTo<F>(at: usize, x: F): void {
  storeF<F>(at, add<F>(loadF<F>(at), x));
}

/** Adds sensor noise to observation (18 words); episode and step are (1 group) u32, scratch is 2 groups. */
export function addSensorNoise<F, I>(
  noise: SensorNoise,
  seed: u32,
  episode: usize,
  step: usize,
  observation: usize,
  scratch: usize,
): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const item = loadI<I>(episode);
  const firstDraw = shiftLeft<I>(loadI<I>(step), 6);
  assert(DRAWS_PER_STEP == 1 << 6);
  for (let pair = 0; pair < 9; pair++) {
    normalPair<F, I>(seed, Stream.SENSOR, item, addI<I>(firstDraw, splatI<I>(pair)), scratch);
    for (let k = 0; k < 2; k++) {
      const at = observation + <usize>(2 * pair + k) * group;
      const std = noiseStd(noise, 2 * pair + k);
      storeF<F>(at, mulAdd<F>(splat<F>(std), loadF<F>(scratch + <usize>k * group), loadF<F>(at)));
    }
  }
}

// @ts-ignore: decorator
@inline
function noiseStd(noise: SensorNoise, entry: i32): f32 {
  if (entry < 3) return noise.positionM;
  if (entry < 12) return noise.rotation;
  if (entry < 15) return noise.velocityMPerS;
  return noise.angularVelocityRadPerS;
}

/** The ten privileged words that follow the exact observation: F, T, rotors; of body (23 words) and its airframes. */
export function observeHidden<F>(airframes: usize, body: usize, hidden: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let i: usize = 0; i < 3; i++) {
    storeF<F>(
      hidden + i * group,
      mul<F>(
        airframeField<F>(airframes, offsetof<Airframe>("forceUnit")),
        loadF<F>(body + (Body.FORCE + i) * group),
      ),
    );
    storeF<F>(
      hidden + (3 + i) * group,
      mul<F>(
        airframeField<F>(airframes, offsetof<Airframe>("torqueUnit")),
        loadF<F>(body + (Body.TORQUE + i) * group),
      ),
    );
  }
  const unit = div<F>(splat<F>(2.0), airframeField<F>(airframes, offsetof<Airframe>("rotorMax")));
  for (let i: usize = 0; i < 4; i++) {
    const r = loadF<F>(body + (Body.ROTOR + i) * group);
    storeF<F>(hidden + (6 + i) * group, sub<F>(mul<F>(unit, r), splat<F>(1.0)));
  }
}
