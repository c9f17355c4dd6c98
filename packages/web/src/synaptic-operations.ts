import { ACTION_WORDS, OBSERVATION_WORDS } from "@spikewing/core";

/**
 * Additions of a weight to a current. A spike costs one for each neuron that hears it; the input layer, whose inputs
 * are real values and never silent, costs all of its weights in every step, spiking or dense.
 *
 * @param spikes of each hidden layer, over `steps` control periods
 */
export function synapticOperations(
  hidden: readonly number[],
  spikes: readonly number[],
  steps: number,
): { readonly spiking: number; readonly dense: number } {
  const heardBy = [...hidden.slice(1), ACTION_WORDS];
  const input = OBSERVATION_WORDS * hidden[0]! * steps;
  const after = (sent: readonly number[]) => sent.reduce((sum, n, layer) => sum + n * heardBy[layer]!, 0);
  return { spiking: input + after(spikes), dense: input + after(hidden) * steps };
}
