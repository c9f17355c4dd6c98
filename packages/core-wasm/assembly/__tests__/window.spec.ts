import { Actor, ActorKind } from "../actors/actor";
import { actorStateBytes, actorSync } from "../actors/kind";
import {
  SpikingWindow,
  spikingWindowBackward,
  spikingWindowBegin,
  spikingWindowEnd,
  spikingWindowForward,
  spikingWindowGradient,
  spikingWindowLayout,
} from "../actors/spiking";
import { layFrom } from "../cursor";
import { Activation, mlpParameterCount } from "../dense/mlp";
import { INPUT_GRADIENT_PITCH } from "../network/backward";
import { Gust } from "../physics/gust";
import { BODY_WORDS, Body } from "../physics/rigid-body";
import { environmentsLayout } from "../task/environment";
import { Environments, Gusts } from "../task/environment-batch";
import { FlightCost } from "../task/flight-cost";
import { gustsLayout } from "../task/gusts";
import { Start } from "../task/initial-state";
import { SensorNoise } from "../task/observation";
import { Reward } from "../task/reward";
import { Bounds } from "../task/termination";
import { Variation } from "../task/variation";
import {
  FlightWindow,
  flightWindowBackward,
  flightWindowFly,
  flightWindowLayout,
} from "../window/flight-window";
import {
  draw,
  expectRelative,
  expectWithin,
  f32At,
  fillDraws,
  make,
  place,
  seedDraws,
  setF32,
} from "./arena";
import { crazyflie } from "./crazyflie";
import { makeMlp } from "./dense-model";
import { masterCount, spikingActor, twoLayers } from "./networks";
import { bptt, bpttActions } from "./sequence";

const N = 4;
const STEPS = 9;

/** Drones that differ, with a delay, without sensor noise. */
function createFlight(actor: Actor, steps: i32, gusty: bool = false): FlightWindow {
  const e = make<Environments>(),
    cost = make<FlightCost>(),
    w = make<FlightWindow>();
  e.n = N;
  e.seed = 5;
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
  e.bounds.positionM = 1.0;
  e.bounds.velocityMPerS = 6.0;
  e.bounds.angularVelocityRadPerS = 30.0;
  e.delayMinS = 0.002;
  e.delayMaxS = 0.006;
  const variation = make<Variation>();
  for (let range: usize = 0; range < 16; range += 2) {
    store<f32>(changetype<usize>(variation) + (range << 2), 0.7);
    store<f32>(changetype<usize>(variation) + (range << 2), 1.3, 4);
  }
  e.variation = variation;
  environmentsLayout(e, place(environmentsLayout(e, 0)));
  if (gusty) {
    const gusts = make<Gusts>();
    gusts.environments = e;
    gusts.gust = make<Gust>();
    gusts.gust.intensityX = gusts.gust.intensityY = gusts.gust.intensityZ = 0.1; // 0.4 of the weight
    gusts.gust.drive = 1.0; // forgets within a step
    gustsLayout(gusts, place(gustsLayout(gusts, 0)));
    e.gusts = gusts;
  }
  cost.position = 1.0;
  cost.positionNorm = 0.5;
  cost.velocity = 0.01;
  cost.angularVelocity = 0.002;
  cost.orientation = 0.25;
  cost.action = 0.035;
  cost.actionChange = 0.5;
  cost.actionBaseline = 0.334;
  cost.end = 1.0;
  w.environments = e;
  w.actor = actor;
  w.cost = cost;
  w.shards = 1;
  w.steps = steps;
  flightWindowLayout(w, place(flightWindowLayout(w, 0)));
  return w;
}

// --- a dense policy: everything is smooth, so the whole flight has finite differences
const mlp = makeMlp([18, 5, 4], Activation.TANH, Activation.TANH);
const COUNT = mlpParameterCount(mlp);
const parameters = place(4 * COUNT);
seedDraws(11);
fillDraws(parameters, COUNT, 0.3);
const dense = make<Actor>();
dense.kind = ActorKind.DENSE;
dense.inputs = 18;
dense.mlp = mlp;
dense.parameters = parameters;
dense.copies = place(4 * COUNT);
const flight = createFlight(dense, STEPS);
const gradient = place(4 * COUNT);

/** Cost of the first window, flown anew with the parameters as they are; its gradient in `gradient`. */
function flyAnew(w: FlightWindow = flight): f64 {
  w.nextEpisode = 0;
  actorSync(dense);
  memory.fill(gradient, 0, 4 * COUNT);
  flightWindowFly(w, STEPS, 1);
  flightWindowBackward(w, STEPS, 10.0, 1.0, 1.0, gradient, COUNT);
  return w.costSum;
}

function expectFiniteDifferences(w: FlightWindow): void {
  flyAnew(w);
  const got = new StaticArray<f64>(COUNT);
  let largest = 0.0;
  for (let i = 0; i < COUNT; i++) {
    got[i] = <f64>f32At(gradient, i);
    largest = Math.max(largest, Math.abs(got[i]));
  }
  expect<bool>(largest > 0.1).toBe(true, "a flight that nothing changes would pass any check");
  const step = 0.0078125;
  for (let i = 0; i < COUNT; i++) {
    const value = <f64>f32At(parameters, i);
    setF32(parameters, i, value + step);
    const high = flyAnew(w);
    setF32(parameters, i, value - step);
    const low = flyAnew(w);
    setF32(parameters, i, value);
    expectRelative(got[i], (high - low) / (2.0 * step), 5e-3, 0.05 * largest, "parameter " + i.toString());
  }
}

describe("flightWindowBackward", () => {
  it("matches finite differences of a whole flight, through physics, delay, sensors and policy", () => {
    expectFiniteDifferences(flight);
  });

  it("goes back through every step as it was flown: with the gust that blew in it", () => {
    const gusty = createFlight(dense, STEPS, true);
    flyAnew(gusty);
    const e = gusty.environments,
      after = place(4 * BODY_WORDS * N);
    const body = (<usize>(BODY_WORDS * N)) << 2;
    const force = Body.FORCE * N * 4;
    memory.copy(after, e.body, body);
    // The last step's force is still in the bodies; every step has another.
    for (let at: usize = 0; at < 12 * N; at += 4) {
      const last = gusty.bodies + (STEPS - 1) * body + force + at;
      expect<f32>(load<f32>(last)).toBe(load<f32>(after + force + at));
      expect<f32>(load<f32>(last)).not.toBe(load<f32>(last - body));
    }
    expectFiniteDifferences(gusty);
  });

  it("shortens its memory by the decay, and says where numbers end", () => {
    flyAnew();
    const whole = <f64>f32At(gradient, 0);
    memory.fill(gradient, 0, 4 * COUNT);
    flightWindowBackward(flight, STEPS, 10.0, 0.5, 1.0, gradient, COUNT);
    expect<bool>(Math.abs(<f64>f32At(gradient, 0) - whole) > 1e-4 * Math.abs(whole)).toBe(true);
    expect<bool>(flight.finite).toBe(true);
    const bias = COUNT - 1;
    const value = <f64>f32At(parameters, bias);
    setF32(parameters, bias, NaN);
    flyAnew();
    expect<bool>(flight.finite).toBe(false);
    setF32(parameters, bias, value);
  });
});

// --- a spiking policy
const H1 = 16;
const H2 = 8;
const MASTER = masterCount(H1, H2);
const master = place(4 * MASTER),
  image = twoLayers(H1, H2, 25),
  gain = place(72);
for (let i = 0; i < MASTER; i++) setF32(master, i, 0.24 * draw() + 0.1);
for (let k = 0; k < 18; k++) setF32(gain, k, k < 3 ? 4.0 : 1.0);
const actor = spikingActor(image, image, master, gain);

function createWindow(steps: i32): SpikingWindow {
  const at = place(1 << 17);
  layFrom(at + offsetof<SpikingWindow>());
  spikingWindowLayout(changetype<SpikingWindow>(at), actor, N, steps);
  return changetype<SpikingWindow>(at);
}
const PITCH: usize = 72;
const observations = place(STEPS * N * PITCH),
  dActions = place(STEPS * N * 16),
  dObservations = place(<usize>N * INPUT_GRADIENT_PITCH);
fillDraws(observations, STEPS * N * 18, 0.8);
fillDraws(dActions, STEPS * N * 4, 1.0);
const states = place(<usize>N * actorStateBytes(actor));

function forwards(w: SpikingWindow, first: i32, steps: i32, actions: usize): void {
  for (let t = 0; t < steps; t++) {
    const row = <usize>((first + t) * N);
    spikingWindowForward(w, actor, t, observations + row * PITCH, PITCH, actions + row * 16);
  }
}

describe("spikingWindow", () => {
  it("has the actions and the gradient of the sequences gone through at once", () => {
    const w = createWindow(STEPS);
    const actions = place(STEPS * N * 16),
      got = place(4 * MASTER),
      want = place(4 * MASTER);
    memory.fill(states, 0, <usize>N * actorStateBytes(actor));
    spikingWindowBegin(w, actor, states);
    forwards(w, 0, STEPS, actions);
    for (let t = STEPS - 1; t >= 0; t--) {
      const dAction = dActions + <usize>(t * N) * 16;
      spikingWindowBackward(w, actor, t, STEPS - 1, 5.0, dAction, dObservations, got);
    }
    spikingWindowGradient(w, actor, STEPS, got);

    let spikes: i64 = 0;
    for (let i = 0; i < N; i++) {
      spikes += bptt(actor, observations, dActions, i, N, STEPS, 5.0, want);
      for (let t = 0; t < STEPS; t++)
        for (let k = 0; k < 4; k++)
          expect<f32>(f32At(actions, (t * N + i) * 4 + k)).toBe(f32At(bpttActions, t * 4 + k));
    }
    expect<i64>(w.tape.spikes).toBe(spikes);
    expect<bool>(spikes > 50).toBe(true, "a silent network would pass any gradient check");
    let largest = 0.0;
    for (let i = 0; i < MASTER; i++) largest = Math.max(largest, Math.abs(<f64>f32At(want, i)));
    for (let i = 0; i < MASTER; i++)
      expectRelative(
        <f64>f32At(got, i),
        <f64>f32At(want, i),
        1e-5,
        0.1 * largest,
        "parameter " + i.toString(),
      );
  });

  it("goes on where the window before ended", () => {
    const whole = place(STEPS * N * 16),
      parts = place(STEPS * N * 16);
    const long = createWindow(STEPS),
      short = createWindow(5);
    memory.fill(states, 0, <usize>N * actorStateBytes(actor));
    spikingWindowBegin(long, actor, states);
    forwards(long, 0, STEPS, whole);
    spikingWindowBegin(short, actor, states);
    forwards(short, 0, 5, parts);
    spikingWindowEnd(short, actor, 5, states);
    spikingWindowBegin(short, actor, states);
    forwards(short, 5, STEPS - 5, parts);
    for (let k = 0; k < STEPS * N * 4; k++) expect<f32>(f32At(parts, k)).toBe(f32At(whole, k));
  });

  it("gives the gradient of each observation entry: the weights times the currents' gradients", () => {
    const w = createWindow(STEPS);
    memory.fill(states, 0, <usize>N * actorStateBytes(actor));
    spikingWindowBegin(w, actor, states);
    forwards(w, 0, 1, place(N * 16));
    spikingWindowBackward(w, actor, 0, 0, 5.0, dActions, dObservations, place(4 * MASTER));
    for (let i = 0; i < N; i++) {
      for (let k = 0; k < 18; k++) {
        let want = 0.0;
        for (let j = 0; j < H1; j++)
          want += <f64>f32At(w.adjoint.d, i * H1 + j) * <f64>f32At(master, k * H1 + j) * <f64>f32At(gain, k);
        const got = <f64>load<f32>(dObservations + <usize>i * INPUT_GRADIENT_PITCH + ((<usize>k) << 2));
        expectWithin(got, want, 5e-4, "entry " + k.toString()); // the image's weights are rounded
      }
    }
  });
});
