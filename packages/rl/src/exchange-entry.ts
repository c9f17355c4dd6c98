/**
 * Networks of other tools. An entry of its own, as its libraries are large.
 *
 * @module @spikewing/rl/exchange
 */

export { type Adapter, adapterSchema, OBSERVATIONS } from "./exchange/adapter.js";
export { decodeGraph, type Edge, encodeGraph, type Graph, type Node, text } from "./nir/graph.js";
export {
  type Attributes,
  type Dataset,
  decodeHdf5,
  encodeHdf5,
  type Group,
  isDataset,
  isTexts,
  type NumberArray,
} from "./nir/hdf5.js";
export { GRAPH_FORMAT, networkOfGraph } from "./nir/import-graph.js";
export { LOSSES, PROFILES, type ProfileName, UNITS } from "./nir/profiles.js";
export { type FoundInNir, type NirReading, readNir } from "./nir/read-nir.js";
export { type FoundInTorch, readTorch, type TorchReading } from "./torch/read-torch.js";
export { type TensorNames, tensorNamesSchema } from "./torch/tensor-names.js";
