import { DEFAULT_TASK, type FloatNetwork, parseField, taskSchema } from "@spikewing/rl";
import { type ImportFlags, importAndScore } from "../import-and-score.js";
import { readInput } from "../input-file.js";
import { requireNew } from "../whole-file.js";
import { decodeGraph } from "./graph.js";
import { decodeHdf5 } from "./hdf5.js";
import { networkOfGraph, originOf } from "./import-graph.js";
import type { ProfileName } from "./profiles.js";

export interface ImportNirFlags extends ImportFlags {
  readonly profile?: ProfileName;
}

/** A file of ours says that its neurons reset as ours do, which the graph has no field for. */
const withOwnReset = ({ hidden, readOut }: FloatNetwork): FloatNetwork => ({
  hidden: hidden.map(({ reset, ...layer }) => layer),
  readOut,
});

/** Makes a policy file of a NIR graph, and scores it. */
export async function importNir(file: string, flags: ImportNirFlags): Promise<void> {
  requireNew(flags.out);
  const graph = decodeGraph(await decodeHdf5(readInput(file, "policy"), file), file);
  const origin = originOf(graph, file);
  const profile = flags.profile ?? origin?.profile ?? "plain";
  const read = networkOfGraph(graph, profile, file);
  const network = origin ? withOwnReset(read) : read;
  const trained =
    origin?.task === undefined ? DEFAULT_TASK : parseField(file, "metadata: task", origin.task, taskSchema);
  const formats = origin?.profile === "plain" && profile === "plain" ? origin.shape : undefined;
  importAndScore({
    file,
    network,
    trained,
    source: { format: "NIR", profile },
    told: [`profile  ${profile}`],
    formats,
    flags,
  });
}
