import { SpikewingError } from "../spikewing-error.js";

/** The samples of a log by column, whatever file they come from. */
export interface LogTable {
  readonly columns: readonly string[];
  /** What a message calls a sample, counted from 0. */
  nameRow(row: number): string;
  /** Of a column that is there. @throws SpikewingError naming the sample that holds no number. */
  values(column: string): number[];
}

/** A column in other units. @throws SpikewingError where it is missing, or holds something else than numbers. */
export function readColumn(table: LogTable, name: string, unit: number, place: string): number[] {
  if (table.columns.includes(name)) return table.values(name).map((value) => value * unit);
  const there = table.columns.slice(0, 12).join(", ");
  throw new SpikewingError(place, `has no column ${name}; its columns are ${there || "none"}`);
}
