import { levelGusts } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { createActor, createFlight, DEFAULT_TASK, type FlightState, initialiseActor } from "../src/index.js";

type Change = (flight: ReturnType<typeof createFlight>, step: number) => void;

/** 60 steps of an untrained policy; `change` comes before each. */
function fly(change: Change, build: "simd" | "scalar" = "simd", seed = 3): FlightState[] {
  const core = loadCore(build);
  const shape = { kind: "dense", hidden: [8], activation: "tanh", history: false } as const;
  const actor = createActor(core, shape);
  initialiseActor(core, actor, 1, 0);
  const flight = createFlight(core, DEFAULT_TASK, actor, seed);
  flight.reset(2);
  return Array.from({ length: 60 }, (_, step) => {
    change(flight, step);
    flight.step();
    return flight.state();
  });
}

const gusty: Change = (flight, step) => {
  if (step === 0) flight.setGusts(levelGusts(0.02));
};
const calm: Change = () => {};

test("gusts blow on a flight, the same in every build, other ones for another seed", () => {
  const flown = fly(gusty);
  expect(new Set(flown.map(({ force }) => force[0])).size).toBe(60);
  expect(flown).not.toEqual(fly(calm));
  expect(flown).toEqual(fly(gusty, "scalar"));
  expect(fly(gusty, "simd", 4)[0]!.force[0]).not.toBe(flown[0]!.force[0]);
});

test("gusts that end leave the steady force, and wind that changes keeps its gusts", () => {
  const [before] = fly(calm);
  const flown = fly((flight, step) => {
    gusty(flight, step);
    if (step === 20) flight.setDisturbance([0.5, 0, 0], [0, 0, 0]);
    if (step === 40) flight.setGusts(undefined);
  });
  expect(Math.abs(flown[30]!.force[0]! - 0.5)).toBeLessThan(0.2);
  expect(flown[30]!.force[0]).not.toBe(flown[31]!.force[0]);
  for (const { force } of flown.slice(40)) expect(force[0]).toBe(Math.fround(before!.force[0]! + 0.5));
});
