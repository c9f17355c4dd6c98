import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { SpikewingError } from "@spikewing/rl";
import { holdAt } from "./hold.js";

/** What the system says, such as "no such file or directory". */
export function systemReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[A-Z]+: /, "").replace(/, \w+( '.*)?$/, "");
}

/** Runs what writes to `path`. @throws SpikewingError naming it when the system refuses. */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new SpikewingError(path, `cannot be written: ${systemReason(error)}`);
  }
}

/** @throws SpikewingError where something lies there, before work is spent on what would replace it. */
export function requireNew(path: string): void {
  if (existsSync(path)) throw new SpikewingError(path, "exists already; expected a new file");
}

/** Writes a file whole to a temporary name beside it, then renames it: nobody ever sees a part of it. */
export function writeWhole(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writing(path, () => {
    try {
      writeFileSync(temporary, data, { flush: true });
      holdAt(`before ${basename(path)}`);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/**
 * Makes a folder and those that it lies in, where they are not there yet. Node's own recursion never ends in a place such
 * as /proc, where "no such file or directory" is said of the folder to be made.
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!isFolder(path)) throw error; // else somebody else has made it just now
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** JSON as files and standard output have it; what is not finite becomes null. */
export const toJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
