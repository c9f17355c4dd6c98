import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { TRAJECTORIES, TRAJECTORY_DEFAULTS, type TrajectoryName } from "../src/index.js";

const core = loadCore();

/** Largest distance along x and y from the origin, m, once the ramp is over. */
function extent(name: TrajectoryName): readonly [x: number, y: number] {
  const { size, period } = TRAJECTORY_DEFAULTS[name];
  const at = core.allocate("F32s", 6);
  const places = Array.from({ length: 1000 }, (_, i) => {
    core.kernels.trajectoryTarget(TRAJECTORIES[name], 2 + (i * period) / 1000, size, period, at);
    return core.f32(at, 2).slice();
  });
  return [Math.max(...places.map(([x]) => Math.abs(x!))), Math.max(...places.map(([, y]) => Math.abs(y!)))];
}

test("L2F's figure-eight is 2 m wide and 1 m deep, in 5.5 s; the other is half of it in the same time", () => {
  const [x, y] = extent("figure-eight-l2f");
  expect(x).toBeCloseTo(1, 3);
  expect(y).toBeCloseTo(0.5, 3);
  expect(TRAJECTORY_DEFAULTS["figure-eight-l2f"].period).toBe(5.5);
  expect(extent("figure-eight")).toEqual([expect.closeTo(x / 2, 5), expect.closeTo(y / 2, 5)]);
  expect(TRAJECTORY_DEFAULTS["figure-eight"].period).toBe(5.5);
});
