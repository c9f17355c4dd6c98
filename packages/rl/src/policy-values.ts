import { NEURONS, Q16_PARAMETER, READ_OUTS, type ValueRange } from "./layers.js";
import type { Tensor } from "./safetensors.js";

/** Of every tensor of an image, by its name before the number of the layer: assembly/synapses/, and layers.ts. */
const RANGES: Readonly<Record<string, ValueRange>> = {
  w: [-32767, 32767],
  narrowW: [-127, 127],
  motorW: [-7, 7],
  own: [-32767, 32767],
  scale: [1, 4129],
  ownScale: [1, 4129],
  motorScale: [1, 74896],
  b: Q16_PARAMETER,
  ...Object.fromEntries(
    Object.values({ ...NEURONS, ...READ_OUTS }).flatMap(({ parameters }) => Object.entries(parameters)),
  ),
};

const isWithin = (value: number, [low, high]: ValueRange) => value >= low && value <= high;

/** Weights that a byte and half a byte of a file hold. */
const NARROW_WEIGHTS: Partial<Record<Tensor["dtype"], string>> = { I8: "narrowW", U8: "motorW" };

/** What is wrong with the values of an image's tensor, such as `w1` or `threshold2`; undefined if nothing is. */
export function imageProblem(
  name: string,
  dtype: Tensor["dtype"],
  values: Int8Array | Int16Array | Int32Array,
): string | undefined {
  const range = RANGES[NARROW_WEIGHTS[dtype] ?? name.replace(/\d$/, "")]!;
  return problemOf(name, values, (value) => isWithin(value, range), `from ${range.join(" to ")}`);
}

/** What is wrong with dense parameters; undefined if nothing is. */
export function denseProblem(name: string, values: Float32Array): string | undefined {
  return problemOf(name, values, Number.isFinite, "finite");
}

function problemOf(
  name: string,
  values: ArrayLike<number>,
  isRight: (value: number) => boolean,
  expected: string,
): string | undefined {
  for (let i = 0; i < values.length; i++) {
    if (!isRight(values[i]!)) return `tensor ${name}: value ${i} is ${values[i]}; expected ${expected}`;
  }
  return undefined;
}
