// A batch of environments: n drones (n a multiple of 4) whose states lie as structure of arrays, word by word, so that
// one lane group steps four of them. Everything random is a function of (seed, episode, step), so an environment is
// the same whatever batch it flies in.

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
import { drawStart, Start } from "./initial-state";
import {
  addSensorNoise,
  HISTORY_WORDS,
  OBSERVATION_WITH_HISTORY_WORDS,
  OBSERVATION_WORDS,
  observeExactly,
  observeHidden,
  PRIVILEGED_WORDS,
  SensorNoise,
} from "./observation";
import { REWARD_TERMS, Reward, rewardTerms, scoreTerms } from "./reward";
import { Bounds, outOfBounds } from "./termination";
import { addSteadyWind, BIAS_WORDS, drawSensorBias, Variation, varyAirframe } from "./variation";

export const TARGET_WORDS: i32 = 6;

const SCRATCH_WORDS: i32 = BODY_WORDS + 8 + PRIVILEGED_WORDS + INTEGRATE_SCRATCH_WORDS;

/** Keeps what follows the header 16-byte aligned. */
const HEADER_BYTES: usize = (offsetof<Environments>() + 15) & ~15;

/** Bytes that a batch of n takes, header included. */
export function environmentsBytes(n: u32): u32 {
  return (
    <u32>HEADER_BYTES +
    <u32>AIRFRAME_GROUP_BYTES * (n >> 2) +
    4 *
      n *
      (BIAS_WORDS +
        BODY_WORDS +
        TARGET_WORDS +
        3 +
        OBSERVATION_WITH_HISTORY_WORDS +
        PRIVILEGED_WORDS +
        4 +
        REWARD_TERMS) +
    n +
    16 * SCRATCH_WORDS
  );
}

/** Lays a batch out at `at` (16-byte aligned); the parameter blocks are shared, not copied. */
export function environmentsInit(
  at: usize,
  n: u32,
  seed: u32,
  airframe: usize,
  start: usize,
  noise: usize,
  reward: usize,
  bounds: usize,
): void {
  const e = changetype<Environments>(at);
  e.n = n;
  e.seed = seed;
  e.airframe = airframe;
  e.start = start;
  e.noise = noise;
  e.reward = reward;
  e.bounds = bounds;
  e.scratch = at + HEADER_BYTES;
  e.airframes = e.scratch + 16 * SCRATCH_WORDS;
  e.body = e.airframes + AIRFRAME_GROUP_BYTES * (n >> 2);
  e.target = e.body + 4 * n * BODY_WORDS;
  e.episode = e.target + 4 * n * TARGET_WORDS;
  e.step = e.episode + 4 * n;
  e.delay = e.step + 4 * n;
  e.terms = e.delay + 4 * n;
  e.action = e.terms + 4 * n * REWARD_TERMS;
  e.observation = e.action + 16 * n;
  e.privileged = e.observation + 4 * n * OBSERVATION_WITH_HISTORY_WORDS;
  e.bias = e.privileged + 4 * n * PRIVILEGED_WORDS;
  e.terminated = e.bias + 4 * n * BIAS_WORDS;
  memory.fill(e.target, 0, <usize>(4 * n * TARGET_WORDS));
  environmentsVary(at, 0);
  environmentsUseGusts(at, 0);
  environmentsUseAirframe(at);
  environmentsSetDelay(at, 0.0, 0.0);
}

/** Episodes that begin from now on draw their delay from U(minS, maxS), 0 <= minS <= maxS <= the control period. */
export function environmentsSetDelay(at: usize, minS: f32, maxS: f32): void {
  const e = changetype<Environments>(at);
  e.delayMinS = minS;
  e.delayMaxS = maxS;
}

/** Episodes that begin from now on have an airframe, a wind and sensors of their own; 0: none has. */
export function environmentsVary(at: usize, variation: usize): void {
  changetype<Environments>(at).variation = variation;
}

/** Gusts of this batch blow from now on, without a call of theirs; 0: none do. */
export function environmentsUseGusts(at: usize, gusts: usize): void {
  changetype<Environments>(at).gusts = gusts;
}

/** After a change of the airframe's block: every drone has the new one from now on, varied as its episode is. */
export function environmentsUseAirframe(at: usize): void {
  const e = changetype<Environments>(at);
  for (let i: u32 = 0; i < e.n; i++) useAirframe(e, i, load<u32>(e.episode + ((<usize>i) << 2)));
}

/** Where the airframe of the drone in an episode is drawn, behind the words that drawing takes. */
const DRAWN: usize = 16;

/** The airframe of environment i, which stays at scratch + DRAWN. */
function useAirframe(e: Environments, i: u32, episode: u32): void {
  const drawn = changetype<Airframe>(e.scratch + DRAWN);
  varyAirframe(e.variation, changetype<Airframe>(e.airframe), e.seed, episode, drawn, e.scratch);
  spreadAirframe(drawn, airframeAt(e.airframes, i));
}

/** Starts `episode` in environment i. */
export function environmentReset(at: usize, i: u32, episode: u32): void {
  const e = changetype<Environments>(at);
  const stride: usize = (<usize>e.n) << 2;
  const history = e.observation + <usize>i * (OBSERVATION_WITH_HISTORY_WORDS << 2) + (OBSERVATION_WORDS << 2);
  const body = e.body + ((<usize>i) << 2);
  useAirframe(e, i, episode);
  drawStart(
    changetype<Start>(e.start),
    changetype<Airframe>(e.scratch + DRAWN),
    e.seed,
    episode,
    body,
    stride,
    history,
    e.scratch,
  );
  if (e.variation) {
    const variation = changetype<Variation>(e.variation);
    addSteadyWind(variation, e.seed, episode, body, stride, e.scratch);
    drawSensorBias(variation, e.seed, episode, e.bias + ((<usize>i) << 2), stride, e.scratch);
  }
  if (e.gusts) gustsHold(e.gusts, i);
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
export function environmentsObserve(at: usize): void {
  const e = changetype<Environments>(at);
  if (ASC_FEATURE_SIMD) observeAll<v128, v128>(e);
  else observeAll<f32, i32>(e);
}

/** Flies one control period with the actions in place; writes terms, terminated, step and the action history. */
export function environmentsStep(at: usize): void {
  const e = changetype<Environments>(at);
  if (e.gusts) gustsStep(e.gusts);
  if (ASC_FEATURE_SIMD) stepAll<v128, v128>(e);
  else stepAll<f32, i32>(e);
}

function observeAll<F, I>(e: Environments): void {
  const lanes = laneCount<F>();
  const group: usize = (<usize>lanes) << 2;
  const body = e.scratch,
    seen = body + <usize>BODY_WORDS * group;
  const pair = seen + <usize>(OBSERVATION_WORDS + 10) * group;
  for (let i: u32 = 0; i < e.n; i += lanes) {
    gather<F>(e.body, e.n, i, BODY_WORDS, body);
    relateToTarget<F>(e, i, body);
    observeExactly<F>(body, seen);
    observeHidden<F>(airframeAt(e.airframes, i), body, seen + <usize>OBSERVATION_WORDS * group);
    scatterRows(
      seen,
      lanes,
      PRIVILEGED_WORDS,
      e.privileged + <usize>i * (PRIVILEGED_WORDS << 2),
      PRIVILEGED_WORDS,
    );
    addSensorNoise<F, I>(
      changetype<SensorNoise>(e.noise),
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
    action = body + <usize>BODY_WORDS * group,
    setpoint = action + 4 * group;
  const terms = setpoint + 4 * group,
    scratch = terms + <usize>PRIVILEGED_WORDS * group;
  const period = splat<F>(changetype<Airframe>(e.airframe).stepS);
  const reward = changetype<Reward>(e.reward);
  for (let i: u32 = 0; i < e.n; i += lanes) {
    const airframes = airframeAt(e.airframes, i);
    gather<F>(e.body, e.n, i, BODY_WORDS, body);
    gatherActions<F>(e.action, 16, i, action);
    if (reward.scoresStateBefore) {
      relateToTarget<F>(e, i, body);
      rewardTerms<F, I>(reward, body, action, terms);
      gather<F>(e.body, e.n, i, BODY_WORDS, body);
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
    relateToTarget<F>(e, i, body);
    if (!reward.scoresStateBefore) rewardTerms<F, I>(reward, body, action, terms);

    const ended = outOfBounds<F, I>(changetype<Bounds>(e.bounds), body);
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

/** Position and velocity of a compact body become errors to the target. */
// @ts-ignore: decorator
@inline
export function relateToTarget<F>(e: Environments, i: u32, body: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let axis: usize = 0; axis < 3; axis++) {
    const p = body + (Body.POSITION + axis) * group,
      v = body + (Body.VELOCITY + axis) * group;
    const target = e.target + ((axis * e.n + i) << 2);
    storeF<F>(p, sub<F>(loadF<F>(p), loadF<F>(target)));
    storeF<F>(v, sub<F>(loadF<F>(v), loadF<F>(target + ((3 * <usize>e.n) << 2))));
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

// Where the arrays of a batch lie, for those who look at them from outside.
export function environmentBodyAt(at: usize): usize {
  return changetype<Environments>(at).body;
}
export function environmentTargetAt(at: usize): usize {
  return changetype<Environments>(at).target;
}
export function environmentObservationAt(at: usize): usize {
  return changetype<Environments>(at).observation;
}
export function environmentPrivilegedAt(at: usize): usize {
  return changetype<Environments>(at).privileged;
}
export function environmentActionAt(at: usize): usize {
  return changetype<Environments>(at).action;
}
export function environmentTermsAt(at: usize): usize {
  return changetype<Environments>(at).terms;
}
export function environmentTerminatedAt(at: usize): usize {
  return changetype<Environments>(at).terminated;
}

/** The reward of the last step of environment i. */
export function environmentReward(at: usize, i: u32): f32 {
  const e = changetype<Environments>(at);
  const terminated = load<u8>(e.terminated + i) != 0;
  return scoreTerms(changetype<Reward>(e.reward), e.terms + (i << 2), (<usize>e.n) << 2, terminated);
}
