import { FNV1A_START, fnv1a } from "@spikewing/core";
import type { FlightInput, TimedInput } from "./flight-input.js";

/** What silences neurons of the first drone, or lets them speak again. */
export type LesionInput = Extract<FlightInput, { kind: "lesion" | "silence" }>;

const isLesion = ({ input: { kind } }: TimedInput) => kind === "lesion" || kind === "silence";

/** The inputs that made the lesion which there is at the end, to be made at the start of a flight. */
export function lesionOf(inputs: readonly TimedInput[]): readonly TimedInput[] {
  const lesions = inputs.filter(isLesion);
  const last = lesions.findLastIndex(({ input: { kind } }) => kind === "lesion");
  return lesions.slice(Math.max(last, 0)).map(({ input }) => ({ step: 0, input }));
}

/** Which of so many neurons are silent after these inputs, in a flight of this seed. */
export function silentNeurons(
  inputs: readonly TimedInput[],
  seed: number,
  neurons: number,
): ReadonlySet<number> {
  let silent = new Set<number>();
  for (const { input } of inputs) {
    if (input.kind === "lesion") {
      const count = Math.round((input.percent * neurons) / 100);
      silent = new Set(orderOf(seed, neurons).slice(0, count));
    } else if (input.kind === "silence" && input.neuron < neurons) {
      if (input.isSilent) silent.add(input.neuron);
      else silent.delete(input.neuron);
    }
  }
  return silent;
}

/** What is silent and since when, to be said of a flight that has come to a step; nothing of a whole network. */
export function describeLesion(
  inputs: readonly TimedInput[],
  seed: number,
  neurons: number,
  step: number,
): string {
  const { size } = silentNeurons(inputs, seed, neurons);
  const since = inputs.findLast(isLesion)?.step;
  if (size === 0 || since === undefined) return "";
  const what = size === 1 ? "one neuron" : `${Math.round((100 * size) / neurons)} % of its neurons`;
  const time = since === 0 ? "" : ` for ${((step - since) / 100).toFixed(2)} s`;
  return `, with ${what} silenced${time}`;
}

/** Neurons as chance has them: a larger share of one seed contains every smaller one. */
function orderOf(seed: number, neurons: number): readonly number[] {
  const draw = (neuron: number) =>
    fnv1a(FNV1A_START, new Uint8Array(Uint32Array.of(neuron, seed, neuron).buffer));
  const draws = Array.from({ length: neurons }, (_, neuron) => ({ neuron, drawn: draw(neuron) >>> 0 }));
  return draws.sort((a, b) => a.drawn - b.drawn || a.neuron - b.neuron).map(({ neuron }) => neuron);
}
