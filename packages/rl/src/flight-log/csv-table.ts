import { csvParse } from "d3-dsv";
import { SpikewingError } from "../spikewing-error.js";
import type { LogTable } from "./log-table.js";

/** A CSV with a line of names, and one line a sample. */
export function csvTable(text: string, place: string): LogTable {
  const table = csvParse(text);
  const nameRow = (row: number) => `row ${row + 2}`;
  return {
    columns: table.columns,
    nameRow,
    values: (column) =>
      table.map((row, i) => {
        const value = Number(row[column]);
        if (row[column]?.trim() && Number.isFinite(value)) return value;
        const found = row[column] ?? "nothing";
        throw new SpikewingError(place, `${nameRow(i)}, ${column}: ${found}; expected a number`);
      }),
  };
}
