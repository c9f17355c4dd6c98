// Flying for a score: each environment flies one episode to its end, without exploration, and nothing is learnt.

import { actorAct, actorActBytes, actorStateBytes } from "../actor/actor";
import { environmentReset, environmentsObserve, environmentsStep, lastAction } from "../task/environment";
import { Environments } from "../task/environment-batch";
import { OBSERVATION_WITH_HISTORY_WORDS } from "../task/observation";
import { Reward, scoreTerms } from "../task/reward";

const OBSERVATION_PITCH: usize = OBSERVATION_WITH_HISTORY_WORDS << 2;

@unmanaged
export abstract class Evaluation {
  environments: Environments;
  actor: usize; // Actor
  guide: usize; // Actor or 0
  guideSteps: u32; // the guide flies these first (0 by the protocol)
  otherReward: usize; // Reward: a second scoring of the same flights, from the same terms
  maxSteps: u32;
  states: usize; // (n) policy states
  alive: usize; // (n) u8
  workspace: usize; // of actorAct
  outcome: usize; // (n) Outcome
  spikes1: f64; // over all steps flown
  spikes2: f64;
  stepsFlown: f64;
}

@unmanaged
export abstract class Outcome {
  episodeReturn: f64;
  otherReturn: f64;
  steps: u32;
  crashed: u32;
  positionError: f64; // sum over steps of |p|^2, m^2
  // Of the steps from SETTLED_STEPS on, when the start is forgotten.
  settledSteps: u32;
  settledError: f64; // sum of |p|^2, m^2
  offsetX: f64; // sums of p, m
  offsetY: f64;
  offsetZ: f64;
  commandChange: f64; // sum of |a[t] - a[t-1]|, mean over the motors
}

/** 2 s. */
const SETTLED_STEPS: u32 = 200;

/** Flies episodes first .. first + count - 1 (count up to n), one an environment. */
export function evaluationFly(at: usize, firstEpisode: u32, count: u32): void {
  const v = changetype<Evaluation>(at);
  const e = v.environments;
  const n = e.n;
  memory.fill(v.outcome, 0, <usize>n * offsetof<Outcome>());
  memory.fill(v.states, 0, <usize>n * actorStateBytes(v.actor));
  for (let i: u32 = 0; i < n; i++) {
    environmentReset(v.environments, i, firstEpisode + (i < count ? i : 0));
    store<u8>(v.alive + i, <u8>(i < count));
  }
  let flying = count;
  for (let t: u32 = 0; t < v.maxSteps && flying > 0; t++) {
    environmentsObserve(v.environments);
    const spikes = actorAct(
      v.actor,
      e.observation,
      OBSERVATION_PITCH,
      n,
      v.alive,
      v.states,
      e.action,
      v.workspace,
    );
    v.spikes1 += <f64>(spikes & 0xffffffff);
    v.spikes2 += <f64>(spikes >> 32);
    v.stepsFlown += <f64>flying;
    if (t < v.guideSteps) {
      actorAct(v.guide, e.observation, OBSERVATION_PITCH, n, 0, 0, e.action, v.workspace);
    }
    environmentsStep(v.environments);
    for (let i: u32 = 0; i < count; i++) if (load<u8>(v.alive + i)) flying -= score(v, e, i);
  }
}

/** Adds one step to an outcome; 1 if it ended the episode. */
function score(v: Evaluation, e: Environments, i: u32): u32 {
  const outcome = changetype<Outcome>(v.outcome + <usize>i * offsetof<Outcome>());
  const terminated = load<u8>(e.terminated + i) != 0;
  const terms = e.terms + (i << 2),
    stride = (<usize>e.n) << 2;
  outcome.episodeReturn += <f64>scoreTerms(e.reward, terms, stride, terminated);
  outcome.otherReturn += <f64>scoreTerms(changetype<Reward>(v.otherReward), terms, stride, terminated);
  const distance = <f64>load<f32>(terms); // |p|^2, or |p| under a reward of plain norms
  outcome.positionError += e.reward.plainNorms ? distance * distance : distance;
  outcome.steps++;
  if (outcome.steps > SETTLED_STEPS) settle(outcome, e, i);
  if (!terminated) return 0;
  outcome.crashed = 1;
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

export function evaluationBytes(n: u32, actor: usize, guide: usize): u32 {
  const states = <u32>actorStateBytes(actor) * n;
  const workspace = max<u32>(actorActBytes(actor, n), guide ? actorActBytes(guide, n) : 0);
  return (
    <u32>((offsetof<Evaluation>() + 15) & ~15) + n * (<u32>offsetof<Outcome>() + 1) + states + workspace + 64
  );
}

export function evaluationInit(
  at: usize,
  environments: Environments,
  actor: usize,
  guide: usize,
  guideSteps: u32,
  otherReward: usize,
  maxSteps: u32,
): void {
  const v = changetype<Evaluation>(at);
  const n = <usize>environments.n;
  memory.fill(at, 0, offsetof<Evaluation>());
  v.environments = environments;
  v.actor = actor;
  v.guide = guide;
  v.guideSteps = guideSteps;
  v.otherReward = otherReward;
  v.maxSteps = maxSteps;
  v.outcome = at + ((offsetof<Evaluation>() + 15) & ~15);
  v.states = v.outcome + n * offsetof<Outcome>();
  v.alive = v.states + n * actorStateBytes(actor);
  v.workspace = (v.alive + n + 15) & ~15;
}

export function outcomeReturn(at: usize, i: u32): f64 {
  return outcomeOf(at, i).episodeReturn;
}
export function outcomeOtherReturn(at: usize, i: u32): f64 {
  return outcomeOf(at, i).otherReturn;
}
export function outcomeSteps(at: usize, i: u32): u32 {
  return outcomeOf(at, i).steps;
}
export function outcomeCrashed(at: usize, i: u32): u32 {
  return outcomeOf(at, i).crashed;
}
/** Root mean square distance to the target over the episode, m. */
export function outcomePositionError(at: usize, i: u32): f64 {
  const o = outcomeOf(at, i);
  return Math.sqrt(o.positionError / <f64>o.steps);
}

/** From 2 s on: mean square distance (m^2), length of the mean error (m), mean change of a command. */
export function outcomeSettledSquare(at: usize, i: u32): f64 {
  const o = outcomeOf(at, i);
  return o.settledError / <f64>o.settledSteps;
}
export function outcomeOffset(at: usize, i: u32): f64 {
  const o = outcomeOf(at, i);
  const square = o.offsetX * o.offsetX + o.offsetY * o.offsetY + o.offsetZ * o.offsetZ;
  return Math.sqrt(square) / <f64>o.settledSteps;
}
export function outcomeCommandChange(at: usize, i: u32): f64 {
  const o = outcomeOf(at, i);
  return o.commandChange / <f64>o.settledSteps;
}

function outcomeOf(at: usize, i: u32): Outcome {
  return changetype<Outcome>(changetype<Evaluation>(at).outcome + <usize>i * offsetof<Outcome>());
}

export function evaluationSpikes1(at: usize): f64 {
  return changetype<Evaluation>(at).spikes1;
}
export function evaluationSpikes2(at: usize): f64 {
  return changetype<Evaluation>(at).spikes2;
}
export function evaluationSteps(at: usize): f64 {
  return changetype<Evaluation>(at).stepsFlown;
}
