import { Gust, gustPrepare, moveGust } from "../physics/gust";
import { Body } from "../physics/rigid-body";
import { environmentReset, environmentsLayout, environmentsStep } from "../task/environment";
import { Environments, Gusts } from "../task/environment-batch";
import { gustsHold, gustsLayout, gustsStep } from "../task/gusts";
import { Start } from "../task/initial-state";
import { SensorNoise } from "../task/observation";
import { Reward } from "../task/reward";
import { Bounds } from "../task/termination";
import { expectWithin, f32At, make, place, setF32 } from "./arena";
import { crazyflie } from "./crazyflie";

const N = 4;
const scratch = place(16);
const force = place(12);

function gust(x: f32, y: f32, z: f32, correlationS: f32): Gust {
  const g = make<Gust>();
  g.intensityX = x;
  g.intensityY = y;
  g.intensityZ = z;
  g.correlationS = correlationS;
  g.stepS = 0.01;
  gustPrepare(g);
  return g;
}
const windy = gust(0.02, 0.01, 0.005, 0.1);

/** A batch whose start draws a steady force. */
function createBatch(seed: u32): Environments {
  const e = make<Environments>();
  e.n = N;
  e.seed = seed;
  e.airframe = crazyflie();
  e.start = make<Start>();
  e.start.positionM = 0.2;
  e.start.angleRad = e.start.velocityMPerS = e.start.angularVelocityRadPerS = 1.0;
  e.start.forceStd = 0.05;
  e.start.torqueStd = 0.0001;
  e.start.rotorsAtHalf = true;
  e.noise = make<SensorNoise>();
  e.reward = make<Reward>();
  e.bounds = make<Bounds>();
  e.bounds.positionM = 10.0;
  e.bounds.velocityMPerS = e.bounds.angularVelocityRadPerS = 1000.0;
  environmentsLayout(e, place(environmentsLayout(e, 0)));
  for (let i = 0; i < N; i++) environmentReset(e, i, 10 + i);
  return e;
}

function createGusts(environments: Environments, block: Gust): Gusts {
  const g = make<Gusts>();
  g.environments = environments;
  g.gust = block;
  gustsLayout(g, place(gustsLayout(g, 0)));
  for (let i = 0; i < N; i++) gustsHold(g, i);
  return g;
}

/** Force (N) along an axis on environment i. */
function forceOn(environments: Environments, i: i32, axis: i32): f32 {
  return f32At(environments.body, (<i32>Body.FORCE + axis) * N + i);
}

describe("a gust", () => {
  it("has its intensity from the first step on, and forgets with its correlation time", () => {
    const episodes = 4000;
    let first = 0.0,
      late = 0.0,
      apart = 0.0,
      mean = 0.0,
      across = 0.0;
    for (let episode = 0; episode < episodes; episode++) {
      memory.fill(force, 0, 12);
      let early = 0.0;
      for (let step = 0; step < 21; step++) {
        moveGust(windy, 5, episode, step, force, 4, scratch);
        if (step == 0) first += <f64>f32At(force, 0) * <f64>f32At(force, 0);
        if (step == 10) early = <f64>f32At(force, 0); // one correlation time before step 20
      }
      const x = <f64>f32At(force, 0);
      mean += x;
      late += x * x;
      apart += early * x;
      across += x * <f64>f32At(force, 1);
    }
    const n = <f64>episodes;
    const variance = 0.02 * 0.02;
    // Four standard errors: sqrt(2 / n) of a variance, sqrt((1 + r^2) / n) of a correlation.
    expectWithin(mean / n / 0.02, 0.0, 4.0 / Math.sqrt(n), "mean");
    expectWithin(first / n / variance, 1.0, 4.0 * Math.sqrt(2.0 / n), "variance at the first step");
    expectWithin(late / n / variance, 1.0, 4.0 * Math.sqrt(2.0 / n), "variance after 20 steps");
    expectWithin(apart / n / variance, Math.exp(-1.0), 4.0 * Math.sqrt(1.14 / n), "correlation");
    expectWithin(across / n / (0.02 * 0.01), 0.0, 4.0 / Math.sqrt(n), "axes are independent");
  });

  it("has an intensity of its own along each axis", () => {
    const n = 4000;
    let y = 0.0,
      z = 0.0;
    for (let episode = 0; episode < n; episode++) {
      moveGust(windy, 5, episode, 0, force, 4, scratch);
      y += <f64>f32At(force, 1) * <f64>f32At(force, 1);
      z += <f64>f32At(force, 2) * <f64>f32At(force, 2);
    }
    expectWithin(Math.sqrt(y / <f64>n), 0.01, 0.0005, "y");
    expectWithin(Math.sqrt(z / <f64>n), 0.005, 0.00025, "z");
  });

  it("is another one for another seed, episode and step", () => {
    const one = firstGust(1, 1, 0);
    expect<f32>(firstGust(1, 1, 0)).toBe(one);
    expect<f32>(firstGust(2, 1, 0)).not.toBe(one);
    expect<f32>(firstGust(1, 2, 0)).not.toBe(one);
    expect<f32>(firstGust(1, 1, 1)).not.toBe(one);
  });
});

function firstGust(seed: u32, episode: u32, step: u32): f32 {
  memory.fill(force, 0, 12);
  moveGust(windy, seed, episode, step, force, 4, scratch);
  return f32At(force, 0);
}

describe("gusts over a batch", () => {
  it("come on top of the steady force of each episode", () => {
    const environments = createBatch(3);
    const steady = new StaticArray<f32>(N);
    for (let i = 0; i < N; i++) steady[i] = forceOn(environments, i, 1);
    const gusts = createGusts(environments, windy);
    const alone = new StaticArray<f32>(3);
    for (let step = 0; step < 5; step++) {
      gustsStep(gusts);
      environmentsStep(environments);
      moveGust(windy, 3, 12, step, changetype<usize>(alone), 4, scratch);
      expect<f32>(forceOn(environments, 2, 1)).toBe(steady[2] + alone[1]);
    }
    expect<bool>(forceOn(environments, 2, 1) != steady[2]).toBe(true);
    expect<bool>(forceOn(environments, 0, 1) - steady[0] != forceOn(environments, 1, 1) - steady[1]).toBe(
      true,
      "each episode has gusts of its own",
    );
  });

  it("of no intensity leave a flight as it is", () => {
    const windless = createBatch(3),
      calm = createBatch(3);
    const gusts = createGusts(calm, gust(0.0, 0.0, 0.0, 0.5));
    for (let step = 0; step < 20; step++) {
      environmentsStep(windless);
      gustsStep(gusts);
      environmentsStep(calm);
    }
    const bytes = 4 * 23 * N;
    const same = memory.compare(windless.body, calm.body, bytes);
    expect<i32>(same).toBe(0);
  });

  it("keep a force that was set on the way", () => {
    const environments = createBatch(3);
    const gusts = createGusts(environments, windy);
    gustsStep(gusts);
    environmentsStep(environments);
    setF32(environments.body, <i32>Body.FORCE * N, 1.0);
    gustsHold(gusts, 0);
    gustsStep(gusts);
    expectWithin(<f64>forceOn(environments, 0, 0), 1.0, 0.1, "set force");
    expect<bool>(forceOn(environments, 0, 0) != 1.0).toBe(true);
  });
});
