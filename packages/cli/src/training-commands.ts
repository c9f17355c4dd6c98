import { EXPERIMENTS } from "@spikewing/rl";
import { Argument, type Command, Option } from "commander";
import { deferred } from "./deferred.js";
import { examples, flag } from "./flags.js";

/** A run folder says these, so no flag may say otherwise. */
const FIXED_BY_RESUME = [
  "preset",
  "algorithm",
  "seed",
  "airframe",
  "guideLevel",
  "guide",
  "logs",
  "columns",
  "config",
  "out",
];
const resumeFlag = () =>
  new Option("--resume <dir>", "go on with the run in this folder, to the same bytes").conflicts(
    FIXED_BY_RESUME,
  );

/** Adds what trains: a run, a guide, the demo, and many runs. */
export function addTrainingCommands(program: Command): void {
  program
    .command("train")
    .description("train a policy, and its guide where the algorithm has one, into a run folder")
    .addOption(flag.preset())
    .addOption(flag.algorithm())
    .addOption(flag.seed())
    .addOption(flag.airframe())
    .addOption(flag.guideLevel())
    .option("--guide <file>", "fly the jump start with this guide instead of training one")
    .addOption(
      new Option(
        "--logs <files...>",
        "learn from these flights or buffers (.npz) alone, with --algorithm bc or td3bc",
      ).conflicts("guide"),
    )
    .addOption(flag.columns())
    .addOption(flag.config())
    .addOption(flag.out())
    .addOption(resumeFlag())
    .addOption(flag.workers())
    .addOption(flag.checkpointEvery())
    .addOption(flag.json())
    .addHelpText(
      "after",
      examples(
        "train --seed 1 --out runs/one",
        "train --preset paper --seed 2",
        "train --algorithm bc --logs flights/*.csv",
        "train --resume runs/one",
      ),
    )
    .action(deferred(async () => (await import("./train.js")).train));

  program
    .command("guide")
    .description("train only the guide, and write every level that it reaches")
    .addOption(flag.preset())
    .addOption(flag.seed())
    .addOption(flag.airframe())
    .addOption(flag.guideLevel())
    .addOption(flag.config())
    .addOption(flag.out())
    .addOption(resumeFlag())
    .addOption(flag.workers())
    .addOption(flag.checkpointEvery())
    .addOption(flag.json())
    .addHelpText(
      "after",
      examples(
        "guide --seed 1 --out runs/guide",
        "train --algorithm td3bc-jsrl --guide runs/guide/guide.safetensors",
      ),
    )
    .action(deferred(async () => (await import("./train.js")).trainGuideAlone));

  program
    .command("demo")
    .description("train with the fast preset, score, fly; a second call goes on with the same run")
    .addOption(flag.seed())
    .addOption(flag.config())
    .addOption(flag.out())
    .addOption(flag.workers())
    .addOption(flag.json())
    .addHelpText("after", examples("demo --seed 301 --out runs/demo"))
    .action(deferred(async () => (await import("./demo.js")).demo));

  program
    .command("sweep")
    .description("train every run of a list with every seed; a second call goes on with the same sweep")
    .argument("<file>", "JSON list of runs (spikewing schema sweep)")
    .addOption(flag.out())
    .addOption(flag.engine())
    .addOption(flag.parallelRuns())
    .addOption(flag.reportOnly())
    .addOption(flag.json())
    .addHelpText("after", examples("sweep slopes.json --out sweeps/slopes --workers 2"))
    .action(deferred(async () => (await import("./sweep.js")).sweep));

  program
    .command("sweep-task", { hidden: true })
    .argument("<folder>")
    .action(deferred(async () => (await import("./sweep/sweep-task.js")).sweepTask));

  program
    .command("experiment")
    .description("do an experiment of the paper, or all; a second call goes on with the same one")
    .addArgument(
      new Argument("<name>", "what is asked").choices(["list", "all", ...Object.keys(EXPERIMENTS)]),
    )
    .addOption(flag.scale())
    .addOption(flag.out())
    .addOption(flag.engine())
    .addOption(flag.parallelRuns())
    .addOption(flag.reportOnly())
    .addOption(flag.json())
    .addHelpText(
      "after",
      examples("experiment list", "experiment gradients --scale smoke", "experiment all --workers 2"),
    )
    .action(deferred(async () => (await import("./experiment.js")).experiment));
}
