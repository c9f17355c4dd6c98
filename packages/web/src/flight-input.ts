import {
  DEFAULT_SETTINGS,
  LONGEST_SHOWN,
  NEEDS_RESTART,
  parseSetting,
  type SettingName,
} from "./flight-settings.js";

/** Something done to a flight on the way. With settings and policy, the inputs of a flight give all its bytes. */
export type FlightInput =
  /** World force (mN) and yaw torque (uN m) for some control periods. */
  | {
      readonly kind: "push";
      readonly force: readonly [number, number, number];
      readonly yaw: number;
      readonly steps: number;
    }
  /** The target stands here from now on, m. */
  | { readonly kind: "target"; readonly position: readonly [number, number, number] }
  | { readonly kind: "change"; readonly name: SettingName; readonly value: string | number }
  /** This share of the first drone's neurons is silent from now on, and every other one speaks: lesion.ts. */
  | { readonly kind: "lesion"; readonly percent: number }
  /** One of its neurons, counted through all layers from 0, falls silent or speaks again. */
  | { readonly kind: "silence"; readonly neuron: number; readonly isSilent: boolean };

/** An input and the control period before which it happens. */
export interface TimedInput {
  readonly step: number;
  readonly input: FlightInput;
}

/** More than this many inputs do not fit into a link. */
export const MAX_INPUTS = 400;

/** The target stays in this box around the start, half-width: the picture shows no more, and no policy flew further. */
export const TARGET_RANGE_M = 1.5;

/** Of a neuron's number in a link: more than any network has. */
const MAX_NEURON = 9999;

/** How many numbers follow the letter of an input. */
const LETTERS = { p: 5, t: 3, l: 1, n: 2 } as const;

/** Inputs as text for a link: `120p50,0,0,0,20~300t0.1,0.2,0~410cwindX,12`. */
export function encodeInputs(inputs: readonly TimedInput[]): string {
  return inputs.map(({ step, input }) => `${step}${encodeInput(input)}`).join("~");
}

function encodeInput(input: FlightInput): string {
  switch (input.kind) {
    case "push":
      return `p${[...input.force, input.yaw, input.steps].join()}`;
    case "target":
      return `t${input.position.join()}`;
    case "change":
      return `c${input.name},${input.value}`;
    case "lesion":
      return `l${input.percent}`;
    case "silence":
      return `n${input.neuron},${Number(input.isSilent)}`;
  }
}

/** The inputs of a link's text, or what is wrong with it. */
export function decodeInputs(
  text: string,
): { readonly inputs: readonly TimedInput[] } | { readonly problem: string } {
  if (text === "") return { inputs: [] };
  const parts = text.split("~");
  if (parts.length > MAX_INPUTS) return { problem: `${parts.length} inputs; expected up to ${MAX_INPUTS}` };
  const inputs: TimedInput[] = [];
  let last = 0;
  for (const [i, part] of parts.entries()) {
    const decoded = decodeInput(part);
    if (typeof decoded === "string")
      return { problem: `input ${i + 1} "${part.slice(0, LONGEST_SHOWN)}": ${decoded}` };
    if (decoded.step < last) return { problem: `input ${i + 1} is at step ${decoded.step}, before ${last}` };
    last = decoded.step;
    inputs.push(decoded);
  }
  return { inputs };
}

function decodeInput(part: string): TimedInput | string {
  const [, digits, letter, rest = ""] = /^(\d{1,7})([ptcln])(.*)$/.exec(part) ?? [];
  if (digits === undefined) return "expected a step, then p, t, c, l or n";
  const step = Number(digits);
  const fields = rest.split(",");
  if (letter === "c") {
    const [name = "", value = ""] = fields;
    const isLive = Object.hasOwn(DEFAULT_SETTINGS, name) && !NEEDS_RESTART.has(name as SettingName);
    if (!isLive || fields.length !== 2)
      return `"${name.slice(0, LONGEST_SHOWN)}" is no setting that can change in flight`;
    const parsed = parseSetting(name as SettingName, value);
    if ("problem" in parsed) return parsed.problem;
    return { step, input: { kind: "change", name: name as SettingName, value: parsed.value } };
  }
  const numbers = fields.map((field) => (field === "" ? Number.NaN : Number(field)));
  const count = LETTERS[letter as keyof typeof LETTERS];
  if (numbers.length !== count) return `${numbers.length} numbers; expected ${count}`;
  if (letter === "l") return decodeLesion(step, numbers[0]!);
  if (letter === "n") return decodeSilence(step, numbers[0]!, numbers[1]!);
  if (!numbers.every((value) => Math.abs(value) <= 1000)) return "expected numbers from -1000 to 1000";
  const [a, b, c, yaw, steps] = numbers as [number, number, number, number, number];
  if (letter === "t" && ![a, b, c].every((value) => Math.abs(value) <= TARGET_RANGE_M))
    return `expected a target from -${TARGET_RANGE_M} to ${TARGET_RANGE_M} m in each axis`;
  if (letter === "t") return { step, input: { kind: "target", position: [a, b, c] } };
  if (!Number.isInteger(steps) || steps < 1) return "a push lasts a whole number of steps";
  return { step, input: { kind: "push", force: [a, b, c], yaw, steps } };
}

function decodeLesion(step: number, percent: number): TimedInput | string {
  if (!Number.isInteger(percent) || percent < 0 || percent > 100)
    return "expected a share of neurons, an integer from 0 to 100 %";
  return { step, input: { kind: "lesion", percent } };
}

function decodeSilence(step: number, neuron: number, isSilent: number): TimedInput | string {
  if (!Number.isInteger(neuron) || neuron < 0 || neuron > MAX_NEURON)
    return `expected a neuron, an integer from 0 to ${MAX_NEURON}`;
  if (isSilent !== 0 && isSilent !== 1) return "a neuron is silent, 1, or speaks, 0";
  return { step, input: { kind: "silence", neuron, isSilent: isSilent === 1 } };
}
