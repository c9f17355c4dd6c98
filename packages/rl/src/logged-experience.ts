/**
 * Flights that were logged, as the experience of the offline algorithms: the core sees and scores each state as it does in
 * the simulator. A log is cut into episodes of the usual length, and where its target jumps or the drone leaves the bounds.
 */
import { ACTION_WORDS, type Address, type Core, EPISODE_STEPS, SHARDS, TARGET_WORDS } from "@spikewing/core";
import { type FlightLog, STATE_WORDS } from "./flight-log/flight-log.js";
import { THRUST_COEFFICIENTS } from "./flight-log/log-columns.js";
import type { ReplayBuffer } from "./replay-buffer.js";
import type { FlightStatistics, Rollout } from "./rollout.js";
import { SpikewingError } from "./spikewing-error.js";
import type { TaskBlocks } from "./task.js";

/** A target that moves farther than this in a control period, m in any axis, is another target. */
const JUMP_M = 0.1;

export interface LoggedExperience extends Rollout {
  /** Control periods that the buffer holds. */
  readonly steps: number;
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
  logs: readonly FlightLog[],
): LoggedExperience {
  const { airframe, reward, bounds } = fields;
  const at = core.create("LoggedFlight", { airframe, reward, bounds, replay: replay.at });
  const flight = core.view("LoggedFlight", at);
  const curve = core.allocate("F32s", THRUST_COEFFICIENTS);
  let [steps, episodes, crashes, returnSum] = [0, 0, 0, 0];

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
    const targets = requireTeaching(log);
    for (const [from, end] of holds(targets, log.steps)) {
      for (let t = from; t < end; ) {
        const stored = store(log, targets, t, Math.min(end - t, EPISODE_STEPS));
        t += Math.max(stored, 1);
        if (stored === 0) continue;
        steps += stored;
        episodes++;
        crashes += flight.terminated ? 1 : 0;
        returnSum += flight.flightReturn;
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
  return { steps, fly: () => statistics };
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
