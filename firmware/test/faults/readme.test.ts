import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FAULTS } from "./faults.js";
import { FLASH_FAULTS } from "./flash-faults.js";
import { LEGACY_FAULTS } from "./legacy-faults.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** The first column of the table that begins with this header. */
function faultsOfTable(header: string): string[] {
  const start = readme.indexOf(header);
  const rows = readme.slice(start, readme.indexOf("\n\n", start)).split("\n").slice(2);
  return rows.flatMap((row) =>
    row
      .split(" | ")[0]!
      .replace("| ", "")
      .split(/, (?=\w+ above)/),
  );
}

test("the tables of fail-safes in README.md name every fault that is tested, and no other", () => {
  const tested = [...Object.keys(FAULTS), ...Object.keys(FLASH_FAULTS)];
  expect(faultsOfTable("| fault | response").sort()).toEqual(tested.sort());
  expect(faultsOfTable("| fault, authors' frames").sort()).toEqual(Object.keys(LEGACY_FAULTS).sort());
});
