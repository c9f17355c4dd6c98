import type { Address, Core } from "@spikewing/core";
import { SpikewingError } from "./spikewing-error.js";

/** Where f32 numbers lie in the core's memory. */
export interface Span {
  readonly at: Address<"F32s">;
  readonly length: number;
}

/**
 * Ends a training whose numbers have stopped being finite; what it saved before is good.
 *
 * @param place phase and round
 * @throws SpikewingError naming the first that is not
 */
export function requireFinite(
  core: Core,
  place: string,
  numbers: Readonly<Record<string, number>>,
  spans: Readonly<Record<string, Span>> = {},
): void {
  const refuse = (name: string, value: number): never => {
    const remedy = "lower the learning rates, alpha or bcWeight; the last checkpoint is kept";
    throw new SpikewingError(place, `${name} is ${value}; expected a finite number`, remedy);
  };
  for (const [name, value] of Object.entries(numbers)) if (!Number.isFinite(value)) refuse(name, value);
  for (const [name, { at, length }] of Object.entries(spans)) {
    const i = core.f32(at, length).findIndex((value) => !Number.isFinite(value));
    if (i >= 0) refuse(`parameter ${i} of the ${name}`, core.f32(at, length)[i]!);
  }
}
