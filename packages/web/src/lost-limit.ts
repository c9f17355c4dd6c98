import type { Bounds } from "@spikewing/core";
import type { FlightState } from "@spikewing/rl";
import { fixed } from "./number-text.js";

/**
 * Which limit a lost drone has passed, and with what value. The core has found that it is lost; of the limits this is
 * the one that the drone, related to its target, is furthest beyond.
 */
export function lostLimit(
  { position, velocity, angularVelocity, target }: FlightState,
  { positionM, velocityMPerS, angularVelocityRadPerS }: Bounds,
): string {
  const fromTarget = (values: Float32Array, at: number) =>
    Array.from(values, (value, i) => value - target[at + i]!);
  const [worst] = [
    { what: "position", values: fromTarget(position, 0), limit: positionM, unit: "m" },
    { what: "speed", values: fromTarget(velocity, 3), limit: velocityMPerS, unit: "m/s" },
    { what: "turn rate", values: Array.from(angularVelocity), limit: angularVelocityRadPerS, unit: "rad/s" },
  ]
    .flatMap(({ values, ...limit }) => values.map((value, axis) => ({ ...limit, value, axis: "xyz"[axis] })))
    .sort((a, b) => Math.abs(b.value / b.limit) - Math.abs(a.value / a.limit)) as [
    { what: string; limit: number; unit: string; value: number; axis: string },
  ];
  const { what, axis, value, unit, limit } = worst;
  return `Its ${what} along ${axis}, ${fixed(value, 2)} ${unit}, passed the limit of ${limit} ${unit}`;
}
