// What somebody else has flown, as experience: each state of a log is seen as a policy would see it, and scored as the
// task scores it. The sensors' noise is in the log already; what no log holds is taken for calm air, and for rotors that
// follow the commands as the airframe's do.

import { F32s, Scratch } from "../addresses";
import { laidTo, lay, layFrom, take } from "../cursor";
import { AIRFRAME_GROUP_BYTES, Airframe, spreadAirframe } from "../physics/airframe";
import { INTEGRATE_SCRATCH_WORDS, integrateBody } from "../physics/integrate";
import { BODY_WORDS, Body } from "../physics/rigid-body";
import { closeSlot, openSlot, Replay, Row, slotRow } from "../replay/replay-buffer";
import { motorSetpoints, TARGET_WORDS } from "../task/environment";
import { ACTION_WORDS, OBSERVATION_WORDS, observeExactly, observeHidden } from "../task/observation";
import { Reward, rewardTerms, scoreTerms } from "../task/reward";
import { Bounds, outOfBounds } from "../task/termination";

/** Words of a logged state: a body up to its rotors. */
// @ts-ignore: decorator
@shared
export const LOGGED_WORDS: i32 = <i32>Body.ROTOR;

@unmanaged
export abstract class LoggedFlight {
  airframe: Airframe;
  reward: Reward;
  bounds: Bounds;
  replay: Replay;
  states: F32s = 0; // (maxSteps + 1, LOGGED_WORDS), in the world's frame
  targets: F32s = 0; // (maxSteps + 1, TARGET_WORDS)
  actions: F32s = 0; // (maxSteps, ACTION_WORDS)
  batteryV: F32s = 0; // (maxSteps): for commandsOfPwm
  terminated: bool = false; // the flight stored last
  flightReturn: f64 = 0.0;
  airframes: F32s = 0; // one, where kernels of one lane read it
  body: F32s = 0; // (BODY_WORDS)
  relative: F32s = 0; // (LOGGED_WORDS): to the target
  setpoint: F32s = 0; // (ACTION_WORDS)
  scratch: Scratch = 0;
}

/** Lays the arrays out from base on; returns where they end. */
export function loggedFlightLayout(l: LoggedFlight, base: usize): usize {
  const rows: u64 = <u64>l.replay.maxSteps + 1;
  layFrom(base);
  l.states = lay<f32>(rows * LOGGED_WORDS);
  l.targets = lay<f32>(rows * TARGET_WORDS);
  l.actions = lay<f32>(rows * ACTION_WORDS);
  l.batteryV = lay<f32>(rows);
  l.airframes = take(AIRFRAME_GROUP_BYTES);
  l.body = lay<f32>(BODY_WORDS);
  l.relative = lay<f32>(LOGGED_WORDS);
  l.setpoint = lay<f32>(ACTION_WORDS);
  l.scratch = lay<f32>(INTEGRATE_SCRATCH_WORDS);
  return laidTo();
}

/**
 * Puts up to `steps` steps of the flight in place into a slot of the shard; returns how many. It ends, terminated, where the
 * drone is beyond the bounds; where it begins there it is no flight, and nothing is stored. What a step is scored by is the
 * target of before it.
 */
export function loggedFlightStore(l: LoggedFlight, shard: u32, steps: u32): u32 {
  l.terminated = false;
  l.flightReturn = 0.0;
  memory.fill(l.body, 0, BODY_WORDS << 2);
  useState(l, 0);
  relateTo(l, 0);
  if (outOfBounds<f32, i32>(l.bounds, l.relative)) return 0;
  spreadAirframe(l.airframe, l.airframes);
  motorSetpoints<f32>(l.airframes, l.actions, l.body + (Body.ROTOR << 2));
  const slot = openSlot(l.replay, shard, l.actions);
  let t: u32 = 0;
  while (t < steps && !l.terminated) {
    writeSeen(l, slot, t);
    flyStep(l, slotRow(l.replay, slot, t), t);
    t++;
  }
  relateTo(l, t);
  writeSeen(l, slot, t);
  closeSlot(l.replay, slot, t);
  return t;
}

/** The drone is where the log has it; rotors and forces stay. */
function useState(l: LoggedFlight, t: u32): void {
  memory.copy(l.body, l.states + <usize>t * (LOGGED_WORDS << 2), LOGGED_WORDS << 2);
}

function relateTo(l: LoggedFlight, target: u32): void {
  memory.copy(l.relative, l.body, LOGGED_WORDS << 2);
  const at = l.targets + <usize>target * (TARGET_WORDS << 2);
  for (let axis: usize = 0; axis < 3; axis++) {
    const p = l.relative + ((Body.POSITION + axis) << 2),
      v = l.relative + ((Body.VELOCITY + axis) << 2);
    store<f32>(p, load<f32>(p) - load<f32>(at + (axis << 2)));
    store<f32>(v, load<f32>(v) - load<f32>(at + ((3 + axis) << 2)));
  }
}

function writeSeen(l: LoggedFlight, slot: u32, t: u32): void {
  const row = slotRow(l.replay, slot, t);
  observeExactly<f32>(l.relative, row + Row.OBSERVATION);
  memory.copy(row + Row.PRIVILEGED, row + Row.OBSERVATION, OBSERVATION_WORDS << 2);
  observeHidden<f32>(l.airframes, l.body, row + Row.PRIVILEGED + (OBSERVATION_WORDS << 2));
}

/** To state t + 1, and what came of it into the row of step t. */
function flyStep(l: LoggedFlight, row: usize, t: u32): void {
  const action = row + Row.ACTION,
    terms = row + Row.TERMS,
    reward = l.reward;
  memory.copy(action, l.actions + <usize>t * (ACTION_WORDS << 2), ACTION_WORDS << 2);
  if (reward.scoresStateBefore) rewardTerms<f32, i32>(reward, l.relative, action, terms);
  motorSetpoints<f32>(l.airframes, action, l.setpoint);
  integrateBody<f32, i32>(l.airframes, l.body, l.setpoint, l.airframe.stepS, l.scratch);
  useState(l, t + 1);
  relateTo(l, t);
  if (!reward.scoresStateBefore) rewardTerms<f32, i32>(reward, l.relative, action, terms);
  l.terminated = outOfBounds<f32, i32>(l.bounds, l.relative) != 0;
  store<f32>(row + Row.TERMINATED, l.terminated ? <f32>1.0 : <f32>0.0);
  l.flightReturn += <f64>scoreTerms(reward, terms, 4, l.terminated);
  relateTo(l, t + 1);
}
