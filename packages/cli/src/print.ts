import { CoreMemoryError } from "@spikewing/core";
import { SpikewingError } from "@spikewing/rl";
import { CommanderError } from "commander";
import { toJson } from "./whole-file.js";

/** A result for a machine (`json`) or for a person, on standard output. */
export function printResult(json: boolean | undefined, result: object, lines: readonly string[]): void {
  process.stdout.write(json ? toJson(result) : `${lines.join("\n")}\n`);
}

let quiet = false;

/** From now on nothing goes along with a result: --quiet. */
export function silenceNotes(): void {
  quiet = true;
}

/** Whether a bar may be drawn on standard error. */
export const showsBars = (): boolean => process.stderr.isTTY && !quiet;

/** What goes along with a result, on standard error. */
export function printNote(text: string): void {
  if (!quiet) process.stderr.write(`${text}\n`);
}

const printError = (text: string) => process.stderr.write(`${text}\n`);

/** Columns as wide as their widest cell; the first is flush left, the others right. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** `1 h 02 min`, `3 min 05 s`, `12 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return whole >= 60 ? `${Math.floor(whole / 60)} min ${two(whole % 60)} s` : `${whole} s`;
}

function tellMemory({ message }: CoreMemoryError): SpikewingError {
  const remedy = "raise the limit, such as ulimit -v: a core reserves addresses for far more than it uses";
  return new SpikewingError("core", message, remedy);
}

/** One line for a fault of the user's; the exit code. Anything else is a fault of ours and keeps its stack. */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode; // has printed itself
  const told = error instanceof CoreMemoryError ? tellMemory(error) : error;
  if (told instanceof SpikewingError) printError(`error: ${told.message}`);
  else printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}
