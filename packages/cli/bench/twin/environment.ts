// The quadrotor of the core (assembly/physics, assembly/task) in plain TypeScript: one drone after the other.
import {
  ACTION_WORDS,
  type Airframe,
  BODY_WORDS,
  Body,
  type Bounds,
  GRAVITY_M_PER_S2,
  HISTORY_WORDS,
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
  PRIVILEGED_WORDS,
  type Reward,
  type SensorNoise,
} from "@spikewing/core";
import { normalPair } from "./random.js";

/** Of the privileged observation, which begins as the observation does. */
const Seen = {
  ROTATION: 3,
  VELOCITY: 12,
  ANGULAR_VELOCITY: 15,
  FORCE: OBSERVATION_WORDS,
  TORQUE: OBSERVATION_WORDS + 3,
  ROTOR: OBSERVATION_WORDS + 6,
} as const;
/** What lies behind is constant over a step: force and torque. */
const INTEGRATED_WORDS = Body.FORCE;

export interface EnvironmentTask {
  readonly airframe: Airframe;
  readonly sensorNoise: SensorNoise;
  readonly reward: Reward;
  readonly bounds: Bounds;
}

export function createEnvironmentsTwin(n: number, task: EnvironmentTask, seed: number) {
  const { airframe, sensorNoise, reward, bounds } = task;
  const { massKg, inertia, thrust, torquePerThrust, armM, rotorRange, motorLagS, stepS } = airframe;
  const [jx, jy, jz] = inertia;
  const [rotorMin, rotorMax] = rotorRange;
  const weight = massKg * GRAVITY_M_PER_S2;
  const bodies = new Float32Array(n * BODY_WORDS);
  const observations = new Float32Array(n * OBSERVATION_WITH_HISTORY_WORDS);
  const privileged = new Float32Array(n * PRIVILEGED_WORDS);
  const actions = new Float32Array(n * 4);
  const rewards = new Float32Array(n);
  const terminated = new Uint8Array(n);
  const trial = new Float64Array(BODY_WORDS);
  const body = new Float64Array(BODY_WORDS);
  const rate = new Float64Array(INTEGRATED_WORDS);
  const sum = new Float64Array(INTEGRATED_WORDS);
  const setpoint = new Float64Array(4);
  const force = new Float64Array(4);
  const noise = new Float32Array(2);
  let step = 0;

  function derivative(b: Float64Array, out: Float64Array): void {
    const qw = b[3]!;
    const qx = b[4]!;
    const qy = b[5]!;
    const qz = b[6]!;
    const wx = b[10]!;
    const wy = b[11]!;
    const wz = b[12]!;
    for (let i = 0; i < 3; i++) out[i] = b[7 + i]!;
    out[3] = -0.5 * (qx * wx + qy * wy + qz * wz);
    out[4] = 0.5 * (qw * wx + qy * wz - qz * wy);
    out[5] = 0.5 * (qw * wy + qz * wx - qx * wz);
    out[6] = 0.5 * (qw * wz + qx * wy - qy * wx);
    for (let i = 0; i < 4; i++) {
      const r = b[Body.ROTOR + i]!;
      const gap = setpoint[i]! - r;
      out[Body.ROTOR + i] = gap / (gap < 0 ? motorLagS[1] : motorLagS[0]);
      force[i] = thrust[0] + thrust[1] * r + thrust[2] * r * r;
    }
    const [f0, f1, f2, f3] = [force[0]!, force[1]!, force[2]!, force[3]!];
    const lift = f0 + f1 + f2 + f3;
    out[7] = (2 * (qx * qz + qw * qy) * lift + b[Body.FORCE]!) / massKg;
    out[8] = (2 * (qy * qz - qw * qx) * lift + b[Body.FORCE + 1]!) / massKg;
    out[9] = ((1 - 2 * (qx * qx + qy * qy)) * lift + b[Body.FORCE + 2]!) / massKg - GRAVITY_M_PER_S2;
    out[10] = (armM * (f2 + f3 - f0 - f1) - (jz - jy) * wy * wz + b[Body.TORQUE]!) / jx;
    out[11] = (armM * (f1 + f2 - f0 - f3) - (jx - jz) * wz * wx + b[Body.TORQUE + 1]!) / jy;
    out[12] = (torquePerThrust * (f1 + f3 - f0 - f2) - (jy - jx) * wx * wy + b[Body.TORQUE + 2]!) / jz;
  }

  function advance(rates: Float64Array, dt: number, out: Float64Array): void {
    for (let i = 0; i < INTEGRATED_WORDS; i++) out[i] = body[i]! + dt * rates[i]!;
  }

  /** Classical Runge-Kutta, then one normalisation and one clamp. */
  function integrate(): void {
    trial.set(body);
    derivative(body, sum);
    advance(sum, stepS / 2, trial);
    for (let k = 2; k <= 4; k++) {
      derivative(trial, rate);
      const factor = k === 4 ? 1 : 2;
      for (let i = 0; i < INTEGRATED_WORDS; i++) sum[i]! += factor * rate[i]!;
      if (k < 4) advance(rate, k === 3 ? stepS : stepS / 2, trial);
    }
    advance(sum, stepS / 6, body);
    const norm = Math.sqrt(body[3]! ** 2 + body[4]! ** 2 + body[5]! ** 2 + body[6]! ** 2);
    for (let i = 3; i < 7; i++) body[i]! /= norm;
    for (let i = Body.ROTOR; i < Body.FORCE; i++) body[i] = Math.min(Math.max(body[i]!, rotorMin), rotorMax);
  }

  /** The paper's reward: 1 less weighted squares; the attitude error is the rotation angle. */
  function score(i: number): number {
    let p = 0;
    let v = 0;
    let a = 0;
    for (let k = 0; k < 3; k++) {
      p += body[k]! ** 2;
      v += body[Body.VELOCITY + k]! ** 2;
    }
    for (let k = 0; k < 4; k++) a += (actions[4 * i + k]! - reward.actionBaseline) ** 2;
    const angle = 2 * Math.acos(Math.min(Math.abs(body[3]!), 1));
    const cost =
      reward.position * p + reward.velocity * v + reward.action * a + reward.orientation * angle * angle;
    return reward.constant - reward.scale * cost;
  }

  function isOutOfBounds(): number {
    for (let k = 0; k < 3; k++) {
      if (!(Math.abs(body[k]!) <= bounds.positionM)) return 1;
      if (!(Math.abs(body[Body.VELOCITY + k]!) <= bounds.velocityMPerS)) return 1;
      if (!(Math.abs(body[Body.ANGULAR_VELOCITY + k]!) <= bounds.angularVelocityRadPerS)) return 1;
    }
    return 0;
  }

  return {
    bodies,
    actions,
    rewards,
    terminated,

    observe(): void {
      for (let i = 0; i < n; i++) {
        const b = i * BODY_WORDS;
        const o = i * OBSERVATION_WITH_HISTORY_WORDS;
        const h = i * PRIVILEGED_WORDS;
        const [w, x, y, z] = [bodies[b + 3]!, bodies[b + 4]!, bodies[b + 5]!, bodies[b + 6]!];
        for (let k = 0; k < 3; k++) {
          privileged[h + k] = bodies[b + k]!;
          privileged[h + Seen.VELOCITY + k] = bodies[b + Body.VELOCITY + k]!;
          privileged[h + Seen.ANGULAR_VELOCITY + k] = bodies[b + Body.ANGULAR_VELOCITY + k]!;
          privileged[h + Seen.FORCE + k] = (20 * bodies[b + Body.FORCE + k]!) / weight;
          privileged[h + Seen.TORQUE + k] = (10000 * bodies[b + Body.TORQUE + k]!) / weight;
        }
        for (let k = 0; k < 4; k++)
          privileged[h + Seen.ROTOR + k] = (2 * bodies[b + Body.ROTOR + k]!) / rotorMax - 1;
        privileged[h + Seen.ROTATION] = 1 - 2 * (y * y + z * z);
        privileged[h + Seen.ROTATION + 1] = 2 * (x * y - w * z);
        privileged[h + Seen.ROTATION + 2] = 2 * (x * z + w * y);
        privileged[h + Seen.ROTATION + 3] = 2 * (x * y + w * z);
        privileged[h + Seen.ROTATION + 4] = 1 - 2 * (x * x + z * z);
        privileged[h + Seen.ROTATION + 5] = 2 * (y * z - w * x);
        privileged[h + Seen.ROTATION + 6] = 2 * (x * z - w * y);
        privileged[h + Seen.ROTATION + 7] = 2 * (y * z + w * x);
        privileged[h + Seen.ROTATION + 8] = 1 - 2 * (x * x + y * y);
        for (let k = 0; k < OBSERVATION_WORDS; k += 2) {
          normalPair(seed, 3, i, 64 * step + (k >> 1), noise);
          for (let m = 0; m < 2; m++)
            observations[o + k + m] = privileged[h + k + m]! + noiseStd(k + m) * noise[m]!;
        }
      }
    },

    step(): void {
      for (let i = 0; i < n; i++) {
        const b = i * BODY_WORDS;
        const o = i * OBSERVATION_WITH_HISTORY_WORDS + OBSERVATION_WORDS;
        for (let k = 0; k < BODY_WORDS; k++) body[k] = bodies[b + k]!;
        for (let k = 0; k < 4; k++) {
          const a = Math.min(Math.max(actions[4 * i + k]!, -1), 1);
          setpoint[k] = rotorMin + 0.5 * (a + 1) * (rotorMax - rotorMin);
        }
        integrate();
        for (let k = 0; k < BODY_WORDS; k++) bodies[b + k] = body[k]!;
        rewards[i] = score(i);
        terminated[i] = isOutOfBounds();
        observations.copyWithin(o, o + ACTION_WORDS, o + HISTORY_WORDS);
        const last = o + HISTORY_WORDS - ACTION_WORDS;
        for (let k = 0; k < ACTION_WORDS; k++) observations[last + k] = actions[ACTION_WORDS * i + k]!;
      }
      step++;
    },
  };

  function noiseStd(entry: number): number {
    if (entry < Seen.ROTATION) return sensorNoise.positionM;
    if (entry < Seen.VELOCITY) return sensorNoise.rotation;
    return entry < Seen.ANGULAR_VELOCITY ? sensorNoise.velocityMPerS : sensorNoise.angularVelocityRadPerS;
  }
}
