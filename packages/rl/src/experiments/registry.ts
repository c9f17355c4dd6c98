import type { Experiment } from "./experiment.js";
import { gradients } from "./gradients.js";
import type { JsonObject, SweepRun, Workbench } from "./sweep.js";
import { type TrainSettings, trainAndScore } from "./train.js";

/** Settings and results come back from files as the experiment wrote them: only it knows their fields. */
const erase = <Settings extends JsonObject, Result extends JsonObject>(
  experiment: Experiment<Settings, Result>,
): Experiment => experiment as unknown as Experiment;

/** Every experiment by name: one file each. */
export const EXPERIMENTS = {
  gradients: erase(gradients),
} as const;
export type ExperimentName = keyof typeof EXPERIMENTS;

/** Does one run of a sweep. @throws SpikewingError where the run itself is to blame */
export function measureRun(workbench: Workbench, { measure, settings, seed }: SweepRun): JsonObject {
  if (measure === "train") return trainAndScore(workbench, settings as TrainSettings, seed);
  return EXPERIMENTS[measure as ExperimentName].measure(workbench, settings, seed);
}
