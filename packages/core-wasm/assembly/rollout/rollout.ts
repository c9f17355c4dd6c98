// Flying for experience: one shard of environments, its guide and its actor. In every episode the guide acts for the
// first jumpStartSteps while the actor watches and warms its membranes; then the actor acts, with exploration noise
// (JSRL, Uchendu et al. 2023, arXiv 2204.02372).

import { Actor } from "../actors/actor";
import { actorAct, actorActBytes, actorStateBytes } from "../actors/kind";
import { F32s, F64s, Scratch, U32s } from "../addresses";
import { laidTo, lay, layFrom, take } from "../cursor";
import { clamp } from "../lanes";
import { closeSlot, openSlot, Replay, Row, slotRow } from "../replay/replay-buffer";
import { DRAWS_PER_STEP, normalPair, Stream } from "../rng";
import { environmentReset, environmentsObserve, environmentsStep } from "../task/environment";
import { Environments } from "../task/environment-batch";
import {
  ACTION_WORDS,
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
  PRIVILEGED_WORDS,
} from "../task/observation";
import { REWARD_TERMS, scoreTerms } from "../task/reward";

const OBSERVATION_PITCH: usize = OBSERVATION_WITH_HISTORY_WORDS << 2;

@unmanaged
export abstract class Rollout {
  environments: Environments;
  actor: Actor;
  guide: Actor | null; // dense; null: no jump start
  replay: Replay;
  shard: u32;
  explorationStd: f32;
  actionLimit: f32; // noisy actions are clipped to +- this
  nextEpisode: u32 = 0; // episodes begun by this shard
  jumpStartSteps: u32 = 0; // for episodes that begin from now on
  steps: u32 = 0; // flown since the counters were cleared
  episodes: u32 = 0; // ended
  crashes: u32 = 0; // terminated
  returnSum: f64 = 0.0; // of ended episodes, under the environments' reward
  jumpStartSum: f64 = 0.0; // over the steps flown, of the jump start of the episode each belongs to
  states: Scratch = 0; // (n) policy states
  slot: U32s = 0; // (n)
  jumpStart: U32s = 0; // (n)
  episodeReturn: F64s = 0; // (n)
  guideAction: F32s = 0; // (n, 4)
  workspace: Scratch = 0; // of actorAct
}

/** Lays the arrays out from base on; returns where they end. */
export function rolloutLayout(r: Rollout, base: usize): usize {
  const n = <usize>r.environments.n,
    actor = r.actor,
    guide = r.guide;
  layFrom(base);
  r.episodeReturn = lay<f64>(n);
  r.guideAction = lay<f32>(ACTION_WORDS * n);
  r.slot = lay<u32>(n);
  r.jumpStart = lay<u32>(n);
  r.states = take(n * actorStateBytes(actor));
  r.workspace = take(max<u32>(actorActBytes(actor, <u32>n), guide ? actorActBytes(guide, <u32>n) : 0));
  return laidTo();
}

function beginAll(r: Rollout, e: Environments): void {
  for (let i: u32 = 0; i < e.n; i++) beginEpisode(r, e, i);
  environmentsObserve(r.environments);
}

function beginEpisode(r: Rollout, e: Environments, i: u32): void {
  const replay = r.replay;
  environmentReset(r.environments, i, r.nextEpisode * replay.shards + r.shard);
  r.nextEpisode++;
  const pastAction = e.observation + <usize>i * OBSERVATION_PITCH + (OBSERVATION_WORDS << 2);
  store<u32>(r.slot + (i << 2), openSlot(replay, r.shard, pastAction));
  store<u32>(r.jumpStart + (i << 2), changetype<usize>(r.guide) ? r.jumpStartSteps : 0);
  store<f64>(r.episodeReturn + (i << 3), 0.0);
  const stateBytes = <usize>actorStateBytes(r.actor);
  memory.fill(r.states + <usize>i * stateBytes, 0, stateBytes);
}

/** Flies `steps` control periods with every environment; an episode that ends is replaced by the next. */
export function rolloutFly(r: Rollout, steps: u32): void {
  const e = r.environments;
  if (r.nextEpisode == 0) beginAll(r, e);
  for (let t: u32 = 0; t < steps; t++) {
    act(r, e);
    for (let i: u32 = 0; i < e.n; i++) {
      writeRow(r, e, i);
      r.jumpStartSum += <f64>load<u32>(r.jumpStart + (i << 2));
    }
    environmentsStep(r.environments);
    for (let i: u32 = 0; i < e.n; i++) writeOutcome(r, e, i);
    environmentsObserve(r.environments);
    if (replaceEnded(r, e)) environmentsObserve(r.environments);
  }
  r.steps += steps * e.n;
}

function act(r: Rollout, e: Environments): void {
  const n = <i32>e.n;
  actorAct(r.actor, e.observation, OBSERVATION_PITCH, n, 0, r.states, e.action, r.workspace);
  let guided = false;
  for (let i = 0; i < n; i++)
    guided = guided || load<u32>(e.step + (i << 2)) < load<u32>(r.jumpStart + (i << 2));
  if (guided) actorAct(r.guide!, e.observation, OBSERVATION_PITCH, n, 0, 0, r.guideAction, r.workspace);
  for (let i = 0; i < n; i++) {
    const action = e.action + ((<usize>i) << 4);
    const step = load<u32>(e.step + (i << 2));
    if (step < load<u32>(r.jumpStart + (i << 2))) memory.copy(action, r.guideAction + ((<usize>i) << 4), 16);
    else explore(r, e.seed, load<u32>(e.episode + (i << 2)), step, action);
  }
}

function explore(r: Rollout, seed: u32, episode: u32, step: u32, action: usize): void {
  for (let pair: u32 = 0; pair < 2; pair++) {
    normalPair<f32, i32>(seed, Stream.EXPLORE, episode, step * DRAWS_PER_STEP + pair, r.workspace);
    for (let k: u32 = 0; k < 2; k++) {
      const a = action + ((2 * pair + k) << 2);
      store<f32>(
        a,
        clamp<f32>(
          load<f32>(a) + r.explorationStd * load<f32>(r.workspace + (k << 2)),
          -r.actionLimit,
          r.actionLimit,
        ),
      );
    }
  }
}

/** What was seen and done, before the step. */
function writeRow(r: Rollout, e: Environments, i: u32): void {
  const row = slotRow(r.replay, load<u32>(r.slot + (i << 2)), load<u32>(e.step + (i << 2)));
  memory.copy(row + Row.OBSERVATION, e.observation + <usize>i * OBSERVATION_PITCH, OBSERVATION_WORDS << 2);
  memory.copy(row + Row.PRIVILEGED, e.privileged + <usize>i * (PRIVILEGED_WORDS << 2), PRIVILEGED_WORDS << 2);
  memory.copy(row + Row.ACTION, e.action + ((<usize>i) << 4), 16);
}

/** What came of it, into the row of the step just flown. */
function writeOutcome(r: Rollout, e: Environments, i: u32): void {
  const row = slotRow(r.replay, load<u32>(r.slot + (i << 2)), load<u32>(e.step + (i << 2)) - 1);
  for (let k: u32 = 0; k < <u32>REWARD_TERMS; k++) {
    store<f32>(row + Row.TERMS + (k << 2), load<f32>(e.terms + ((k * e.n + i) << 2)));
  }
  const terminated = load<u8>(e.terminated + i) != 0;
  store<f32>(row + Row.TERMINATED, terminated ? <f32>1.0 : <f32>0.0);
  const sum = r.episodeReturn + (i << 3);
  store<f64>(sum, load<f64>(sum) + <f64>scoreTerms(e.reward, row + Row.TERMS, 4, terminated));
}

/** Closes ended episodes with their final state and begins new ones; true if there was any. */
function replaceEnded(r: Rollout, e: Environments): bool {
  const replay = r.replay;
  let any = false;
  for (let i: u32 = 0; i < e.n; i++) {
    const terminated = load<u8>(e.terminated + i);
    const steps = load<u32>(e.step + (i << 2));
    if (!terminated && steps < replay.maxSteps) continue;
    writeRow(r, e, i);
    closeSlot(replay, load<u32>(r.slot + (i << 2)), steps);
    r.episodes++;
    r.crashes += terminated;
    r.returnSum += load<f64>(r.episodeReturn + (i << 3));
    beginEpisode(r, e, i);
    any = true;
  }
  return any;
}

export function rolloutClearCounters(r: Rollout): void {
  r.steps = 0;
  r.episodes = 0;
  r.crashes = 0;
  r.returnSum = 0.0;
  r.jumpStartSum = 0.0;
}

/** Mean jump start over the steps flown. Behind what was set last: an episode keeps the one that it began with. */
export function rolloutMeanJumpStart(r: Rollout): f64 {
  return r.jumpStartSum / <f64>r.steps;
}
