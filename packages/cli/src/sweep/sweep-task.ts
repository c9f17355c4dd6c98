import { SpikewingError } from "@spikewing/rl";
import { doRunOf } from "./sweep-folder.js";
import { createWorkbench, endingOf } from "./workbench.js";

/** One task of a job array: does the run of its number in the sweep of a folder. */
export function sweepTask(folder: string): void {
  const text = process.env.SLURM_ARRAY_TASK_ID ?? "";
  if (!/^\d+$/.test(text))
    throw new SpikewingError("SLURM_ARRAY_TASK_ID", `${JSON.stringify(text)}; expected the number of a run`);
  const workbench = createWorkbench();
  doRunOf(folder, Number(text), (run) => ({
    ending: endingOf(workbench, run),
    seconds: workbench.seconds,
  }));
}
