import { DEFAULT_TASK, parseAs } from "@spikewing/rl";
import { type ImportFlags, importAndScore } from "../import-and-score.js";
import { readJsonObject } from "../input-file.js";
import { requireNew } from "../whole-file.js";
import { networkOfTensors } from "./network-of-tensors.js";
import { readStateDict, type StateDict } from "./state-dict.js";
import { guessNames, type TensorNames, tensorNamesSchema } from "./tensor-names.js";

export interface ImportTorchFlags extends ImportFlags {
  readonly names?: string;
}

function readNames(file: string): TensorNames {
  const { $schema, ...names } = readJsonObject(file);
  return parseAs(tensorNamesSchema, names, file);
}

const namesOf = (dict: StateDict, place: string, file: string | undefined): TensorNames =>
  file === undefined ? guessNames(dict, place) : readNames(file);

/** Makes a policy file of a PyTorch state dict, and scores it. */
export function importTorch(file: string, flags: ImportTorchFlags): void {
  requireNew(flags.out);
  const dict = readStateDict(file);
  const names = namesOf(dict, file, flags.names);
  const { network, clampedLeaks } = networkOfTensors(dict, names, file);
  importAndScore({
    file,
    network,
    trained: DEFAULT_TASK,
    source: { format: "PyTorch", names },
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
