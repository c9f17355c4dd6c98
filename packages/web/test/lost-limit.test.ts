import type { FlightState } from "@spikewing/rl";
import { expect, test } from "vitest";
import { lostLimit } from "../src/lost-limit.js";

/** A drone at a target that stands at 1 m in z and moves along y, but for what is given. */
function lost(parts: Partial<Record<"position" | "velocity" | "angularVelocity", number[]>>): FlightState {
  const { position = [0, 0, 1], velocity = [0, 0.5, 0], angularVelocity = [0, 0, 0] } = parts;
  return {
    position: Float32Array.from(position),
    velocity: Float32Array.from(velocity),
    angularVelocity: Float32Array.from(angularVelocity),
    target: Float32Array.of(0, 0, 1, 0, 0.5, 0),
  } as unknown as FlightState;
}

const BOUNDS = {
  name: "test",
  source: "this test",
  positionM: 2,
  velocityMPerS: 5,
  angularVelocityRadPerS: 35,
};

test.each([
  [{ position: [0, 0, -1.5] }, "Its position along z, −2.50 m, passed the limit of 2 m"],
  [{ velocity: [0, 5.75, 0] }, "Its speed along y, 5.25 m/s, passed the limit of 5 m/s"],
  [
    { position: [0.14, 0, 1], angularVelocity: [-36, 1, 0] },
    "Its turn rate along x, −36.00 rad/s, passed the limit of 35 rad/s",
  ],
  [
    { position: [2.1, 0, 1], velocity: [6, 0.5, 0] },
    "Its speed along x, 6.00 m/s, passed the limit of 5 m/s",
  ],
])("of a drone with %j the limit is named that ended its flight", (parts, line) => {
  expect(lostLimit(lost(parts), BOUNDS)).toBe(line);
});
