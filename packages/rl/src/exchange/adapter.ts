import { ACTION_WORDS, OBSERVATION_WORDS } from "@spikewing/core";
import { z } from "zod";
import type { FloatLayer, FloatNetwork } from "../float-network.js";
import { SpikewingError } from "../spikewing-error.js";

/** How many numbers a network takes and gives; outputs undefined: any. */
export interface NetworkSizes {
  readonly inputs: number;
  readonly outputs?: number;
}
export const POLICY_SIZES: NetworkSizes = { inputs: OBSERVATION_WORDS, outputs: ACTION_WORDS };
/** What helps a network of other sizes. */
export const ADAPT = "--adapter says what each number is";

const AXES = ["x", "y", "z"] as const;
/** The numbers that a policy sees, in their order; rotation_xy is row x, column y of the matrix from body to world. */
export const OBSERVATIONS = [
  ...AXES.map((axis) => `position_${axis}` as const),
  ...AXES.flatMap((row) => AXES.map((column) => `rotation_${row}${column}` as const)),
  ...AXES.map((axis) => `velocity_${axis}` as const),
  ...AXES.map((axis) => `angular_velocity_${axis}` as const),
] as const;

const scale = z.number().describe("factor on it; default 1").exactOptional();
const offset = z.number().describe("added behind the factor; default 0").exactOptional();

/** What the inputs and outputs of another tool's network are. */
export const adapterSchema = z.strictObject({
  inputs: z
    .array(
      z.union([
        z.strictObject({
          observation: z
            .enum(OBSERVATIONS)
            .describe("relative to the target; m, m/s (world), rad/s (body), rotation matrix"),
          scale,
          offset,
        }),
        z.strictObject({ constant: z.number().describe("an input that is always the same") }),
      ]),
    )
    .min(1)
    .max(4096)
    .describe("what each input of the network hears, in its order"),
  outputs: z
    .array(z.strictObject({ output: z.number().int().min(0).describe("number, from 0"), scale, offset }))
    .length(ACTION_WORDS)
    .describe("where the motors 1 to 4 find their command, whose tanh they get")
    .exactOptional(),
});
export type Adapter = z.infer<typeof adapterSchema>;

export const sizesFor = (adapter: Adapter | undefined): NetworkSizes =>
  adapter === undefined
    ? POLICY_SIZES
    : { inputs: adapter.inputs.length, ...(adapter.outputs === undefined && { outputs: ACTION_WORDS }) };

/**
 * A network that hears the 18 observations and gives 4 commands: the adapter goes into weights and biases of its first layer
 * and of its read-out.
 *
 * @throws SpikewingError naming `place` where the adapter names an output that is not there.
 */
export function adaptNetwork(
  network: FloatNetwork,
  adapter: Adapter | undefined,
  place: string,
): FloatNetwork {
  if (adapter === undefined || network.hidden.length === 0) return network; // refused for its shape
  const [first, ...others] = network.hidden;
  const hidden = [{ ...first!, ...hear(first!, adapter.inputs) }, ...others];
  const { outputs } = adapter;
  return { hidden, readOut: outputs ? choose(network.readOut, outputs, place) : network.readOut };
}

function hear({ inputs, width, weight, bias }: FloatLayer, heard: Adapter["inputs"]): FloatLayer {
  const weights = new Float64Array(width * OBSERVATION_WORDS);
  const biases = Float64Array.from(bias);
  for (const [k, input] of heard.entries()) {
    const { factor, shift, column } =
      "constant" in input
        ? { factor: 0, shift: input.constant, column: 0 }
        : {
            factor: input.scale ?? 1,
            shift: input.offset ?? 0,
            column: OBSERVATIONS.indexOf(input.observation),
          };
    for (let j = 0; j < width; j++) {
      const given = weight[j * inputs + k]!;
      weights[j * OBSERVATION_WORDS + column] = weights[j * OBSERVATION_WORDS + column]! + given * factor;
      biases[j] = biases[j]! + given * shift;
    }
  }
  return {
    inputs: OBSERVATION_WORDS,
    width,
    weight: Float32Array.from(weights),
    bias: Float32Array.from(biases),
  };
}

function choose(
  { inputs, width, weight, bias, leak }: FloatNetwork["readOut"],
  chosen: NonNullable<Adapter["outputs"]>,
  place: string,
): FloatNetwork["readOut"] {
  const lost = chosen.findIndex(({ output }) => output >= width);
  if (lost >= 0)
    throw new SpikewingError(
      place,
      `outputs.${lost}.output is ${chosen[lost]!.output}; expected at most ${width - 1}, as the network has ${width}`,
    );
  const row = ({ output, scale: factor = 1 }: (typeof chosen)[number]) =>
    [...weight.subarray(output * inputs, (output + 1) * inputs)].map((value) => value * factor);
  return {
    inputs,
    width: ACTION_WORDS,
    weight: Float32Array.from(chosen.flatMap(row)),
    // What leaks adds up its input step by step: only a share 1 - leak of a steady offset goes in.
    bias: Float32Array.from(
      chosen,
      ({ output, scale: factor = 1, offset: shift = 0 }) =>
        bias[output]! * factor + shift * (1 - (leak?.[output] ?? 0)),
    ),
    ...(leak && { leak: Float32Array.from(chosen, ({ output }) => leak[output]!) }),
  };
}
