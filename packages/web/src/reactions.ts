import { countSpikes } from "./history.js";
import type { StepTrace } from "./messages.js";

/** Steps before a push that a neuron is compared with, and steps after it that are looked at. */
const BEFORE = 100;
export const AFTER = 30;
/** So many spikes more or fewer than before, in AFTER steps, are a reaction. */
const LEAST = 6;

/** Neurons that fire more or less often after a push than before it, those that changed most first. */
export function reactingNeurons(
  traces: readonly StepTrace[],
  after: number,
  neurons: number,
): readonly number[] {
  const before = Math.min(BEFORE, traces.length - after);
  if (before < AFTER || after === 0) return [];
  const earlier = traces.slice(-after - before, -after);
  return Array.from({ length: neurons }, (_, neuron) => {
    const usual = (countSpikes(earlier, before, neuron, 1) * after) / before;
    return { neuron, change: Math.abs(countSpikes(traces, after, neuron, 1) - usual) };
  })
    .filter(({ change }) => change >= (LEAST * after) / AFTER)
    .sort((a, b) => b.change - a.change)
    .map(({ neuron }) => neuron);
}
