import { type Adapter, adaptNetwork, sizesFor } from "../exchange/adapter.js";
import { type FoundNetwork, networkOfTensors } from "./network-of-tensors.js";
import { readStateDict } from "./state-dict.js";
import { guessNames, type TensorNames } from "./tensor-names.js";

/** How a file is to be read, where it does not say so itself. */
export interface TorchReading {
  /** snnTorch's by default. */
  readonly names?: TensorNames | undefined;
  readonly adapter?: Adapter | undefined;
}

export interface FoundInTorch extends FoundNetwork {
  readonly names: TensorNames;
}

/** The network in a state dict, for importNetwork(). @throws SpikewingError naming `place`, the tensor and the reason. */
export function readTorch(
  file: Uint8Array,
  { names: given, adapter }: TorchReading,
  place: string,
): FoundInTorch {
  const dict = readStateDict(file, place);
  const names = given ?? guessNames(dict, place);
  const found = networkOfTensors(dict, names, place, sizesFor(adapter));
  return { ...found, names, network: adaptNetwork(found.network, adapter, place) };
}
