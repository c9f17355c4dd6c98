import type { Core, ShardPool, Variation } from "@spikewing/core";
import type { Actor } from "./actor.js";
import { standardError } from "./evaluate.js";
import { evaluateByProtocol } from "./run.js";
import type { Task } from "./task.js";

/** A way in which a flight differs from the task that a policy is scored on. */
export interface Condition {
  readonly name: string;
  /** Among conditions of a kind, how far it goes; the task itself is of every kind. */
  readonly kind: "delay" | "mass" | "motor lag" | "other";
  readonly value: number;
  readonly task: Task;
}

/** The task itself, then everything that a real drone has and it has not, one by one. */
export function robustnessConditions(task: Task): readonly Condition[] {
  const varied = (kind: Condition["kind"], value: number, name: string, variation: Variation): Condition => ({
    name,
    kind,
    value,
    task: { ...task, variation: { ...task.variation, ...variation } },
  });
  const late = (ms: number, least = ms): Condition => ({
    name: least === ms ? `delay ${ms} ms` : `delay ${least} .. ${ms} ms`,
    kind: least === ms ? "delay" : "other",
    value: ms,
    task: { ...task, delayS: [least / 1000, ms / 1000] },
  });
  const heavy = (factor: number) => varied("mass", factor, `mass x ${factor}`, { mass: [factor, factor] });
  const slow = (factor: number) => {
    const range = [factor, factor] as const;
    return varied("motor lag", factor, `motor lag x ${factor}`, { motorRise: range, motorFall: range });
  };
  return [
    { name: "as it is", kind: "other", value: 0, task },
    late(2),
    late(4),
    late(6),
    late(6, 0),
    heavy(0.7),
    heavy(1.3),
    varied("other", 1.4, "thrust x 1.4", { thrust: [1.4, 1.4] }),
    slow(0.7),
    slow(1.3),
    varied("other", 3.7, "battery 3.7 V", { batteryV: [3.7, 3.7] }),
    varied("other", 20, "gusts 20 mN", { gustsMn: 20 }),
    varied("other", 20, "wind 20 mN", { windMn: [20, 20] }),
    varied("other", 5, "noise x 5", { noise: 5 }),
  ];
}

/** How a policy did under a condition. */
export interface ConditionScore {
  readonly meanReturn: number;
  /** Of that mean. */
  readonly standardError: number;
  /** Of all episodes, 0 to 1. */
  readonly crashRate: number;
  /** From 2 s on, over the episodes that did not crash, root mean square, m. */
  readonly positionErrorM: number;
}

/** Flights of every trajectory in a table of robustness. */
export const TRACKING_FLIGHTS = 20;

/** Reserved episodes under a condition. */
export function scoreCondition(
  core: Core,
  pool: ShardPool,
  { task }: Condition,
  actor: Actor,
  episodes: number,
): ConditionScore {
  const evaluation = evaluateByProtocol(core, pool, task, actor, episodes);
  const { meanReturn, crashRate, settled } = evaluation;
  const { positionErrorM } = settled;
  return { meanReturn, standardError: standardError(evaluation), crashRate, positionErrorM };
}
