import {
  constants,
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { SpikewingError } from "@spikewing/rl";
import { makeFolder, writing } from "./whole-file.js";

/** What an older folder of the same kind may hold, and how it is known. */
export interface OlderFolder {
  readonly paths: ReadonlySet<string>;
  /** Start of one of its files. */
  readonly mark: readonly [path: string, start: string];
}

/**
 * Writes a folder of files by path, whole or not at all. A new one is made beside its place and renamed. One that is there is
 * filled, so that whoever is in it sees the files; an older one's are taken out before, and put back if anything fails. No
 * file is ever removed or written over that was not among those.
 *
 * @throws SpikewingError naming the folder when something else lies there already, or the system refuses
 */
export function writeWholeFolder(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  older: OlderFolder,
): void {
  writing(folder, () => {
    const present = filesIn(folder);
    if (present !== undefined) requireOlder(folder, present, older);
    const place = resolve(folder);
    const temporary = `${present === undefined ? place : join(place, ".spikewing")}.${process.pid}.tmp`;
    try {
      writeFiles(temporary, files);
      if (present === undefined) renameSync(temporary, place);
      else exchange(place, present, temporary, [...files.keys()]);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
}

/** Paths of the files in a folder; undefined where there is no folder. */
function filesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
      .sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function requireOlder(
  folder: string,
  present: readonly string[],
  { paths, mark: [path, start] }: OlderFolder,
) {
  if (present.length === 0) return;
  const isOlder = present.includes(path) && readFileSync(join(folder, path), "utf8").startsWith(start);
  const other = isOlder ? present.find((name) => !paths.has(name)) : present[0];
  if (other === undefined) return;
  throw new SpikewingError(
    folder,
    `is not empty: it holds ${other}; expected a new or empty folder, or an older one of this kind and nothing else`,
  );
}

function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    makeFolder(dirname(join(folder, path)));
    writeFileSync(join(folder, path), bytes);
  }
}

/** Takes the files `present` out of `place` and puts those of `temporary` in; undone as a whole where a step fails. */
function exchange(
  place: string,
  present: readonly string[],
  temporary: string,
  paths: readonly string[],
): void {
  const undo: (() => void)[] = [];
  try {
    for (const path of present) {
      const [from, to] = [join(place, path), join(temporary, "taken out", path)];
      makeFolder(dirname(to));
      renameSync(from, to);
      undo.push(() => renameSync(to, from));
    }
    for (const path of paths) {
      const to = join(place, path);
      makeFolder(dirname(to));
      copyFileSync(join(temporary, path), to, constants.COPYFILE_EXCL); // what was put there meanwhile stays
      undo.push(() => rmSync(to));
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  } finally {
    for (const path of [...present, ...paths]) removeEmpty(place, dirname(path));
  }
}

/** Removes a folder below `place` and those that it lies in, as far as they are empty. */
function removeEmpty(place: string, path: string): void {
  if (path === ".") return;
  try {
    rmdirSync(join(place, path));
  } catch {
    return; // not empty
  }
  removeEmpty(place, dirname(path));
}
