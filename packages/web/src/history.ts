import type { StepTrace } from "./messages.js";

/** Control periods that the recorder shows. */
export const WINDOW_STEPS = 300;

/** The last WINDOW_STEPS traces of the first drone, oldest first. */
export interface History {
  readonly traces: readonly StepTrace[];
  readonly hidden: readonly number[] | undefined;
  readonly thresholds: Int32Array;
  add(traces: readonly StepTrace[]): void;
}

export function createHistory(hidden: readonly number[] | undefined, thresholds: Int32Array): History {
  let traces: StepTrace[] = [];
  return {
    hidden,
    thresholds,
    get traces() {
      return traces;
    },
    add(more) {
      traces = [...traces, ...more].slice(-WINDOW_STEPS);
    },
  };
}

/** Spikes of neurons first .. first + count - 1 over the last `steps` traces. */
export function countSpikes(
  traces: readonly StepTrace[],
  steps: number,
  first: number,
  count: number,
): number {
  let sum = 0;
  for (const { spikes } of traces.slice(-steps))
    for (let j = first; j < first + count; j++) sum += spikes[j]!;
  return sum;
}
