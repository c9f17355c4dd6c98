import completions from "@bomb.sh/tab/commander";
import { cutShort, printable } from "@spikewing/rl";
import { Argument, Command } from "commander";
import { deferred } from "./deferred.js";
import { addExchangeCommands } from "./exchange-commands.js";
import { examples, flag } from "./flags.js";
import { addFlightCommands } from "./flight-commands.js";
import { silenceNotes } from "./print.js";
import { SCHEMA_NAMES } from "./schema-names.js";
import { addTrainingCommands } from "./training-commands.js";
import { VERSION } from "./version.js";

/** Commands within commands, such as export nir, are the ones that do something. */
export const actingCommands = ({ commands }: Command): Command[] =>
  commands.flatMap((command) => (command.commands.length > 0 ? actingCommands(command) : [command]));

/** The command line: every command and its flags. */
export function createProgram(): Command {
  const program = new Command("spikewing")
    .description("Train, evaluate and fly spiking policies for a quadrotor")
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${cutShort(printable(text.trim()), 1000)}\n`) });
  addTrainingCommands(program);
  addFlightCommands(program);
  addExchangeCommands(program);

  program
    .command("schema")
    .description("print the JSON Schema of a file, for an editor that completes and checks")
    .addArgument(new Argument("<file>", "what the file describes").choices(SCHEMA_NAMES))
    .addHelpText("after", examples("schema config > config.schema.json"))
    .action(deferred(async () => (await import("./schema.js")).printSchema));

  program
    .command("doctor")
    .description("say what is installed, whether it works, and what each missing tool would enable")
    .addOption(flag.json())
    .addHelpText("after", examples("doctor", "doctor --json"))
    .action(deferred(async () => (await import("./doctor.js")).doctor));

  for (const command of actingCommands(program)) command.addOption(flag.quiet());
  program.hook("preAction", (_, command) => {
    if (command.opts().quiet) silenceNotes();
  });
  completions(program, { completionCommandName: "completion" });
  const completion = program.commands.find((command) => command.name() === "completion")!;
  completion.addHelpText("after", examples("completion bash > spikewing-completion.bash"));
  return program;
}
