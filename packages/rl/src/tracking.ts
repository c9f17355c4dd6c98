import type { Core } from "@spikewing/core";
import type { Actor } from "./actor.js";
import { airframeOf } from "./airframe.js";
import { type ErrorSplit, errorSplit, readSplit, SETTLED_S } from "./error-split.js";
import { EVALUATION_SEEDS } from "./evaluate.js";
import { createFlight, TRAJECTORIES, TRAJECTORY_DEFAULTS, type TrajectoryName } from "./flight.js";
import type { Task } from "./task.js";

/** How well a policy follows one trajectory. */
export interface Tracking {
  readonly trajectory: TrajectoryName;
  /** As TRAJECTORY_DEFAULTS has them, m and s. */
  readonly size: number;
  readonly period: number;
  readonly flights: number;
  /** Root mean square distance to the moving target from 2 s on, over the flights that were not lost, m. */
  readonly positionErrorM: number;
  /** What it is made of, over the same flights. */
  readonly parts: ErrorSplit;
  readonly lost: number;
}

/** Farther than this from its target, m, a drone is lost. */
const LOST_M = 5;

/** One round, or 5 s of hover, of every trajectory from reserved starts. */
export const flyTrajectories = (core: Core, task: Task, actor: Actor, flights: number): readonly Tracking[] =>
  (Object.keys(TRAJECTORIES) as TrajectoryName[]).map((name) =>
    flyTrajectory(core, task, actor, name, flights),
  );

/** Of one of them. */
export function flyTrajectory(
  core: Core,
  task: Task,
  actor: Actor,
  trajectory: TrajectoryName,
  flights: number,
): Tracking {
  const { stepS } = airframeOf(task.airframe);
  const { size, period } = TRAJECTORY_DEFAULTS[trajectory];
  const flight = createFlight(core, task, actor, EVALUATION_SEEDS.reserved);
  flight.follow(trajectory, size, period);
  const steps = Math.round((trajectory === "hover" ? 5 : SETTLED_S + period) / stepS);
  const splits = [];
  for (let episode = 0; episode < flights; episode++) {
    flight.reset(episode);
    let isLost = false;
    for (let step = 1; step <= steps; step++) {
      flight.step();
      const { position, target } = flight.state();
      const apart = position.reduce((sum, x, axis) => sum + (x - target[axis]!) ** 2, 0);
      isLost ||= !(apart <= LOST_M ** 2); // NaN is lost too
    }
    if (!isLost) splits.push(readSplit(core, flight.errors));
  }
  const parts = errorSplit(splits);
  const lost = flights - splits.length;
  return { trajectory, size, period, flights, positionErrorM: parts.errorM, parts, lost };
}
