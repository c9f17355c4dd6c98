import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { writeWhole } from "../src/whole-file.js";

test("a file is replaced as a whole, with nothing left beside it", () => {
  const folder = newFolder();
  const path = join(folder, "file");
  writeFileSync(path, "old and longer");
  writeWhole(path, "new");
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("a file that cannot be replaced is named, stays, and leaves nothing beside it", () => {
  const folder = newFolder();
  mkdirSync(join(folder, "file", "inner"), { recursive: true });
  expect(() => writeWhole(join(folder, "file"), "new")).toThrow(/file: cannot be written: /);
  expect(readdirSync(folder)).toEqual(["file"]);
});
