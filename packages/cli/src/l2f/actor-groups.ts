import { type DenseLayer, SpikewingError } from "@spikewing/rl";
import { type Dataset, type Group, isDataset, isTexts } from "@spikewing/rl/exchange";
import { activationOf } from "./activations.js";
import type { FoundActor } from "./actor-header.js";

/** Of every layer of an actor (learning-to-fly, src/config/actor_and_critic.h); the file names none. */
const ACTIVATION = "FAST_TANH";

/**
 * The checkpoint that learning-to-fly writes beside actor.h: /actor/layers/0, 1, ... of RLtools (nn_models/sequential/
 * persist.h), with no observation to check it by. @throws SpikewingError naming `place` and the group.
 */
export function readActorGroups(file: Group, place: string): FoundActor {
  const groups = groupAt(groupAt(file, "actor"), "layers");
  if (!groups)
    throw new SpikewingError(place, "has no group /actor/layers; expected a checkpoint of learning-to-fly");
  const layers = Object.keys(groups)
    .sort((a, b) => Number(a) - Number(b))
    .map((key): DenseLayer => {
      const name = `/actor/layers/${key}`;
      const read = (part: string) => {
        const matrix = groupAt(groupAt(groups, key), part)?.parameters;
        if (!isDataset(matrix)) throw new SpikewingError(place, `${name}/${part}/parameters is missing`);
        return { shape: matrix.shape, values: floatsOf(matrix, `${name}/${part}/parameters`, place) };
      };
      const { shape, values: weight } = read("weights");
      const { values: bias } = read("biases");
      const [width = 0, inputs = 0] = shape;
      if (weight.length !== width * inputs || bias.length !== width)
        throw new SpikewingError(
          place,
          `${name}: weights have shape (${shape}) and there are ${bias.length} biases; expected (neurons, inputs), and a bias for each`,
        );
      return { name, inputs, width, weight, bias, activation: activationOf(ACTIVATION, name, place) };
    });
  return { layers };
}

function groupAt(group: Group | undefined, name: string): Group | undefined {
  const entry = group?.[name];
  return entry === undefined || isDataset(entry) ? undefined : entry;
}

function floatsOf({ data }: Dataset, name: string, place: string): Float32Array {
  if (isTexts(data)) throw new SpikewingError(place, `${name} holds text; expected numbers`);
  const values = Float32Array.from(data, Number);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new SpikewingError(
      place,
      `${name}: value ${wrong} is ${values[wrong]}; expected a finite number of 32 bits`,
    );
  return values;
}
