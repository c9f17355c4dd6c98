import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TaskFlags, taskOf } from "./evaluate.js";
import { drawFlight } from "./flight-picture.js";
import { type FlightPlan, flightCsv, flyPlan, planFlight, summariseFlight } from "./flight-plan.js";
import { printResult } from "./print.js";
import { readPolicy } from "./run-folder.js";
import { shippedPolicyPath } from "./shipped-policies.js";
import { writeWhole, writing } from "./whole-file.js";

export interface FlyFlags extends TaskFlags, Partial<FlightPlan> {
  readonly out?: string;
  readonly json?: boolean;
}

export function fly(policyFile: string | undefined, flags: FlyFlags): void {
  const file = policyFile ?? shippedPolicyPath();
  const policy = readPolicy(file);
  const task = taskOf(policy, flags);
  const plan = planFlight(flags);
  const out = flags.out ?? join("runs", `flight-${plan.trajectory}`);
  writing(out, () => mkdirSync(out, { recursive: true }));
  const samples = flyPlan(policy, task, plan);
  const summary = summariseFlight(samples);
  const files = { csv: join(out, "flight.csv"), picture: join(out, "flight.svg") };
  writeWhole(files.csv, flightCsv(samples));
  writeWhole(files.picture, drawFlight(file, task, plan, samples));
  printResult(flags.json, { policy: file, task, plan, ...summary, files }, [
    `${plan.trajectory}, size ${plan.size} m, period ${plan.period} s: ${summary.steps} steps on ${task.airframe}`,
    `mean position error xy  ${summary.meanPositionErrorXyM.toFixed(3)} m`,
    `mean height error       ${summary.meanHeightErrorM.toFixed(3)} m`,
    ...(summary.leftBoundsAtS === null
      ? []
      : [`left the bounds ${task.bounds} after ${summary.leftBoundsAtS.toFixed(2)} s`]),
    `wrote ${files.csv} and ${files.picture}`,
  ]);
}
