import { z } from "zod";
import { SpikewingError } from "../spikewing-error.js";
import type { StateDict } from "./state-dict.js";

/** A tensor, or a number where the module holds none: it is that of all neurons. */
const nameOrNumber = z.union([z.string().min(1), z.number()]);

/** Which tensor is what, layer after layer; the last is the read-out. */
export const tensorNamesSchema = z.strictObject({
  layers: z
    .array(
      z.strictObject({
        weight: z.string().min(1).describe("(neurons, inputs)"),
        bias: z.string().min(1).describe("(neurons); 0 where it is left out").exactOptional(),
        own: z
          .string()
          .min(1)
          .describe("(neurons, neurons), from the layer's spikes of the step before")
          .exactOptional(),
        ownBias: z.string().min(1).describe("(neurons)").exactOptional(),
        leak: nameOrNumber.describe("snnTorch's beta; of the read-out only where it leaks").exactOptional(),
        threshold: nameOrNumber.describe("of every layer but the read-out").exactOptional(),
      }),
    )
    .min(2),
});
export type TensorNames = z.infer<typeof tensorNamesSchema>;

const byNumber = new Intl.Collator("en", { numeric: true });

/**
 * The names that snnTorch's modules give: `weight` of Linear, `beta` and `threshold` of Leaky, `recurrent.weight` of RLeaky.
 * The modules follow each other as in the file, or by name where the file has sorted them.
 *
 * @throws SpikewingError naming `place` where they are no chain.
 */
export function guessNames({ tensors, inOrder }: StateDict, place: string): TensorNames {
  const owners = (kind: string) => {
    const suffix = `.${kind}`;
    const names = [...tensors.keys()].filter((name) => name.endsWith(suffix));
    const found = names.map((name) => name.slice(0, -suffix.length));
    return inOrder ? found : found.sort(byNumber.compare);
  };
  const neurons = owners("beta");
  const own = new Set(neurons.map((name) => `${name}.recurrent`));
  const linears = owners("weight").filter((name) => !own.has(name));
  if (neurons.length === 0 || linears.length !== neurons.length + 1)
    throw new SpikewingError(
      place,
      `${linears.length} layers of weights (${linears}) and ${neurons.length} of neurons with a beta (${neurons}); expected weights, neurons and so on, and weights last`,
      "--names says which tensor is what",
    );
  const maybe = <K extends string>(key: K, name: string) =>
    (tensors.has(name) ? { [key]: name } : {}) as { [key in K]?: string };
  const layers = linears.map((linear, l) => {
    const neuron = neurons[l];
    return {
      weight: `${linear}.weight`,
      ...maybe("bias", `${linear}.bias`),
      ...(neuron !== undefined && {
        ...maybe("own", `${neuron}.recurrent.weight`),
        ...maybe("ownBias", `${neuron}.recurrent.bias`),
        leak: `${neuron}.beta`,
        threshold: `${neuron}.threshold`,
      }),
    };
  });
  return { layers };
}
