// Learning through the simulator (analytic policy gradient: APG, Wiedemann et al. 2022, arXiv 2209.13052; short horizons:
// SHAC, Xu et al. 2022, arXiv 2204.07137): one shard of drones flies a window of T control periods under the policy, and
// the cost of the flight is differentiated through physics, sensors and network back to the policy's parameters.
// Windows follow one another: states and membranes are carried over, their gradient is not.
//
//   forward    o[t] = observe(x[t])    a[t] = policy(o[t])    x[t+1] = step(x[t], a[t-1], a[t])
//   backward   d = dC/dx[T];  t = T-1 ... 0:
//              d = decay d + dC/dx[t+1];  (d, da) = step'(d) + dC/da[t];  d += observe'(policy'(da))
//
// With a delay, a[t-1] still drives the motors at the beginning of period t. The past actions that a dense policy with
// history sees are taken as given: no gradient runs through them.

import { Actor } from "../actors/actor";
import {
  ACTOR_WINDOW_HEADER_BYTES,
  actorStateBytes,
  actorWindowBackward,
  actorWindowBegin,
  actorWindowEnd,
  actorWindowForward,
  actorWindowGradient,
  actorWindowLayout,
  actorWindowSpikes,
  inputGradientPitch,
} from "../actors/kind";
import { F32s, Scratch } from "../addresses";
import { laidTo, layFrom, MEASURED, take } from "../cursor";
import { add, laneCount, loadF, mul, splat, storeF, sub } from "../lanes";
import { Airframe, airframeAt, airframeField } from "../physics/airframe";
import {
  INTEGRATE_BACKWARD_SCRATCH_WORDS,
  INTEGRATE_SCRATCH_WORDS,
  integrateBody,
  integrateBodyBackward,
} from "../physics/integrate";
import { BODY_WORDS, Body, INTEGRATED_WORDS } from "../physics/rigid-body";
import {
  environmentReset,
  environmentsObserve,
  environmentsStep,
  gather,
  gatherActions,
  lastAction,
  motorSetpoints,
  relateToTarget,
  scatter,
  scatterRows,
} from "../task/environment";
import { Environments } from "../task/environment-batch";
import { actionCost, FlightCost, stateCost } from "../task/flight-cost";
import {
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
  observeExactlyBackward,
} from "../task/observation";

const OBSERVATION_PITCH: usize = OBSERVATION_WITH_HISTORY_WORDS << 2;

@unmanaged
export abstract class FlightWindow {
  environments: Environments; // their bounds say which drones begin anew
  actor: Actor;
  cost: FlightCost;
  shard: u32;
  shards: u32;
  steps: i32; // of a window at most; drones times steps is below 2^16
  nextEpisode: u32 = 0; // begun by this shard
  restarts: u32 = 0; // drones that left the bounds, since the first window
  costSum: f64 = 0.0; // of the last window, over drones and steps
  finite: bool = false; // every gradient of the last window is a number; if not, the gradient is not to be used
  bodies: F32s = 0; // (steps, 23, n): before each step
  before: F32s = 0; // (steps, n, 4): the action before
  actions: F32s = 0; // (steps, n, 4)
  states: Scratch = 0; // (n) policy states, carried from window to window
  dBody: F32s = 0; // (17, n)
  dAction: F32s = 0; // (n, 4)
  dBefore: F32s = 0; // (n, 4): dL/da[t-1], waiting for the step before
  dObservation: F32s = 0; // (n, .)
  record: Scratch = 0; // of the actor
  scratch: Scratch = 0; // of one lane group
}

/** Words of scratch of one lane group: three bodies, two sets of actions and setpoints with their gradients, a rate. */
const SCRATCH_WORDS: i32 =
  3 * BODY_WORDS +
  INTEGRATED_WORDS +
  6 * 4 +
  OBSERVATION_WORDS +
  max<i32>(INTEGRATE_SCRATCH_WORDS, INTEGRATE_BACKWARD_SCRATCH_WORDS);

/** Lays the arrays out from base on; returns where they end. */
export function flightWindowLayout(w: FlightWindow, base: usize): usize {
  const n = w.environments.n,
    steps = w.steps;
  const words = <usize>(n << 2);
  layFrom(base);
  w.bodies = take(<usize>(BODY_WORDS * steps) * words);
  w.before = take(<usize>(4 * steps) * words);
  w.actions = take(<usize>(4 * steps) * words);
  w.states = take(<usize>actorStateBytes(w.actor) * n);
  w.dBody = take(<usize>INTEGRATED_WORDS * words);
  w.dAction = take(4 * words);
  w.dBefore = take(4 * words);
  w.dObservation = take(inputGradientPitch(w.actor) * n);
  w.scratch = take(16 * SCRATCH_WORDS);
  w.record = take(ACTOR_WINDOW_HEADER_BYTES);
  actorWindowLayout(base ? w.record : MEASURED, w.actor, <i32>n, steps);
  return laidTo();
}

/** Flies `steps` control periods. fresh: every drone begins an episode; otherwise those that left the bounds. */
export function flightWindowFly(w: FlightWindow, steps: i32, fresh: u32): void {
  const e = w.environments,
    a = w.actor;
  const all = fresh != 0 || w.nextEpisode == 0;
  for (let i: u32 = 0; i < e.n; i++) {
    const left = load<u8>(e.terminated + i) != 0;
    if (!all && !left) continue;
    if (!all) w.restarts++;
    beginEpisode(w, i);
  }
  environmentsObserve(w.environments);
  actorWindowBegin(w.record, a, w.states);
  const body = (<usize>(BODY_WORDS * e.n)) << 2,
    action = (<usize>e.n) << 4;
  for (let t = 0; t < steps; t++) {
    memory.copy(w.bodies + <usize>t * body, e.body, body);
    for (let i: u32 = 0; i < e.n; i++)
      memory.copy(w.before + <usize>t * action + ((<usize>i) << 4), lastAction(e, i), 16);
    actorWindowForward(w.record, a, t, e.observation, OBSERVATION_PITCH, e.action);
    memory.copy(w.actions + <usize>t * action, e.action, action);
    environmentsStep(w.environments);
    if (e.gusts) recordForces(w, e, t);
    environmentsObserve(w.environments);
  }
  actorWindowEnd(w.record, a, steps, w.states);
}

/** The step moved the gusts first: the bodies still have the forces that they were flown with. */
function recordForces(w: FlightWindow, e: Environments, t: i32): void {
  const row = (<usize>e.n) << 2;
  const force = Body.FORCE * row;
  memory.copy(w.bodies + <usize>(t * BODY_WORDS) * row + force, e.body + force, 3 * row);
}

function beginEpisode(w: FlightWindow, i: u32): void {
  environmentReset(w.environments, i, w.nextEpisode * w.shards + w.shard);
  w.nextEpisode++;
  const bytes = <usize>actorStateBytes(w.actor);
  memory.fill(w.states + <usize>i * bytes, 0, bytes);
}

/**
 * Adds to gradient (parameterCount) scale times the gradient of the cost of the window just flown. decay: factor on the
 * state's adjoint at every step back. gradient is not to be used when `finite` is 0 afterwards.
 */
export function flightWindowBackward(
  w: FlightWindow,
  steps: i32,
  slope: f32,
  decay: f32,
  scale: f32,
  gradient: F32s,
  parameterCount: i32,
): void {
  const e = w.environments,
    a = w.actor;
  memory.fill(w.dBody, 0, (<usize>(INTEGRATED_WORDS * e.n)) << 2);
  memory.fill(w.dBefore, 0, (<usize>e.n) << 4);
  w.costSum = 0.0;
  for (let t = steps - 1; t >= 0; t--) {
    if (ASC_FEATURE_SIMD) stepBackward<v128, v128>(w, e, t, t == steps - 1, decay, scale);
    else stepBackward<f32, i32>(w, e, t, t == steps - 1, decay, scale);
    actorWindowBackward(w.record, a, t, steps - 1, slope, w.dAction, w.dObservation, gradient);
    if (ASC_FEATURE_SIMD) sensorsBackward<v128>(w, e, t);
    else sensorsBackward<f32>(w, e, t);
  }
  actorWindowGradient(w.record, a, steps, gradient);
  w.finite = isFinite(w.costSum) && allFinite(gradient, parameterCount);
}

function allFinite(at: usize, n: i32): bool {
  for (let i: usize = 0; i < (<usize>n) << 2; i += 4) if (!isFinite(load<f32>(at + i))) return false;
  return true;
}

/** From dL/dx[t+1] to dL/da[t] and to what of dL/dx[t] does not come through the sensors. */
function stepBackward<F, I>(
  w: FlightWindow,
  e: Environments,
  t: i32,
  last: bool,
  decay: f32,
  scale: f32,
): void {
  const lanes = laneCount<F>();
  const group: usize = (<usize>lanes) << 2;
  const cost = w.cost;
  const n = e.n,
    bodyBytes = (<usize>(BODY_WORDS * n)) << 2,
    actionBytes = (<usize>n) << 4;
  const bodyBefore = w.bodies + <usize>t * bodyBytes,
    bodyAfter = last ? e.body : bodyBefore + bodyBytes;

  const after = w.scratch,
    body = after + <usize>BODY_WORDS * group,
    middle = body + <usize>BODY_WORDS * group;
  const d = middle + <usize>BODY_WORDS * group,
    action = d + <usize>INTEGRATED_WORDS * group;
  const before = action + 4 * group,
    setpoint = before + 4 * group,
    setpointBefore = setpoint + 4 * group;
  const dAction = setpointBefore + 4 * group,
    dBefore = dAction + 4 * group,
    scratch = dBefore + <usize>(4 + OBSERVATION_WORDS) * group;
  const period = splat<F>(e.airframe.stepS);

  for (let i: u32 = 0; i < n; i += lanes) {
    const airframes = airframeAt(e.airframes, i);
    const toAction = airframeField<F>(airframes, offsetof<Airframe>("setpointHalfRange"));
    gather<F>(bodyAfter, n, i, BODY_WORDS, after);
    relateToTarget<F>(e, i, after, after);
    gather<F>(bodyBefore, n, i, BODY_WORDS, body);
    gather<F>(w.dBody, n, i, INTEGRATED_WORDS, d);
    for (let at: usize = 0; at < <usize>INTEGRATED_WORDS * group; at += group)
      storeF<F>(d + at, mul<F>(splat<F>(decay), loadF<F>(d + at)));
    const stateTerms = stateCost<F, I>(cost, after, last, scale, d);

    gatherActions<F>(w.actions + <usize>t * actionBytes, 16, i, action);
    gatherActions<F>(w.before + <usize>t * actionBytes, 16, i, before);
    motorSetpoints<F>(airframes, action, setpoint);
    memory.fill(dAction, 0, 8 * group); // and dBefore
    let rest = period;
    const delayed = e.delayMaxS > 0.0;
    memory.copy(middle, body, <usize>BODY_WORDS * group);
    if (delayed) {
      const delay = loadF<F>(e.delay + ((<usize>i) << 2));
      rest = sub<F>(period, delay);
      motorSetpoints<F>(airframes, before, setpointBefore);
      integrateBody<F, I>(airframes, middle, setpointBefore, delay, scratch);
    }
    integrateBodyBackward<F, I>(airframes, middle, setpoint, rest, d, dAction, scratch);
    if (delayed) {
      const delay = loadF<F>(e.delay + ((<usize>i) << 2));
      integrateBodyBackward<F, I>(airframes, body, setpointBefore, delay, d, dBefore, scratch);
    }
    scatter<F>(d, INTEGRATED_WORDS, w.dBody, n, i);

    gatherActions<F>(w.dBefore, 16, i, action); // from the step behind; the action itself is needed once more below
    for (let at: usize = 0; at < 4 * group; at += group) {
      storeF<F>(dAction + at, add<F>(mul<F>(toAction, loadF<F>(dAction + at)), loadF<F>(action + at)));
      storeF<F>(dBefore + at, mul<F>(toAction, loadF<F>(dBefore + at)));
    }
    gatherActions<F>(w.actions + <usize>t * actionBytes, 16, i, action);
    const actionTerms = actionCost<F>(cost, action, before, scale, dAction, dBefore);
    scatterRows(dAction, lanes, 4, w.dAction + ((<usize>i) << 4), 4);
    scatterRows(dBefore, lanes, 4, w.dBefore + ((<usize>i) << 4), 4);

    storeF<F>(action, add<F>(stateTerms, actionTerms));
    for (let lane = 0; lane < lanes; lane++) w.costSum += <f64>load<f32>(action + ((<usize>lane) << 2));
  }
}

/** dL/dx[t] += what comes through the sensors. */
function sensorsBackward<F>(w: FlightWindow, e: Environments, t: i32): void {
  const lanes = laneCount<F>();
  const group: usize = (<usize>lanes) << 2;
  const n = e.n,
    pitch = inputGradientPitch(w.actor);
  const bodyBefore = w.bodies + <usize>t * ((<usize>(BODY_WORDS * n)) << 2);
  const body = w.scratch,
    d = body + <usize>BODY_WORDS * group,
    dObservation = d + <usize>INTEGRATED_WORDS * group;
  for (let i: u32 = 0; i < n; i += lanes) {
    gather<F>(bodyBefore, n, i, BODY_WORDS, body);
    gather<F>(w.dBody, n, i, INTEGRATED_WORDS, d);
    for (let lane = 0; lane < lanes; lane++) {
      for (let k: usize = 0; k < <usize>OBSERVATION_WORDS; k++) {
        store<f32>(
          dObservation + k * group + ((<usize>lane) << 2),
          load<f32>(w.dObservation + (<usize>i + lane) * pitch + (k << 2)),
        );
      }
    }
    observeExactlyBackward<F>(body, dObservation, d);
    scatter<F>(d, INTEGRATED_WORDS, w.dBody, n, i);
  }
}

export function flightWindowSpikes(w: FlightWindow): f64 {
  return <f64>actorWindowSpikes(w.record, w.actor);
}
