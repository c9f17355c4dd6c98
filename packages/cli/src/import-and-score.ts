import { basename } from "node:path";
import { loadCore } from "@spikewing/core/node";
import {
  encodePolicy,
  type FloatNetwork,
  importNetwork,
  networkSizes,
  type SpikingShape,
  type Task,
} from "@spikewing/rl";
import { describeScores, formatScores, recordScore, scorePolicy, taskOf } from "./evaluate.js";
import { formatImport } from "./import-report.js";
import { printResult } from "./print.js";
import { writeWhole } from "./whole-file.js";
import { defaultWorkers } from "./workers.js";

export interface ImportFlags {
  readonly out: string;
  readonly episodes?: number;
  readonly workers?: number;
  readonly json?: boolean;
}

interface Found {
  readonly file: string;
  readonly network: FloatNetwork;
  readonly trained: Task;
  /** What the policy's record says that it came from, beside the file. */
  readonly source: { readonly format: string } & Readonly<Record<string, unknown>>;
  /** How it was read, a line each. */
  readonly told: readonly string[];
  readonly formats?: SpikingShape | undefined;
  readonly flags: ImportFlags;
}

/** Writes the policy that a network of another tool becomes, with its score on record. */
export function importAndScore({ file, network, trained, source, told, formats, flags }: Found): void {
  const { policy: bare, report } = importNetwork(loadCore(), network, trained, file, formats);
  const origin = { ...source, file: basename(file) };
  const task = taskOf(bare, {}); // without what training varied
  const workers = flags.workers ?? defaultWorkers();
  const policy = recordScore({ ...bare, record: { ...bare.record, source: origin } }, task, workers);
  writeWhole(flags.out, encodePolicy(policy));
  const scores = [{ role: "policy", file: flags.out, ...scorePolicy(policy, task, workers, flags.episodes) }];
  const sizes = networkSizes(network);
  printResult(
    flags.json,
    { source: { ...origin, file }, sizes, ...report, ...describeScores(task, scores) },
    [
      `${file}: ${sizes.join("-")}`,
      ...told,
      ...formatImport(report),
      ...formatScores(task, scores),
      `wrote ${flags.out}`,
    ],
  );
}
