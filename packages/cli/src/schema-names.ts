/** Files that a user writes, which have a schema. */
export const SCHEMA_NAMES = [
  "adapter",
  "tensor-names",
  "airframe",
  "bounds",
  "config",
  "noise",
  "reward",
  "start",
  "log-columns",
  "sweep",
] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];
