import type { PushDirection } from "./controls.js";
import type { FlightScene } from "./scene.js";

/** World force of a push in a direction as the viewer sees it. */
export function forceAsSeen(
  direction: Exclude<PushDirection, "yaw">,
  strength: number,
  { right, away }: ReturnType<FlightScene["viewAxes"]>,
): readonly [number, number, number] {
  const along = ([x, y]: readonly [number, number], amount: number) => [x * amount, y * amount, 0] as const;
  return {
    up: along(away, strength),
    down: along(away, -strength),
    right: along(right, strength),
    left: along(right, -strength),
    lift: [0, 0, strength] as const,
    drop: [0, 0, -strength] as const,
  }[direction];
}
