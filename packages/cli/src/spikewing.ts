#!/usr/bin/env node
import completions from "@bomb.sh/tab/commander";
import { LIBRARY_TARGETS, LIBRARY_WEIGHTS } from "@spikewing/firmware";
import { cutShort, printable } from "@spikewing/rl";
import { Argument, Command, Option } from "commander";
import { demo } from "./demo.js";
import { doctor } from "./doctor.js";
import { evaluate } from "./evaluate.js";
import { addExchangeCommands } from "./exchange-commands.js";
import { EXPERIMENT_CHOICES, experiment } from "./experiment.js";
import { buildFirmware } from "./firmware-build.js";
import { examples, flag, nameFlag, numberFlag } from "./flags.js";
import { fly } from "./fly.js";
import { identifyLog, parseFit } from "./identify.js";
import { info } from "./info.js";
import { narrow } from "./narrow.js";
import { guardOutput } from "./output.js";
import { reportError, silenceNotes } from "./print.js";
import { replay } from "./replay.js";
import { printSchema, SCHEMAS } from "./schema.js";
import { sweepTask } from "./sweep/sweep-task.js";
import { sweep } from "./sweep.js";
import { train, trainGuideAlone } from "./train.js";
import { VERSION } from "./version.js";

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

const program = new Command("spikewing")
  .description("Train, evaluate and fly spiking policies for a quadrotor")
  .version(VERSION)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(`${cutShort(printable(text.trim()), 1000)}\n`) });

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
  .action(train);

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
  .action(trainGuideAlone);

program
  .command("evaluate")
  .description("score a policy, its guide and the ANNs in reserved episodes")
  .argument("[policy]", "policy file; the shipped one by default")
  .addOption(new Option("--guide <file>", "guide to score beside it").conflicts("alone"))
  .addOption(
    new Option("--ann <file>", "ANN policy to score beside it; may come again")
      .argParser((file: string, others: readonly string[] = []) => [...others, file])
      .conflicts("alone"),
  )
  .option("--alone", "score the policy alone")
  .addOption(flag.episodes())
  .option(
    "--robustness <picture.svg>",
    "score under delay, mass, thrust, motor lag, battery, gusts, noise; draw it",
  )
  .addOption(flag.airframe())
  .addOption(flag.start())
  .addOption(flag.noise())
  .addOption(flag.bounds())
  .addOption(flag.reward())
  .addOption(flag.delay())
  .addOption(flag.mass())
  .addOption(flag.thrust())
  .addOption(flag.battery())
  .addOption(flag.wind())
  .addOption(flag.yaw())
  .addOption(flag.workers())
  .addOption(flag.json())
  .addHelpText(
    "after",
    examples(
      "evaluate --alone --episodes 400 runs/one/policy.safetensors",
      "evaluate --alone --delay 0..6 --mass 0.8..1.2",
      "evaluate --robustness table.svg",
    ),
  )
  .action(evaluate);

program
  .command("fly")
  .description("fly one trajectory; write it as CSV and as a picture")
  .argument("[policy]", "policy file; the shipped one by default")
  .addOption(flag.trajectory())
  .addOption(numberFlag("--size <m>", "diameter, width or edge", 0, 10))
  .addOption(numberFlag("--period <s>", "time for one round", 0.5, 1000))
  .addOption(numberFlag("--seconds <s>", "length of the flight", 0.01, 1000))
  .addOption(numberFlag("--gusts <mN>", "random gusts, standard deviation of their force", 0, 1000))
  .addOption(flag.seed())
  .addOption(flag.airframe())
  .addOption(flag.start())
  .addOption(flag.noise())
  .addOption(flag.bounds())
  .addOption(flag.reward())
  .addOption(flag.delay())
  .addOption(flag.mass())
  .addOption(flag.thrust())
  .addOption(flag.battery())
  .addOption(flag.wind())
  .addOption(flag.yaw())
  .addOption(
    new Option("--serial <port>", "let the board at this serial port fly the simulated drone").conflicts(
      "udp",
    ),
  )
  .option("--udp <host:port>", "the same, over a UDP bridge")
  .addOption(flag.protocol())
  .option("--npz", "write flight.npz too: the flight and its spikes as NumPy arrays")
  .option("--spikes", "write spikes.csv too: a line for each spike")
  .option("--nirdata", "write spikes.nir too: spikes by the nodes that export nir writes, as NIRData")
  .addOption(flag.out())
  .addOption(flag.json())
  .addHelpText(
    "after",
    examples(
      "fly --trajectory figure-eight --out flight",
      "fly --trajectory circle --wind 10 --seconds 20",
      "fly --serial /dev/ttyACM0",
    ),
  )
  .action(fly);

program
  .command("info")
  .description("describe a policy or checkpoint file, and replay the example in it")
  .argument("[file]", "the shipped policy by default")
  .addOption(flag.json())
  .action(info);

program
  .command("identify")
  .description("find what drone flew a log: thrust, inertia, motor lag, delay, each with its uncertainty")
  .argument("<log>", "file of a Crazyflie's SD card, or CSV as cfclient writes it or with --columns")
  .addOption(flag.airframe())
  .addOption(flag.columns())
  .addOption(
    new Option("--fit <names>", "what is not known, with commas; mass or thrust, not both").argParser(
      parseFit,
    ),
  )
  .option("--out <file>", "write the drone as an airframe, for --airframe")
  .addOption(flag.json())
  .addHelpText(
    "after",
    examples("identify flight.csv --out mine.json", "evaluate --alone --airframe mine.json --delay 4"),
  )
  .action(identifyLog);

program
  .command("replay")
  .description("say what a policy would have done in a logged flight, and how far the simulator is from it")
  .argument("<log>", "as identify takes it, with a target")
  .option("--policy <file>", "policy file; the shipped one by default")
  .addOption(flag.airframe())
  .addOption(flag.columns())
  .addOption(flag.json())
  .action(replay);

program
  .command("narrow")
  .description("halve the weights of a spiking policy: i8 with a scale per neuron; score both")
  .argument("[policy]", "policy file; the shipped one by default")
  .requiredOption("--out <file>", "file to write")
  .addOption(flag.workers())
  .addOption(flag.json())
  .action(narrow);

addExchangeCommands(program);

program
  .command("firmware")
  .description("firmware for a Crazyflie, a Teensy 4.0, or any board")
  .command("build")
  .description(
    "make firmware from a policy file: an app of the Crazyflie's own, a Teensy library, or plain C",
  )
  .option("--policy <file>", "policy file; the shipped one by default")
  .addOption(flag.out().makeOptionMandatory())
  .addOption(nameFlag("--target <board>", "what flies; crazyflie by default", LIBRARY_TARGETS))
  .addOption(flag.protocol())
  .addOption(
    nameFlag(
      "--weights <place>",
      "where a Teensy has the weights while it flies; ram by default",
      LIBRARY_WEIGHTS,
    ),
  )
  .addOption(flag.json())
  .addHelpText(
    "after",
    examples(
      "firmware build --policy runs/one/policy.safetensors --out app",
      "firmware build --target teensy --out Spikewing --weights flash",
      "firmware build --target generic --out policy-in-c",
    ),
  )
  .action(buildFirmware);

program
  .command("sweep")
  .description("train every run of a list with every seed; a second call goes on with the same sweep")
  .argument("<file>", "JSON list of runs (spikewing schema sweep)")
  .addOption(flag.out())
  .addOption(flag.engine())
  .addOption(flag.parallelRuns())
  .addOption(flag.json())
  .action(sweep);

program.command("sweep-task", { hidden: true }).argument("<folder>").action(sweepTask);

program
  .command("experiment")
  .description("do an experiment of the paper, or all; a second call goes on with the same one")
  .addArgument(new Argument("<name>", "what is asked").choices(EXPERIMENT_CHOICES))
  .addOption(flag.scale())
  .addOption(flag.out())
  .addOption(flag.engine())
  .addOption(flag.parallelRuns())
  .addOption(flag.json())
  .addHelpText(
    "after",
    examples("experiment list", "experiment gradients --scale smoke", "experiment all --workers 2"),
  )
  .action(experiment);

program
  .command("demo")
  .description("train with the fast preset, score, fly; a second call goes on with the same run")
  .addOption(flag.seed())
  .addOption(flag.config())
  .addOption(flag.out())
  .addOption(flag.workers())
  .addOption(flag.json())
  .action(demo);

program
  .command("schema")
  .description("print the JSON Schema of a file, for an editor that completes and checks")
  .addArgument(new Argument("<file>", "what the file describes").choices(Object.keys(SCHEMAS)))
  .action(printSchema);

program
  .command("doctor")
  .description("say what is installed, whether it works, and what each missing tool would enable")
  .addOption(flag.json())
  .action(doctor);

/** Commands within commands, such as export nir, are the ones that do something. */
const actingCommands = ({ commands }: Command): Command[] =>
  commands.flatMap((command) => (command.commands.length > 0 ? actingCommands(command) : [command]));

for (const command of actingCommands(program)) command.addOption(flag.quiet());
program.hook("preAction", (_, command) => {
  if (command.opts().quiet) silenceNotes();
});
completions(program, { completionCommandName: "completion" });

guardOutput();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error) || process.exitCode; // help that nobody could read is no success
}
