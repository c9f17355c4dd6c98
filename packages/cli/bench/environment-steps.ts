import {
  ACTION_WORDS,
  AIRFRAMES,
  airframeFields,
  BODY_WORDS,
  BOUNDS,
  type CoreBuild,
  REWARDS,
  rewardFields,
  SENSOR_NOISES,
  STARTS,
} from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import type { Claim, Work } from "./measure.js";
import { createEnvironmentsTwin } from "./twin/environment.js";

/** Drones in the air at once, and steps of a flight: physics, noise, observation, reward, history; no policy. */
const N = 64;
const STEPS = 200;
const SEED = 1;
const task = {
  airframe: AIRFRAMES["crazyflie-l2f"],
  start: STARTS.l2f,
  sensorNoise: SENSOR_NOISES.l2f,
  reward: REWARDS["paper-start"],
  bounds: BOUNDS.l2f,
};
const HOVER = 0.334;

function inCore(build: CoreBuild): { readonly work: Work; readonly starts: Float32Array } {
  const core = loadCore(build);
  const { kernels } = core;
  const at = core.create("Environments", {
    n: N,
    seed: SEED,
    airframe: core.create("Airframe", airframeFields(task.airframe)),
    start: core.create("Start", task.start),
    noise: core.create("SensorNoise", task.sensorNoise),
    reward: core.create("Reward", rewardFields(task.reward)),
    bounds: core.create("Bounds", task.bounds),
  });
  const { body, action } = core.view("Environments", at);
  const reset = () => {
    for (let i = 0; i < N; i++) kernels.environmentReset(at, i, i);
  };
  reset();
  const words = core.f32(body, N * BODY_WORDS);
  const starts = Float32Array.from({ length: N * BODY_WORDS }, (_, i) => {
    return words[(i % BODY_WORDS) * N + Math.floor(i / BODY_WORDS)]!;
  });
  core.f32(action, ACTION_WORDS * N).fill(HOVER);
  const work = () => {
    reset();
    for (let t = 0; t < STEPS; t++) {
      kernels.environmentsObserve(at);
      kernels.environmentsStep(at);
      for (let i = 0; i < N; i++) kernels.environmentReward(at, i);
    }
    return N * STEPS;
  };
  return { work, starts };
}

export function environmentSteps(): Claim {
  const simd = inCore("simd");
  const twin = createEnvironmentsTwin(N, task, SEED);
  twin.actions.fill(HOVER);
  return {
    name: "environment steps",
    unit: "steps/s",
    simd: simd.work,
    scalar: inCore("scalar").work,
    twin() {
      twin.bodies.set(simd.starts);
      for (let t = 0; t < STEPS; t++) {
        twin.observe();
        twin.step();
      }
      return N * STEPS;
    },
  };
}
