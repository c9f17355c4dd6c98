import { ablation } from "./ablation.js";
import { ann } from "./ann.js";
import { baselines } from "./baselines.js";
import type { Experiment } from "./experiment.js";
import { flights } from "./flights.js";
import { formats } from "./formats.js";
import { gradients } from "./gradients.js";
import { methods } from "./methods.js";
import { metrics } from "./metrics.js";
import { slope } from "./slope.js";
import type { JsonObject, SweepRun, Workbench } from "./sweep.js";
import { type TrainSettings, trainAndScore } from "./train.js";

/** Settings and results come back from files as the experiment wrote them: only it knows their fields. */
const erase = <Settings extends JsonObject, Result extends JsonObject>(
  experiment: Experiment<Settings, Result>,
): Experiment => experiment as unknown as Experiment;

/** Every experiment by name: one file each. */
export const EXPERIMENTS = {
  gradients: erase(gradients),
  slope: erase(slope),
  methods: erase(methods),
  ablation: erase(ablation),
  ann: erase(ann),
  metrics: erase(metrics),
  flights: erase(flights),
  formats: erase(formats),
  baselines: erase(baselines),
} as const;
export type ExperimentName = keyof typeof EXPERIMENTS;

/** Does one run of a sweep. @throws SpikewingError where the run itself is to blame */
export function measureRun(workbench: Workbench, { measure, settings, seed }: SweepRun): JsonObject {
  if (measure === "train") return trainAndScore(workbench, settings as TrainSettings, seed);
  return EXPERIMENTS[measure as ExperimentName].measure(workbench, settings, seed);
}
