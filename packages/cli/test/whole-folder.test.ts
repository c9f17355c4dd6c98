import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { type OlderFolder, writeWholeFolder } from "../src/whole-folder.js";

const OLDER: OlderFolder = { paths: new Set(["mark", "a/old", "a/new"]), mark: ["mark", "ours"] };
const bytes = (text: string) => new TextEncoder().encode(text);

/** Files to write, and what somebody else does as soon as the writing of them begins. */
class BusyFiles extends Map<string, Uint8Array> {
  constructor(
    files: readonly (readonly [string, Uint8Array])[],
    private readonly meanwhile: () => void,
  ) {
    super(files);
  }
  override *[Symbol.iterator](): MapIterator<[string, Uint8Array]> {
    this.meanwhile();
    yield* super[Symbol.iterator]();
  }
}

const FILES = [
  ["mark", bytes("ours, new")],
  ["a/new", bytes("new")],
] as const;

describe("a file that somebody puts into the folder meanwhile", () => {
  test("stays beside those that are written into an empty folder", () => {
    const folder = newFolder();
    writeWholeFolder(folder, new BusyFiles(FILES, () => writeFileSync(join(folder, "theirs"), "t")), OLDER);
    expect(readdirSync(folder).sort()).toEqual(["a", "mark", "theirs"]);
    expect(readFileSync(join(folder, "theirs"), "utf8")).toBe("t");
  });

  test("stays where a folder is to be made, which is refused", () => {
    const folder = join(newFolder(), "new");
    const files = new BusyFiles(FILES, () => {
      mkdirSync(folder);
      writeFileSync(join(folder, "theirs"), "t");
    });
    expect(() => writeWholeFolder(folder, files, OLDER)).toThrow(/new: cannot be written: .*not empty/);
    expect(readdirSync(join(folder, ".."))).toEqual(["new"]);
    expect(readdirSync(folder)).toEqual(["theirs"]);
  });

  test("stays in the place of one to be written, and the older files are put back", () => {
    const folder = newFolder();
    mkdirSync(join(folder, "a"));
    writeFileSync(join(folder, "mark"), "ours, old");
    writeFileSync(join(folder, "a/old"), "old");
    const files = new BusyFiles(FILES, () => writeFileSync(join(folder, "a/new"), "t"));
    expect(() => writeWholeFolder(folder, files, OLDER)).toThrow(/cannot be written: file already exists/);
    expect(readdirSync(folder).sort()).toEqual(["a", "mark"]);
    expect(readdirSync(join(folder, "a")).sort()).toEqual(["new", "old"]);
    expect(["mark", "a/old", "a/new"].map((path) => readFileSync(join(folder, path), "utf8"))).toEqual([
      "ours, old",
      "old",
      "t",
    ]);
  });
});

test("a folder with names of ours and without the mark is somebody else's", () => {
  const folder = newFolder();
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a/old"), "theirs");
  const write = () => writeWholeFolder(folder, new Map(FILES), OLDER);
  expect(write).toThrow(/is not empty: it holds a\/old; /);
  writeFileSync(join(folder, "mark"), "theirs");
  expect(write).toThrow(/is not empty: it holds a\/old; /);
  expect(existsSync(join(folder, "a/new"))).toBe(false);
});
