import { existsSync } from "node:fs";
import { basename } from "node:path";
import { loadCore } from "@spikewing/core/node";
import {
  DEFAULT_TASK,
  encodePolicy,
  type FloatNetwork,
  importNetwork,
  networkSizes,
  parseField,
  SpikewingError,
  taskSchema,
} from "@spikewing/rl";
import { describeScores, formatScores, recordScore, scorePolicy, taskOf } from "../evaluate.js";
import { formatImport } from "../import-report.js";
import { readInput } from "../input-file.js";
import { printResult } from "../print.js";
import { writeWhole } from "../whole-file.js";
import { defaultWorkers } from "../workers.js";
import { decodeGraph } from "./graph.js";
import { decodeHdf5 } from "./hdf5.js";
import { networkOfGraph, originOf } from "./import-graph.js";
import type { ProfileName } from "./profiles.js";

export interface ImportNirFlags {
  readonly out: string;
  readonly profile?: ProfileName;
  readonly episodes?: number;
  readonly workers?: number;
  readonly json?: boolean;
}

/** A file of ours says that its neurons reset as ours do, which the graph has no field for. */
const withOwnReset = ({ hidden, readOut }: FloatNetwork): FloatNetwork => ({
  hidden: hidden.map(({ reset, ...layer }) => layer),
  readOut,
});

/** Makes a policy file of a NIR graph, and scores it. */
export async function importNir(file: string, flags: ImportNirFlags): Promise<void> {
  if (existsSync(flags.out)) throw new SpikewingError(flags.out, "exists already; expected a new file");
  const graph = decodeGraph(await decodeHdf5(readInput(file, "policy"), file), file);
  const origin = originOf(graph, file);
  const profile = flags.profile ?? origin?.profile ?? "plain";
  const read = networkOfGraph(graph, profile, file);
  const network = origin ? withOwnReset(read) : read;
  const trained =
    origin?.task === undefined ? DEFAULT_TASK : parseField(file, "metadata: task", origin.task, taskSchema);
  const formats = origin?.profile === "plain" && profile === "plain" ? origin.shape : undefined;
  const { policy: bare, report } = importNetwork(loadCore(), network, trained, file, formats);
  const source = { format: "NIR", file: basename(file), profile };
  const task = taskOf(bare, {}); // without what training varied
  const workers = flags.workers ?? defaultWorkers();
  const policy = recordScore({ ...bare, record: { ...bare.record, source } }, task, workers);
  writeWhole(flags.out, encodePolicy(policy));
  const scores = [{ role: "policy", file: flags.out, ...scorePolicy(policy, task, workers, flags.episodes) }];
  const sizes = networkSizes(network);
  printResult(
    flags.json,
    { source: { ...source, file }, sizes, ...report, ...describeScores(task, scores) },
    [
      `${file}: ${sizes.join("-")}, profile ${profile}`,
      ...formatImport(report),
      ...formatScores(task, scores),
      `wrote ${flags.out}`,
    ],
  );
}
