import type { Core } from "@spikewing/core";
import type { Actor } from "./actor.js";
import { airframeOf } from "./airframe.js";
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
  readonly lost: number;
}

/** The start is forgotten, and the trajectory has grown to its size. */
const SETTLED_S = 2;
/** Farther than this from its target, m, a drone is lost. */
const LOST_M = 5;

/** One round, or 5 s of hover, of every trajectory from reserved starts. */
export function flyTrajectories(core: Core, task: Task, actor: Actor, flights: number): readonly Tracking[] {
  const { stepS } = airframeOf(task.airframe);
  return (Object.keys(TRAJECTORIES) as TrajectoryName[]).map((trajectory) => {
    const { size, period } = TRAJECTORY_DEFAULTS[trajectory];
    const flight = createFlight(core, task, actor, EVALUATION_SEEDS.reserved);
    flight.follow(trajectory, size, period);
    const settled = Math.round(SETTLED_S / stepS);
    const steps = Math.round((trajectory === "hover" ? 5 : SETTLED_S + period) / stepS);
    const squares: number[] = [];
    for (let episode = 0; episode < flights; episode++) {
      flight.reset(episode);
      let square = 0;
      for (let step = 1; step <= steps; step++) {
        flight.step();
        const { position, target } = flight.state();
        const apart = position.reduce((sum, x, axis) => sum + (x - target[axis]!) ** 2, 0);
        if (!(apart <= LOST_M ** 2)) square = Number.NaN; // NaN is lost too
        if (step > settled) square += apart;
      }
      if (!Number.isNaN(square)) squares.push(square / (steps - settled));
    }
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    const lost = flights - squares.length;
    return { trajectory, size, period, flights, positionErrorM: Math.sqrt(mean), lost };
  });
}
