import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { SpikewingError, shown } from "@spikewing/rl";

/** What the system says, such as "no such file or directory". */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[A-Z]+: /, "").replace(/, \w+( '.*)?$/, "");
}

/** Runs what reads `path`. @throws SpikewingError naming it when the system refuses. */
export function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SpikewingError(path, `cannot be read: ${reason(error)}`);
  }
}

/** @throws SpikewingError naming the file when it cannot be read. */
export function readInput(path: string): Uint8Array {
  return reading(path, () => readFileSync(path));
}

/** Runs what writes to `path`. @throws SpikewingError naming it when the system refuses. */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new SpikewingError(path, `cannot be written: ${reason(error)}`);
  }
}

/** Writes a file whole to a temporary name beside it, then renames it: nobody ever sees a part of it. */
export function writeWhole(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writing(path, () => {
    try {
      writeFileSync(temporary, data, { flush: true });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** JSON as files and standard output have it; what is not finite becomes null. */
export const toJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** @throws SpikewingError naming the file when it is not a JSON object. */
export function readJsonObject(path: string): Readonly<Record<string, unknown>> {
  const text = new TextDecoder().decode(readInput(path));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SpikewingError(path, `is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SpikewingError(path, `holds ${shown(value)}; expected an object`);
  }
  return value as Record<string, unknown>;
}
