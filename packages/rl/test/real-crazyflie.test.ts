import { AIRFRAMES } from "@spikewing/core";
import { expect, test } from "vitest";
import { APG_PRESETS } from "../src/apg-config.js";

const { task } = APG_PRESETS["real-crazyflie"];
const base = AIRFRAMES[task.airframe];

test.each(["crazyflie-21", "crazyflie-21-teensy", "crazyflie-2026", "crazyflie-l2f-py"] as const)(
  "real-crazyflie draws drones to both sides of %s",
  (name) => {
    const drone = AIRFRAMES[name];
    const fullThrust = ({ thrust: [c0, c1, c2], rotorRange: [, most] }: typeof base) =>
      c0 + c1 * most + c2 * most ** 2;
    const ratios = {
      mass: [drone.massKg / base.massKg],
      inertia: drone.inertia.map((moment, axis) => moment / base.inertia[axis]!),
      thrust: [fullThrust(drone) / fullThrust(base)],
      torqueRatio: [drone.torquePerThrust / base.torquePerThrust],
      motorRise: [drone.motorLagS[0] / base.motorLagS[0]],
      motorFall: [drone.motorLagS[1] / base.motorLagS[1]],
    };
    for (const [field, values] of Object.entries(ratios)) {
      const [low, high] = task.variation[field as keyof typeof ratios];
      for (const value of values) {
        expect(value, field).toBeGreaterThan(low);
        expect(value, field).toBeLessThan(high);
      }
    }
  },
);
