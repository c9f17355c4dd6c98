import { airframeOf, digestOf, type LoggedRunConfig, parseAs, requireIdentity } from "@spikewing/rl";
import {
  type Experience,
  LOG_COLUMNS,
  type LogColumns,
  type LogColumnsName,
  logColumnsSchema,
  readFlightLog,
  readTransitions,
} from "@spikewing/rl/identification";
import { readInput, readJsonObject } from "./input-file.js";
import { decodeNpz, saysNpz } from "./npz.js";

const isName = (columns: string): columns is LogColumnsName => Object.hasOwn(LOG_COLUMNS, columns);

/** Of --columns: the name of a map, or a file that holds one; undefined where the log is to say. */
export function columnsOf(columns: string | undefined): LogColumns | undefined {
  if (columns === undefined) return undefined;
  if (isName(columns)) return LOG_COLUMNS[columns];
  const { $schema, ...map } = readJsonObject(columns);
  return parseAs(logColumnsSchema, map, columns);
}

/** The files that a config names, and the config with the digests of what is in them. */
export function readLogs(config: LoggedRunConfig): {
  readonly config: LoggedRunConfig;
  readonly logs: readonly Experience[];
} {
  const { columns, files } = config.logs;
  const map = typeof columns === "string" ? LOG_COLUMNS[columns] : columns;
  const airframe = airframeOf(config.task.airframe);
  const logs = files.map(({ file, sha256 }) => {
    const bytes = readInput(file, "log");
    const digest = digestOf(bytes);
    if (sha256 !== undefined) requireIdentity({ sha256: digest }, { sha256 }, file, "the run began with");
    if (saysNpz(bytes)) return readTransitions(decodeNpz(bytes, file), file, digest);
    return readFlightLog(bytes, map, airframe, file);
  });
  const known = files.map(({ file }, i) => ({ file, sha256: logs[i]!.sha256 }));
  return { config: { ...config, logs: { ...config.logs, files: known } }, logs };
}
