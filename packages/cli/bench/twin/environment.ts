// The quadrotor of the core (assembly/physics, assembly/task) in plain TypeScript: one drone after the other.
import type { Airframe, Bounds, Reward, SensorNoise } from "@spikewing/core";
import { normalPair } from "./random.js";

export const BODY_WORDS = 23;
const INTEGRATED_WORDS = 17;
const OBSERVATION_WORDS = 146;
const HISTORY_AT = 18;
const PRIVILEGED_WORDS = 28;
const GRAVITY_M_PER_S2 = 9.81;

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
  const observations = new Float32Array(n * OBSERVATION_WORDS);
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
      const r = b[13 + i]!;
      const gap = setpoint[i]! - r;
      out[13 + i] = gap / (gap < 0 ? motorLagS[1] : motorLagS[0]);
      force[i] = thrust[0] + thrust[1] * r + thrust[2] * r * r;
    }
    const [f0, f1, f2, f3] = [force[0]!, force[1]!, force[2]!, force[3]!];
    const lift = f0 + f1 + f2 + f3;
    out[7] = (2 * (qx * qz + qw * qy) * lift + b[17]!) / massKg;
    out[8] = (2 * (qy * qz - qw * qx) * lift + b[18]!) / massKg;
    out[9] = ((1 - 2 * (qx * qx + qy * qy)) * lift + b[19]!) / massKg - GRAVITY_M_PER_S2;
    out[10] = (armM * (f2 + f3 - f0 - f1) - (jz - jy) * wy * wz + b[20]!) / jx;
    out[11] = (armM * (f1 + f2 - f0 - f3) - (jx - jz) * wz * wx + b[21]!) / jy;
    out[12] = (torquePerThrust * (f1 + f3 - f0 - f2) - (jy - jx) * wx * wy + b[22]!) / jz;
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
    for (let i = 13; i < 17; i++) body[i] = Math.min(Math.max(body[i]!, rotorMin), rotorMax);
  }

  /** The paper's reward: 1 less weighted squares; the attitude error is the rotation angle. */
  function score(i: number): number {
    let p = 0;
    let v = 0;
    let a = 0;
    for (let k = 0; k < 3; k++) {
      p += body[k]! ** 2;
      v += body[7 + k]! ** 2;
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
      if (!(Math.abs(body[7 + k]!) <= bounds.velocityMPerS)) return 1;
      if (!(Math.abs(body[10 + k]!) <= bounds.angularVelocityRadPerS)) return 1;
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
        const o = i * OBSERVATION_WORDS;
        const h = i * PRIVILEGED_WORDS;
        const [w, x, y, z] = [bodies[b + 3]!, bodies[b + 4]!, bodies[b + 5]!, bodies[b + 6]!];
        for (let k = 0; k < 3; k++) {
          privileged[h + k] = bodies[b + k]!;
          privileged[h + 12 + k] = bodies[b + 7 + k]!;
          privileged[h + 15 + k] = bodies[b + 10 + k]!;
          privileged[h + 18 + k] = (20 * bodies[b + 17 + k]!) / weight;
          privileged[h + 21 + k] = (10000 * bodies[b + 20 + k]!) / weight;
        }
        for (let k = 0; k < 4; k++) privileged[h + 24 + k] = (2 * bodies[b + 13 + k]!) / rotorMax - 1;
        privileged[h + 3] = 1 - 2 * (y * y + z * z);
        privileged[h + 4] = 2 * (x * y - w * z);
        privileged[h + 5] = 2 * (x * z + w * y);
        privileged[h + 6] = 2 * (x * y + w * z);
        privileged[h + 7] = 1 - 2 * (x * x + z * z);
        privileged[h + 8] = 2 * (y * z - w * x);
        privileged[h + 9] = 2 * (x * z - w * y);
        privileged[h + 10] = 2 * (y * z + w * x);
        privileged[h + 11] = 1 - 2 * (x * x + y * y);
        for (let k = 0; k < HISTORY_AT; k += 2) {
          normalPair(seed, 3, i, 64 * step + (k >> 1), noise);
          for (let m = 0; m < 2; m++)
            observations[o + k + m] = privileged[h + k + m]! + noiseStd(k + m) * noise[m]!;
        }
      }
    },

    step(): void {
      for (let i = 0; i < n; i++) {
        const b = i * BODY_WORDS;
        const o = i * OBSERVATION_WORDS + HISTORY_AT;
        for (let k = 0; k < BODY_WORDS; k++) body[k] = bodies[b + k]!;
        for (let k = 0; k < 4; k++) {
          const a = Math.min(Math.max(actions[4 * i + k]!, -1), 1);
          setpoint[k] = rotorMin + 0.5 * (a + 1) * (rotorMax - rotorMin);
        }
        integrate();
        for (let k = 0; k < BODY_WORDS; k++) bodies[b + k] = body[k]!;
        rewards[i] = score(i);
        terminated[i] = isOutOfBounds();
        observations.copyWithin(o, o + 4, o + 128);
        for (let k = 0; k < 4; k++) observations[o + 124 + k] = actions[4 * i + k]!;
      }
      step++;
    },
  };

  function noiseStd(entry: number): number {
    if (entry < 3) return sensorNoise.positionM;
    if (entry < 12) return sensorNoise.rotation;
    return entry < 15 ? sensorNoise.velocityMPerS : sensorNoise.angularVelocityRadPerS;
  }
}
