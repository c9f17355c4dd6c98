import { basename } from "node:path";
import { loadCore } from "@spikewing/core/node";
import {
  encodePolicy,
  type FloatNetwork,
  importNetwork,
  networkSizes,
  type Policy,
  parseAs,
  type SpikingShape,
  type Task,
} from "@spikewing/rl";
import { type Adapter, adapterSchema } from "@spikewing/rl/exchange";
import { describeScores, formatScores, recordScore, scoreEntrants, taskOf } from "./evaluate.js";
import { formatImport } from "./import-report.js";
import { readJsonObject } from "./input-file.js";
import { printResult } from "./print.js";
import { writeWhole } from "./whole-file.js";
import { defaultWorkers } from "./workers.js";

export interface ImportFlags {
  readonly out: string;
  readonly episodes?: number;
  readonly workers?: number;
  readonly json?: boolean;
}

export interface AdapterFlags extends ImportFlags {
  readonly adapter?: string;
}

/** What a user says that a network's inputs and outputs are. */
export function readAdapter({ adapter: file }: AdapterFlags): Adapter | undefined {
  if (file === undefined) return undefined;
  const { $schema, ...adapter } = readJsonObject(file);
  return parseAs(adapterSchema, adapter, file);
}

interface Imported {
  readonly file: string;
  /** What the policy's record says that it came from, beside the file. */
  readonly source: { readonly format: string } & Readonly<Record<string, unknown>>;
  /** How it was read, a line each. */
  readonly told: readonly string[];
  readonly flags: ImportFlags;
}

interface FoundNetwork extends Imported {
  readonly network: FloatNetwork;
  readonly trained: Task;
  readonly formats?: SpikingShape | undefined;
}

/** Writes the policy that a network of neurons which spike becomes, with its score on record. */
export function importAndScore({ network, trained, formats, told, ...imported }: FoundNetwork): void {
  const { policy, report } = importNetwork(loadCore(), network, trained, imported.file, formats);
  const sizes = networkSizes(network);
  scoreImported({ ...imported, policy, sizes, report, told: [...told, ...formatImport(report)] });
}

interface FoundPolicy extends Imported {
  readonly policy: Policy;
  readonly sizes: readonly number[];
  /** What the import has measured. */
  readonly report: object;
}

/** Writes a policy that another tool has made, with its score on record. */
export function scoreImported({ file, policy: bare, sizes, source, report, told, flags }: FoundPolicy): void {
  const origin = { ...source, file: basename(file) };
  const task = taskOf(bare, {}); // without what training varied
  const workers = flags.workers ?? defaultWorkers();
  const policy = recordScore({ ...bare, record: { ...bare.record, source: origin } }, task, workers);
  writeWhole(flags.out, encodePolicy(policy));
  const imported = { role: "policy", file: flags.out, policy };
  const scores = scoreEntrants("score", [imported], task, workers, flags.episodes);
  printResult(
    flags.json,
    { source: { ...origin, file }, sizes, ...report, ...describeScores(task, scores) },
    [`${file}: ${sizes.join("-")}`, ...told, ...formatScores(task, scores), `wrote ${flags.out}`],
  );
}
