import { type DenseActivation, SpikewingError } from "@spikewing/rl";

/** RLtools' names. */
const ACTIVATIONS: Readonly<Record<string, DenseActivation>> = {
  FAST_TANH: "fast-tanh",
  TANH: "tanh",
  RELU: "relu",
};

/** @throws SpikewingError naming `place` and the layer. */
export function activationOf(name: string, layer: string, place: string): DenseActivation {
  const known = ACTIVATIONS[name.toUpperCase()];
  if (known) return known;
  throw new SpikewingError(
    place,
    `${layer}: activation is ${name}; expected one of ${Object.keys(ACTIVATIONS).join(", ")}`,
  );
}
