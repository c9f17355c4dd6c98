import { DEFAULT_TASK, parseAs } from "@spikewing/rl";
import { readTorch, type TensorNames, tensorNamesSchema } from "@spikewing/rl/exchange";
import { type AdapterFlags, importAndScore, readAdapter } from "../import-and-score.js";
import { readInput, readJsonObject } from "../input-file.js";
import { requireNew } from "../whole-file.js";

export interface ImportTorchFlags extends AdapterFlags {
  readonly names?: string;
}

function readNames(file: string): TensorNames {
  const { $schema, ...names } = readJsonObject(file);
  return parseAs(tensorNamesSchema, names, file);
}

/** Makes a policy file of a PyTorch state dict, and scores it. */
export function importTorch(file: string, flags: ImportTorchFlags): void {
  requireNew(flags.out);
  const adapter = readAdapter(flags);
  const { network, names, clampedLeaks } = readTorch(
    readInput(file, "policy"),
    { names: flags.names === undefined ? undefined : readNames(flags.names), adapter },
    file,
  );
  importAndScore({
    file,
    network,
    trained: DEFAULT_TASK,
    source: { format: "PyTorch", names, ...(adapter && { adapter }) },
    told: [
      ...names.layers.map(
        (layer, l) =>
          `layer ${l + 1}  ${Object.entries(layer)
            .map(([what, name]) => `${what} ${name}`)
            .join(", ")}`,
      ),
      ...(clampedLeaks > 0
        ? [`${clampedLeaks} leaks outside 0 to 1 are clamped, as snnTorch's forward pass does`]
        : []),
    ],
    flags,
  });
}
