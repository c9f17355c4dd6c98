// A batch of environments: n drones (n a multiple of 4) whose states lie as structure of arrays, word by word, so that
// one lane group steps four of them. Everything random is a function of (seed, episode, step), so an environment is
// the same whatever batch it flies in.

import { laidTo, lay, layFrom, take } from "../cursor";
import { add, addI, clamp, laneCount, loadF, loadI, mul, splat, splatI, storeF, storeI, sub } from "../lanes";
import {
  AIRFRAME_GROUP_BYTES,
  Airframe,
  airframeAt,
  airframeField,
  spreadAirframe,
} from "../physics/airframe";
import { INTEGRATE_SCRATCH_WORDS, integrateBody } from "../physics/integrate";
import { BODY_WORDS, Body } from "../physics/rigid-body";
import { Stream, uniform } from "../rng";
import { Environments } from "./environment-batch";
import { gustsHold, gustsStep } from "./gusts";
import { drawStart } from "./initial-state";
import {
  ACTION_WORDS,
  addSensorNoise,
  HISTORY_WORDS,
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
  observeExactly,
  observeHidden,
  PRIVILEGED_WORDS,
} from "./observation";
import { REWARD_TERMS, rewardTerms, scoreTerms } from "./reward";
import { outOfBounds } from "./termination";
import { addSteadyWind, BIAS_WORDS, drawSensorBias, varyAirframe } from "./variation";

// @ts-ignore: decorator
@shared
export const TARGET_WORDS: i32 = 6;

/** Words of a body that can stand in relation to a target: those before the rotors. */
const RELATIVE_WORDS: i32 = <i32>Body.ROTOR;

const SCRATCH_WORDS: i32 = BODY_WORDS + RELATIVE_WORDS + 8 + PRIVILEGED_WORDS + INTEGRATE_SCRATCH_WORDS;

/** Lays the arrays of a batch out from base on; returns where they end. */
export function environmentsLayout(e: Environments, base: usize): usize {
  const n = <usize>e.n;
  layFrom(base);
  e.scratch = lay<f32>(4 * SCRATCH_WORDS);
  e.airframes = take(AIRFRAME_GROUP_BYTES * (n >> 2));
  e.body = lay<f32>(n * BODY_WORDS);
  e.target = lay<f32>(n * TARGET_WORDS);
  e.episode = lay<u32>(n);
  e.step = lay<u32>(n);
  e.delay = lay<f32>(n);
  e.terms = lay<f32>(n * REWARD_TERMS);
  e.action = lay<f32>(n * ACTION_WORDS);
  e.observation = lay<f32>(n * OBSERVATION_WITH_HISTORY_WORDS);
  e.privileged = lay<f32>(n * PRIVILEGED_WORDS);
  e.bias = lay<f32>(n * BIAS_WORDS);
  e.terminated = lay<u8>(n);
  return laidTo();
}

/** Every drone has the airframe as it is now, varied as its episode is. Call it after a change of the airframe's block. */
export function environmentsPrepare(e: Environments): void {
  for (let i: u32 = 0; i < e.n; i++) useAirframe(e, i, load<u32>(e.episode + ((<usize>i) << 2)));
}

/** Where the airframe of the drone in an episode is drawn, behind the words that drawing takes. */
const DRAWN: usize = 16;

/** The airframe of environment i, which stays at scratch + DRAWN. */
function useAirframe(e: Environments, i: u32, episode: u32): void {
  const drawn = changetype<Airframe>(e.scratch + DRAWN);
  varyAirframe(e.variation, e.airframe, e.seed, episode, drawn, e.scratch);
  spreadAirframe(drawn, airframeAt(e.airframes, i));
}

/** Starts `episode` in environment i. */
export function environmentReset(e: Environments, i: u32, episode: u32): void {
  const stride: usize = (<usize>e.n) << 2;
  const history = e.observation + <usize>i * (OBSERVATION_WITH_HISTORY_WORDS << 2) + (OBSERVATION_WORDS << 2);
  const body = e.body + ((<usize>i) << 2);
  useAirframe(e, i, episode);
  const drawn = changetype<Airframe>(e.scratch + DRAWN);
  drawStart(e.start, drawn, e.seed, episode, body, stride, history, e.scratch);
  const variation = e.variation;
  if (variation) {
    addSteadyWind(variation, e.seed, episode, body, stride, e.scratch);
    drawSensorBias(variation, e.seed, episode, e.bias + ((<usize>i) << 2), stride, e.scratch);
  }
  const gusts = e.gusts;
  if (gusts) gustsHold(gusts, i);
  for (let row: usize = 16; row < (<usize>HISTORY_WORDS) << 2; row += 16)
    memory.copy(history + row, history, 16);
  store<u32>(e.episode + ((<usize>i) << 2), episode);
  store<u32>(e.step + ((<usize>i) << 2), 0);
  store<u8>(e.terminated + i, 0);
  store<f32>(
    e.delay + ((<usize>i) << 2),
    uniform(e.seed, Stream.DELAY, episode, 0, e.delayMinS, e.delayMaxS, e.scratch),
  );
}

/** Writes observation and privileged of every environment, from its present state. */
export function environmentsObserve(e: Environments): void {
  if (ASC_FEATURE_SIMD) observeAll<v128, v128>(e);
  else observeAll<f32, i32>(e);
}

/** Flies one control period with the actions in place; writes terms, terminated, step and the action history. */
export function environmentsStep(e: Environments): void {
  const gusts = e.gusts;
  if (gusts) gustsStep(gusts);
  if (ASC_FEATURE_SIMD) stepAll<v128, v128>(e);
  else stepAll<f32, i32>(e);
}

function observeAll<F, I>(e: Environments): void {
  const lanes = laneCount<F>();
  const group: usize = (<usize>lanes) << 2;
  const body = e.scratch,
    relative = body + <usize>BODY_WORDS * group,
    seen = relative + <usize>RELATIVE_WORDS * group;
  const pair = seen + <usize>(OBSERVATION_WORDS + 10) * group;
  for (let i: u32 = 0; i < e.n; i += lanes) {
    gather<F>(e.body, e.n, i, BODY_WORDS, body);
    relateToTarget<F>(e, i, body, relative);
    observeExactly<F>(relative, seen);
    observeHidden<F>(airframeAt(e.airframes, i), body, seen + <usize>OBSERVATION_WORDS * group);
    scatterRows(
      seen,
      lanes,
      PRIVILEGED_WORDS,
      e.privileged + <usize>i * (PRIVILEGED_WORDS << 2),
      PRIVILEGED_WORDS,
    );
    addSensorNoise<F, I>(
      e.noise,
      e.seed,
      e.episode + ((<usize>i) << 2),
      e.step + ((<usize>i) << 2),
      seen,
      pair,
    );
    if (e.variation) addBias<F>(e, i, seen);
    scatterRows(
      seen,
      lanes,
      OBSERVATION_WORDS,
      e.observation + <usize>i * (OBSERVATION_WITH_HISTORY_WORDS << 2),
      OBSERVATION_WITH_HISTORY_WORDS,
    );
  }
}

/** Position, velocity and angular velocity as the sensors of this episode have them. */
// @ts-ignore: decorator
@inline
function addBias<F>(e: Environments, i: u32, seen: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let word: u32 = 0; word < <u32>BIAS_WORDS; word++) {
    const at = seen + <usize>(word < 3 ? word : word + 9) * group;
    storeF<F>(at, add<F>(loadF<F>(at), loadF<F>(e.bias + ((<usize>(word * e.n + i)) << 2))));
  }
}

function stepAll<F, I>(e: Environments): void {
  const lanes = laneCount<F>();
  const group: usize = (<usize>lanes) << 2;
  const body = e.scratch,
    relative = body + <usize>BODY_WORDS * group,
    action = relative + <usize>RELATIVE_WORDS * group,
    setpoint = action + 4 * group;
  const terms = setpoint + 4 * group,
    scratch = terms + <usize>PRIVILEGED_WORDS * group;
  const period = splat<F>(e.airframe.stepS);
  const reward = e.reward;
  for (let i: u32 = 0; i < e.n; i += lanes) {
    const airframes = airframeAt(e.airframes, i);
    gather<F>(e.body, e.n, i, BODY_WORDS, body);
    gatherActions<F>(e.action, 16, i, action);
    if (reward.scoresStateBefore) {
      relateToTarget<F>(e, i, body, relative);
      rewardTerms<F, I>(reward, relative, action, terms);
    }
    let rest = period;
    if (e.delayMaxS > 0.0) {
      const delay = loadF<F>(e.delay + ((<usize>i) << 2));
      gatherActions<F>(lastAction(e, 0), OBSERVATION_WITH_HISTORY_WORDS << 2, i, setpoint);
      motorSetpoints<F>(airframes, setpoint, setpoint);
      integrateBody<F, I>(airframes, body, setpoint, delay, scratch);
      rest = sub<F>(period, delay);
    }
    motorSetpoints<F>(airframes, action, setpoint);
    integrateBody<F, I>(airframes, body, setpoint, rest, scratch);
    scatter<F>(body, BODY_WORDS, e.body, e.n, i);
    relateToTarget<F>(e, i, body, relative);
    if (!reward.scoresStateBefore) rewardTerms<F, I>(reward, relative, action, terms);

    const ended = outOfBounds<F, I>(e.bounds, relative);
    for (let lane = 0; lane < lanes; lane++) store<u8>(e.terminated + i + lane, <u8>((ended >> lane) & 1));
    const step = e.step + ((<usize>i) << 2);
    storeI<I>(step, addI<I>(loadI<I>(step), splatI<I>(1)));
    scatter<F>(terms, REWARD_TERMS, e.terms, e.n, i);
    for (let lane = 0; lane < lanes; lane++) appendAction(e, i + lane);
  }
}

/** The newest row of the action history of environment i. */
// @ts-ignore: decorator
@inline
export function lastAction(e: Environments, i: u32): usize {
  return e.observation + (((<usize>i + 1) * OBSERVATION_WITH_HISTORY_WORDS) << 2) - 16;
}

/** action (4 words a lane group) of one lane group, from rows `pitch` bytes apart. */
// @ts-ignore: decorator
@inline
export function gatherActions<F>(rows: usize, pitch: usize, i: u32, action: usize): void {
  const lanes = laneCount<F>();
  const group: usize = (<usize>lanes) << 2;
  for (let lane = 0; lane < lanes; lane++) {
    for (let k: usize = 0; k < 4; k++) {
      store<f32>(
        action + k * group + ((<usize>lane) << 2),
        load<f32>(rows + (<usize>i + lane) * pitch + (k << 2)),
      );
    }
  }
}

/** setpoint (4 words) of action (4 words), which the motors clamp to [-1, 1]; the two may be the same place. */
// @ts-ignore: decorator
@inline
export function motorSetpoints<F>(airframes: usize, action: usize, setpoint: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let k: usize = 0; k < 4 * group; k += group) {
    const a = clamp<F>(loadF<F>(action + k), -1.0, 1.0);
    storeF<F>(
      setpoint + k,
      add<F>(
        mul<F>(a, airframeField<F>(airframes, offsetof<Airframe>("setpointHalfRange"))),
        airframeField<F>(airframes, offsetof<Airframe>("setpointMiddle")),
      ),
    );
  }
}

/** relative (13 words a lane group): body up to its rotors, position and velocity as errors to the target. */
// @ts-ignore: decorator
@inline
export function relateToTarget<F>(e: Environments, i: u32, body: usize, relative: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let k: usize = 0; k < <usize>RELATIVE_WORDS * group; k += group)
    storeF<F>(relative + k, loadF<F>(body + k));
  for (let axis: usize = 0; axis < 3; axis++) {
    const p = (Body.POSITION + axis) * group,
      v = (Body.VELOCITY + axis) * group;
    const target = e.target + ((axis * e.n + i) << 2);
    storeF<F>(relative + p, sub<F>(loadF<F>(body + p), loadF<F>(target)));
    storeF<F>(relative + v, sub<F>(loadF<F>(body + v), loadF<F>(target + ((3 * <usize>e.n) << 2))));
  }
}

/** Shifts the history of environment i by one row and appends its raw action. */
// @ts-ignore: decorator
@inline
function appendAction(e: Environments, i: u32): void {
  const history = e.observation + <usize>i * (OBSERVATION_WITH_HISTORY_WORDS << 2) + (OBSERVATION_WORDS << 2);
  memory.copy(history, history + 16, (HISTORY_WORDS << 2) - 16);
  memory.copy(history + (HISTORY_WORDS << 2) - 16, e.action + ((<usize>i) << 4), 16);
}

/** One lane group of the (words, n) array, compact. */
// @ts-ignore: decorator
@inline
export function gather<F>(array: usize, n: u32, i: u32, words: i32, compact: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let k = 0; k < words; k++)
    storeF<F>(compact + <usize>k * group, loadF<F>(array + ((<usize>k * n + i) << 2)));
}

// @ts-ignore: decorator
@inline
export function scatter<F>(compact: usize, words: i32, array: usize, n: u32, i: u32): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let k = 0; k < words; k++)
    storeF<F>(array + ((<usize>k * n + i) << 2), loadF<F>(compact + <usize>k * group));
}

/** Compact words to one row an environment, `pitch` words apart. */
// @ts-ignore: decorator
@inline
export function scatterRows(compact: usize, lanes: i32, words: i32, rows: usize, pitch: i32): void {
  for (let lane = 0; lane < lanes; lane++) {
    const row = rows + ((<usize>lane * pitch) << 2);
    for (let k = 0; k < words; k++) {
      store<f32>(row + ((<usize>k) << 2), load<f32>(compact + ((<usize>k * lanes + lane) << 2)));
    }
  }
}

/** The reward of the last step of environment i. */
export function environmentReward(e: Environments, i: u32): f32 {
  const terminated = load<u8>(e.terminated + i) != 0;
  return scoreTerms(e.reward, e.terms + (i << 2), (<usize>e.n) << 2, terminated);
}
