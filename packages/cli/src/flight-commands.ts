import { LIBRARY_TARGETS, LIBRARY_WEIGHTS } from "@spikewing/firmware/library-options";
import { type Command, Option } from "commander";
import { deferred } from "./deferred.js";
import { examples, flag, nameFlag, numberFlag } from "./flags.js";

/** Adds what is done with a policy or a flight. */
export function addFlightCommands(program: Command): void {
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
    .action(deferred(async () => (await import("./evaluate.js")).evaluate));

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
    .action(deferred(async () => (await import("./fly.js")).fly));

  program
    .command("info")
    .description("describe a policy or checkpoint file, and replay the example in it")
    .argument("[file]", "the shipped policy by default")
    .addOption(flag.json())
    .addHelpText(
      "after",
      examples("info runs/one/policy.safetensors", "info runs/one/checkpoint.safetensors --json"),
    )
    .action(deferred(async () => (await import("./info.js")).info));

  program
    .command("identify")
    .description("find what drone flew a log: thrust, inertia, motor lag, delay, each with its uncertainty")
    .argument("<log>", "file of a Crazyflie's SD card, or CSV as cfclient writes it or with --columns")
    .addOption(flag.airframe())
    .addOption(flag.columns())
    .option("--fit <names>", "what is not known, with commas; mass or thrust, not both")
    .option("--out <file>", "write the drone as an airframe, for --airframe")
    .addOption(flag.json())
    .addHelpText(
      "after",
      examples("identify flight.csv --out mine.json", "evaluate --alone --airframe mine.json --delay 4"),
    )
    .action(deferred(async () => (await import("./identify.js")).identifyLog));

  program
    .command("replay")
    .description("say what a policy would have done in a logged flight, and how far the simulator is from it")
    .argument("<log>", "as identify takes it, with a target")
    .option("--policy <file>", "policy file; the shipped one by default")
    .addOption(flag.airframe())
    .addOption(flag.columns())
    .addOption(flag.json())
    .addHelpText("after", examples("replay flight.csv --policy runs/one/policy.safetensors"))
    .action(deferred(async () => (await import("./replay.js")).replay));

  program
    .command("narrow")
    .description("halve the weights of a spiking policy: i8 with a scale per neuron; score both")
    .argument("[policy]", "policy file; the shipped one by default")
    .requiredOption("--out <file>", "file to write")
    .addOption(flag.workers())
    .addOption(flag.json())
    .addHelpText("after", examples("narrow runs/one/policy.safetensors --out narrow.safetensors"))
    .action(deferred(async () => (await import("./narrow.js")).narrow));

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
    .action(deferred(async () => (await import("./firmware-build.js")).buildFirmware));
}
