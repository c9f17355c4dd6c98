/**
 * What quantisation writes, and what the kernels' proofs against overflow take for granted (assembly/fixed-point.ts,
 * assembly/synapses/, assembly/neurons/).
 */
const RANGES = {
  w: [-32767, 32767],
  narrowW: [-127, 127],
  own: [-32767, 32767],
  scale: [1, 4129],
  ownScale: [1, 4129],
  b: [-(2 ** 27), 2 ** 27],
  leak: [0, 65536],
  threshold: [-(2 ** 27), 2 ** 27],
  adaptationLeak: [0, 65536],
  adaptation: [-(2 ** 27), 2 ** 27],
} as const;

const isWithin = (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high;

/** What is wrong with the values of an image's tensor, such as `w1` or `threshold2`; undefined if nothing is. */
export function imageProblem(name: string, values: Int8Array | Int16Array | Int32Array): string | undefined {
  const kind = values instanceof Int8Array ? "narrowW" : name.replace(/\d$/, "");
  const range = RANGES[kind as keyof typeof RANGES];
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
