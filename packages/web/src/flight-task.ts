import { FULL_BATTERY_V } from "@spikewing/core";
import { DEFAULT_TASK, type Task } from "@spikewing/rl";
import type { FlightSettings } from "./flight-settings.js";

/** What an episode of these settings is: the drone's delay and battery are drawn with the start. */
export function taskOf({ airframe, bounds, delay, battery }: FlightSettings): Task {
  const delayS = [delay / 1000, delay / 1000] as const;
  const isFull = battery === FULL_BATTERY_V;
  return {
    ...{ ...DEFAULT_TASK, airframe, bounds, delayS },
    variation: isFull ? undefined : { batteryV: [battery, battery] },
  };
}
