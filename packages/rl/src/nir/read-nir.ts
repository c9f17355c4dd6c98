import { type Adapter, adaptNetwork, sizesFor } from "../exchange/adapter.js";
import type { FloatNetwork } from "../float-network.js";
import { parseField } from "../json-field.js";
import type { SpikingShape } from "../layers.js";
import { taskSchema } from "../run-config.js";
import { DEFAULT_TASK, type Task } from "../task.js";
import { decodeGraph } from "./graph.js";
import { decodeHdf5 } from "./hdf5.js";
import { networkOfGraph, originOf } from "./import-graph.js";
import type { ProfileName } from "./profiles.js";

/** How a file is to be read, where it does not say so itself. */
export interface NirReading {
  /** The tool that wrote it; a file of ours says it, of another it is `plain` by default. */
  readonly profile?: ProfileName | undefined;
  readonly adapter?: Adapter | undefined;
}

export interface FoundInNir {
  readonly network: FloatNetwork;
  readonly profile: ProfileName;
  /** What it was trained for, as a file of ours says. */
  readonly trained: Task;
  /** Number formats of the policy that it has come out of without a loss. */
  readonly formats?: SpikingShape | undefined;
}

/** A file of ours says that its neurons reset as ours do, which the graph has no field for. */
const withOwnReset = ({ hidden, readOut }: FloatNetwork): FloatNetwork => ({
  hidden: hidden.map(({ reset, ...layer }) => layer),
  readOut,
});

/** The network in a NIR file, for importNetwork(). @throws SpikewingError naming `place`, the node and the reason. */
export async function readNir(
  file: Uint8Array,
  { profile: wanted, adapter }: NirReading,
  place: string,
): Promise<FoundInNir> {
  const graph = decodeGraph(await decodeHdf5(file, place), place);
  const origin = originOf(graph, place);
  const profile = wanted ?? origin?.profile ?? "plain";
  const read = networkOfGraph(graph, profile, place, sizesFor(adapter));
  const network = adaptNetwork(origin ? withOwnReset(read) : read, adapter, place);
  const trained =
    origin?.task === undefined ? DEFAULT_TASK : parseField(place, "metadata: task", origin.task, taskSchema);
  const exact = adapter === undefined && origin?.profile === "plain" && profile === "plain";
  return { network, profile, trained, formats: exact ? origin.shape : undefined };
}
