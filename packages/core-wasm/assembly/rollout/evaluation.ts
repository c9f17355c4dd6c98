// Flying for a score: each environment flies one episode to its end, without exploration, and nothing is learnt.

import { Actor } from "../actors/actor";
import { actorAct, actorActBytes, actorStateBytes, SPIKE_COUNTS } from "../actors/kind";
import { F64s, Scratch, U8s } from "../addresses";
import { laidTo, lay, layFrom, take } from "../cursor";
import { environmentReset, environmentsObserve, environmentsStep, lastAction } from "../task/environment";
import { Environments } from "../task/environment-batch";
import { OBSERVATION_WITH_HISTORY_WORDS } from "../task/observation";
import { Reward, scoreTerms } from "../task/reward";

const OBSERVATION_PITCH: usize = OBSERVATION_WITH_HISTORY_WORDS << 2;

@unmanaged
export abstract class Evaluation {
  environments: Environments;
  actor: Actor;
  otherReward: Reward; // a second scoring of the same flights, from the same terms
  maxSteps: u32;
  states: Scratch = 0; // (n) policy states
  alive: U8s = 0; // (n)
  workspace: Scratch = 0; // of actorAct
  outcome: Outcome = changetype<Outcome>(0); // (n)
  spikes: F64s = 0; // (SPIKE_COUNTS): of each layer, over all steps flown
  stepsFlown: f64 = 0.0;
}

@unmanaged
export abstract class Outcome {
  episodeReturn: f64;
  otherReturn: f64;
  steps: u32;
  crashed: bool;
  positionError: f64; // sum over steps of |p|^2, m^2; in the end their root mean square, m
  // Of the steps from SETTLED_STEPS on, when the start is forgotten.
  settledSteps: u32;
  settledError: f64; // sum of |p|^2, m^2; in the end their mean
  offsetX: f64; // sums of p, m
  offsetY: f64;
  offsetZ: f64;
  offset: f64; // in the end: length of the mean of p, m
  commandChange: f64; // sum of |a[t] - a[t-1]|, mean over the motors; in the end their mean
}

/** Bytes from one to the next: as build/layout.js has them. */
const OUTCOME_BYTES: usize = (offsetof<Outcome>() + 7) & ~7;

/** Lays the arrays out from base on; returns where they end. */
export function evaluationLayout(v: Evaluation, base: usize): usize {
  const n = <usize>v.environments.n,
    actor = v.actor;
  layFrom(base);
  v.outcome = changetype<Outcome>(take(n * OUTCOME_BYTES));
  v.states = take(n * actorStateBytes(actor));
  v.alive = lay<u8>(n);
  v.spikes = lay<f64>(SPIKE_COUNTS);
  v.workspace = take(actorActBytes(actor, <u32>n));
  return laidTo();
}

/** 2 s. */
const SETTLED_STEPS: u32 = 200;

/** Flies episodes first .. first + count - 1 (count up to n), one an environment. */
export function evaluationFly(v: Evaluation, firstEpisode: u32, count: u32): void {
  const actor = v.actor;
  const e = v.environments;
  const n = e.n;
  v.stepsFlown = 0.0;
  memory.fill(v.spikes, 0, 8 * SPIKE_COUNTS);
  memory.fill(changetype<usize>(v.outcome), 0, <usize>n * OUTCOME_BYTES);
  memory.fill(v.states, 0, <usize>n * actorStateBytes(actor));
  for (let i: u32 = 0; i < n; i++) {
    environmentReset(v.environments, i, firstEpisode + (i < count ? i : 0));
    store<u8>(v.alive + i, <u8>(i < count));
  }
  let flying = count;
  for (let t: u32 = 0; t < v.maxSteps && flying > 0; t++) {
    environmentsObserve(v.environments);
    actorAct(actor, e.observation, OBSERVATION_PITCH, n, v.alive, v.states, e.action, v.workspace);
    for (let l: usize = 0; l < <usize>SPIKE_COUNTS; l++) {
      const sum = v.spikes + (l << 3);
      store<f64>(sum, load<f64>(sum) + <f64>load<u32>(v.workspace + (l << 2)));
    }
    v.stepsFlown += <f64>flying;
    environmentsStep(v.environments);
    for (let i: u32 = 0; i < count; i++) if (load<u8>(v.alive + i)) flying -= score(v, e, i);
  }
  for (let i: u32 = 0; i < count; i++) conclude(outcomeOf(v, i));
}

// @ts-ignore: decorator
@inline
function outcomeOf(v: Evaluation, i: u32): Outcome {
  return changetype<Outcome>(changetype<usize>(v.outcome) + <usize>i * OUTCOME_BYTES);
}

/** Sums become what is reported. */
function conclude(o: Outcome): void {
  o.positionError = Math.sqrt(o.positionError / <f64>o.steps);
  const settled = <f64>o.settledSteps;
  o.settledError /= settled;
  o.offset = Math.sqrt(o.offsetX * o.offsetX + o.offsetY * o.offsetY + o.offsetZ * o.offsetZ) / settled;
  o.commandChange /= settled;
}

/** Adds one step to an outcome; 1 if it ended the episode. */
function score(v: Evaluation, e: Environments, i: u32): u32 {
  const outcome = outcomeOf(v, i);
  const terminated = load<u8>(e.terminated + i) != 0;
  const terms = e.terms + (i << 2),
    stride = (<usize>e.n) << 2;
  outcome.episodeReturn += <f64>scoreTerms(e.reward, terms, stride, terminated);
  outcome.otherReturn += <f64>scoreTerms(v.otherReward, terms, stride, terminated);
  const distance = <f64>load<f32>(terms); // |p|^2, or |p| under a reward of plain norms
  outcome.positionError += e.reward.plainNorms ? distance * distance : distance;
  outcome.steps++;
  if (outcome.steps > SETTLED_STEPS) settle(outcome, e, i);
  if (!terminated) return 0;
  outcome.crashed = true;
  store<u8>(v.alive + i, 0);
  return 1;
}

/** How well the drone holds its target, and how quietly. */
function settle(outcome: Outcome, e: Environments, i: u32): void {
  const stride = (<usize>e.n) << 2,
    body = e.body + ((<usize>i) << 2),
    target = e.target + ((<usize>i) << 2);
  const x = <f64>(load<f32>(body) - load<f32>(target)),
    y = <f64>(load<f32>(body + stride) - load<f32>(target + stride)),
    z = <f64>(load<f32>(body + 2 * stride) - load<f32>(target + 2 * stride));
  outcome.settledSteps++;
  outcome.settledError += x * x + y * y + z * z;
  outcome.offsetX += x;
  outcome.offsetY += y;
  outcome.offsetZ += z;
  const now = lastAction(e, i);
  let change = 0.0;
  for (let at: usize = 0; at < 16; at += 4)
    change += Math.abs(<f64>(load<f32>(now + at) - load<f32>(now + at - 16)));
  outcome.commandChange += 0.25 * change;
}
