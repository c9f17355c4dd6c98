import { PROFILES } from "@spikewing/rl/nir-profiles";
import type { Command } from "commander";
import { deferred } from "./deferred.js";
import { examples, flag, nameFlag } from "./flags.js";

/** Adds `export` and `import`, which give policies to other tools and take theirs. */
export function addExchangeCommands(program: Command): void {
  const exports = program
    .command("export")
    .description("write a policy, or what one has learned from, as other tools have theirs");
  exports
    .command("nir")
    .description("write a policy as a NIR graph, and say what NIR has no word for")
    .argument("<file>", "file to write")
    .option("--policy <file>", "policy file; the shipped one by default")
    .addOption(
      nameFlag("--profile <name>", "tool that reads it; plain loses nothing on the way back", PROFILES),
    )
    .addOption(flag.json())
    .addHelpText("after", examples("export nir hover.nir", "export nir hover.nir --profile snntorch"))
    .action(deferred(async () => (await import("./nir/export-nir.js")).exportNir));
  exports
    .command("onnx")
    .description("write a dense policy or a GRU as an ONNX model")
    .argument("<file>", "file to write")
    .requiredOption("--policy <file>", "policy file that does not spike")
    .addOption(flag.json())
    .addHelpText("after", examples("export onnx ann.onnx --policy runs/ann/policy.safetensors"))
    .action(deferred(async () => (await import("./onnx/export-onnx.js")).exportOnnx));
  exports
    .command("npz")
    .description("write the replay buffer of a run as NumPy arrays, named as in D4RL")
    .argument("<file>", "file to write")
    .requiredOption("--run <dir>", "run folder of an algorithm that has one")
    .addOption(flag.json())
    .addHelpText(
      "after",
      examples("export npz buffer.npz --run runs/one", "train --algorithm td3bc --logs buffer.npz"),
    )
    .action(deferred(async () => (await import("./export-npz.js")).exportNpz));

  const imports = program.command("import").description("make a policy file of another tool's network");
  imports
    .command("nir")
    .description("quantise a NIR graph of 18 inputs and 4 outputs, and say what is lost; score it")
    .argument("<file>", "NIR file")
    .requiredOption("--out <file>", "policy file to write")
    .addOption(
      nameFlag(
        "--profile <name>",
        "tool that wrote it, which knows its step; a file of ours says it",
        PROFILES,
      ),
    )
    .addOption(flag.adapter())
    .addOption(flag.episodes())
    .addOption(flag.workers())
    .addOption(flag.json())
    .addHelpText("after", examples("import nir hover.nir --profile snntorch --out hover.safetensors"))
    .action(deferred(async () => (await import("./nir/import-nir.js")).importNir));
  imports
    .command("torch")
    .description("quantise a state dict of PyTorch, with snnTorch's neurons, and say what is lost; score it")
    .argument("<file>", "file of torch.save, or safetensors")
    .requiredOption("--out <file>", "policy file to write")
    .option("--names <file>", "JSON file that says which tensor is what; snnTorch's names by default")
    .addOption(flag.adapter())
    .addOption(flag.episodes())
    .addOption(flag.workers())
    .addOption(flag.json())
    .addHelpText(
      "after",
      examples(
        "import torch net.pth --out hover.safetensors",
        "import torch net.safetensors --names names.json --out hover.safetensors",
      ),
    )
    .action(deferred(async () => (await import("./torch/import-torch.js")).importTorch));

  imports
    .command("l2f")
    .description(
      "take over an actor of learning-to-fly, which can fly and guide, checked by its own example; score it",
    )
    .argument("<file>", "actor.h, or the checkpoint (.h5) beside it")
    .requiredOption("--out <file>", "policy file to write")
    .addOption(flag.episodes())
    .addOption(flag.workers())
    .addOption(flag.json())
    .addHelpText(
      "after",
      examples(
        "import l2f actor.h --out l2f.safetensors",
        "train --algorithm distil --guide l2f.safetensors --out runs/taught",
      ),
    )
    .action(deferred(async () => (await import("./l2f/import-l2f.js")).importL2f));
}
