import { closeSync, constants, fsyncSync, openSync, writeSync } from "node:fs";
import { SpikewingError } from "@spikewing/rl";
import { tryLock } from "fs-native-extensions";
import { reading, readOpen } from "./input-file.js";
import { writing } from "./whole-file.js";

/**
 * The record of a run, and the lock on its folder: whoever holds the system's lock on this file works there. The lock
 * ends with the process, however that ends, so there is none that could be left behind.
 */
export interface LockedRecord {
  readonly text: string;
  /** Writes an empty record: from then on the run is begun. */
  begin(text: string): void;
  release(): void;
}

/**
 * @param isNew whether the file may be made
 * @throws SpikewingError naming `path` when it cannot be opened, or another process works in the folder
 */
export function lockRecord(path: string, isNew: boolean): LockedRecord {
  const { O_RDWR, O_CREAT } = constants;
  const fd = isNew
    ? writing(path, () => openSync(path, O_RDWR | O_CREAT, 0o666))
    : reading(path, () => openSync(path, O_RDWR));
  try {
    if (!lock(path, fd))
      throw new SpikewingError(path, "is locked by another spikewing at work in this folder", "wait for it");
    const text = new TextDecoder().decode(reading(path, () => readOpen(fd, path, "json")));
    return {
      text,
      begin(record) {
        writing(path, () => {
          writeSync(fd, record);
          fsyncSync(fd);
        });
      },
      release: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function lock(path: string, fd: number): boolean {
  try {
    return tryLock(fd);
  } catch (error) {
    throw new SpikewingError(path, `cannot be locked: ${error instanceof Error ? error.message : error}`);
  }
}
