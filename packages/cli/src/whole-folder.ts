import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SpikewingError } from "@spikewing/rl";
import { makeFolder, writing } from "./whole-file.js";

/**
 * Writes a folder of files by path, whole or not at all: into a temporary one beside it, which is then renamed.
 *
 * @throws SpikewingError naming the folder when something lies there already, or the system refuses
 */
export function writeWholeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  const temporary = `${folder.replace(/[/\\]+$/, "")}.${process.pid}.tmp`;
  writing(folder, () => {
    if (readFolder(folder).length > 0)
      throw new SpikewingError(folder, "is not empty; expected a new or empty folder");
    try {
      for (const [path, bytes] of files) {
        const file = join(temporary, path);
        makeFolder(dirname(file));
        writeFileSync(file, bytes);
      }
      rmSync(folder, { recursive: true, force: true }); // empty
      renameSync(temporary, folder);
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
  });
}

/** What lies in a folder; nothing where there is none. */
function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
