/**
 * What others have flown, as the experience of the offline algorithms. Of a logged flight the core sees and scores each state
 * as it does in the simulator; it is cut into episodes of the usual length, and where its target jumps or the drone leaves the
 * bounds. Transitions are taken as they are.
 */
import {
  ACTION_WORDS,
  type Address,
  type Core,
  EPISODE_STEPS,
  type Reward,
  rewardFields,
  SHARDS,
  TARGET_WORDS,
} from "@spikewing/core";
import { type FlightLog, STATE_WORDS } from "./flight-log/flight-log.js";
import { THRUST_COEFFICIENTS } from "./flight-log/log-columns.js";
import type { ReplayBuffer } from "./replay-buffer.js";
import { createTransitionStore } from "./replay-columns.js";
import type { FlightStatistics, Rollout } from "./rollout.js";
import { SpikewingError } from "./spikewing-error.js";
import type { TaskBlocks } from "./task.js";
import type { Td3bcJsrlConfig } from "./td3bc-jsrl-config.js";
import type { Transitions } from "./transitions.js";

/** A target that moves farther than this in a control period, m in any axis, is another target. */
const JUMP_M = 0.1;

/** A flight that was logged, or a file of transitions. */
export type Experience = FlightLog | Transitions;
const isStored = (experience: Experience): experience is Transitions => "stretches" in experience;
/** Whether rewards are what a file says, not what the run's reward makes of their terms. */
const isRewarded = (experience: Experience): boolean =>
  isStored(experience) && !experience.columns.reward_terms;

/** Scores a step by its first term, which is then the reward that a file gave. */
const AS_GIVEN: Reward = {
  name: "as given",
  source: "the file of transitions",
  constant: 0,
  scale: -1,
  position: 1,
  velocity: 0,
  angularVelocity: 0,
  action: 0,
  orientation: 0,
  actionBaseline: 0,
  orientationKind: "angle-squared",
  plainNorms: false,
  scoresStateBefore: false,
  zeroWhenTerminated: false,
};

export interface LoggedExperience extends Rollout {
  /** Control periods that the buffer holds. */
  readonly steps: number;
  /** What scores them, whatever the task says; undefined where the task does. */
  readonly reward: Reward | undefined;
}

/**
 * Fills the replay buffer, for good.
 *
 * @throws SpikewingError where the logs do not fit it, or have nothing to learn from
 */
export function createLoggedExperience(
  core: Core,
  { fields }: TaskBlocks,
  replay: ReplayBuffer,
  logs: readonly Experience[],
): LoggedExperience {
  const { airframe, reward, bounds } = fields;
  const storeStretch = createTransitionStore(core, { replay, reward });
  const at = core.create("LoggedFlight", { airframe, reward, bounds, replay: replay.at });
  const flight = core.view("LoggedFlight", at);
  const curve = core.allocate("F32s", THRUST_COEFFICIENTS);
  let [steps, episodes, crashes, returnSum] = [0, 0, 0, 0];
  const count = (stored: number, terminated: boolean, episodeReturn: number) => {
    steps += stored;
    episodes++;
    crashes += terminated ? 1 : 0;
    returnSum += episodeReturn;
  };
  const given = logs.some(isRewarded) ? AS_GIVEN : undefined;
  if (given) core.assign("Reward", reward, rewardFields(given));

  /** At most so many steps of a log from one on; returns how many. */
  const store = (log: FlightLog, targets: Float64Array, from: number, most: number): number => {
    const place = (to: Address<"F32s">, words: Float64Array, width: number, rows: number) =>
      core.f32(to, width * rows).set(words.subarray(width * from, width * (from + rows)));
    place(flight.states, log.states, STATE_WORDS, most + 1);
    place(flight.targets, targets, TARGET_WORDS, most);
    const last = targets.subarray(TARGET_WORDS * (from + most - 1), TARGET_WORDS * (from + most));
    core.f32(flight.targets, TARGET_WORDS * (most + 1)).set(last, TARGET_WORDS * most);
    place(flight.actions, log.commands, ACTION_WORDS, most);
    if (typeof log.pwm === "object") {
      core.f32(curve, THRUST_COEFFICIENTS).set(log.pwm.curve);
      place(flight.batteryV, log.pwm.batteryV, 1, most);
      core.kernels.commandsOfPwm(airframe, curve, flight.batteryV, flight.actions, most);
    }
    return core.kernels.loggedFlightStore(at, episodes % SHARDS, most);
  };
  for (const log of logs) {
    if (isStored(log)) {
      for (const stretch of log.stretches)
        count(stretch.end - stretch.from, stretch.terminated, storeStretch(log, stretch, episodes % SHARDS));
      continue;
    }
    const targets = requireTeaching(log);
    for (const [from, end] of holds(targets, log.steps)) {
      for (let t = from; t < end; ) {
        const stored = store(log, targets, t, Math.min(end - t, EPISODE_STEPS));
        t += Math.max(stored, 1);
        if (stored > 0) count(stored, flight.terminated, flight.flightReturn);
      }
    }
  }
  if (episodes > replay.episodes)
    throw new SpikewingError(
      "configuration",
      `policy.bufferEpisodes is ${replay.episodes}; expected at least ${SHARDS * Math.ceil(episodes / SHARDS)}`,
      `the logs hold ${episodes} episodes`,
    );
  const statistics: FlightStatistics = {
    episodes,
    crashes,
    meanReturn: returnSum / episodes,
    jumpStartSteps: 0,
  };
  if (logs.length > 0 && episodes === 0)
    throw new SpikewingError(
      logs[0]!.place,
      "the drone is beyond the task's bounds from its target all the time; expected a flight near it",
    );
  return { steps, fly: () => statistics, reward: given };
}

/** @throws SpikewingError naming the file where an algorithm asks for more than it holds, before anything is written. */
export function requireLearnable(
  { alpha, criticInput, rewardCurriculum }: Td3bcJsrlConfig,
  logs: readonly Experience[],
): void {
  const rewarded = logs.find(isRewarded);
  const scored = logs.find((log) => !isRewarded(log));
  if (rewarded && scored)
    throw new SpikewingError(
      rewarded.place,
      `has no reward_terms; expected them, as ${scored.place} is scored`,
    );
  if (rewarded && rewardCurriculum?.kind === "linear")
    throw new SpikewingError(
      rewarded.place,
      "has no reward_terms; expected them, as policy.rewardCurriculum weighs them anew",
    );
  for (const log of logs)
    if (!isStored(log)) requireTeaching(log);
    else if (alpha > 0 && criticInput === "privileged" && !log.columns.privileged_observations)
      throw new SpikewingError(
        log.place,
        "has no privileged_observations, which policy.criticInput privileged asks for; expected them, or policy.criticInput history",
      );
}

/** Where the drone was to be. @throws SpikewingError where that, or what its motors lifted, is not known */
export function requireTeaching({ targets, pwm, place }: FlightLog): Float64Array {
  if (pwm === "of unknown thrust")
    throw new SpikewingError(
      place,
      "motors are PWM; to learn from them expected motors.thrust in the map of columns too",
    );
  if (targets) return targets;
  throw new SpikewingError(
    place,
    "target is not logged; expected its columns, or a place to hover at, in the map of columns",
  );
}

/** First and last row, exclusive, of each target: the state behind the last step is the last row. */
function holds(targets: Float64Array, rows: number): readonly (readonly [number, number])[] {
  const jumps = [];
  for (let t = 1; t < rows; t++) {
    const moved = [0, 1, 2].some(
      (axis) =>
        Math.abs(targets[t * TARGET_WORDS + axis]! - targets[(t - 1) * TARGET_WORDS + axis]!) > JUMP_M,
    );
    if (moved) jumps.push(t);
  }
  const starts = [0, ...jumps];
  return starts.map((from, i) => [from, starts[i + 1] ?? rows - 1]);
}
