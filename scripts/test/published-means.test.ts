import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../root.mjs";

const documents = execFileSync("git", ["ls-files", "*.md"], { cwd: ROOT, encoding: "utf8" })
  .trimEnd()
  .split("\n")
  .filter((file) => file !== "docs/REFERENCE.md"); // what others have published, as they did

const cellsOf = (line: string) => line.split("|").slice(1, -1);

/**
 * Mean returns of a document's tables that do not say how certain they are: neither "482.6 +- 0.5", nor by a figure for
 * the standard error above in the section. The paper's rows are as the paper has them; a mean over seeds has its deviation.
 */
function bareMeans(file: string, text: string): string[] {
  const found: string[] = [];
  let section = "";
  let header: readonly string[] | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    if (!line.startsWith("|")) {
      section = line.startsWith("#") ? line : `${section} ${line}`;
      header = undefined;
      continue;
    }
    if (!header) {
      header = cellsOf(line).map((cell) => cell.trim());
      continue;
    }
    const cells = cellsOf(line);
    if (
      /standard errors? (?:of |is |are )?\d/i.test(section) ||
      /^ (the )?paper|deviation/.test(cells[0] ?? "")
    )
      continue;
    for (const [column, cell] of cells.entries())
      if (/^return\b/.test(header[column] ?? "") && /\d/.test(cell) && !/\d \+- \d/.test(cell))
        found.push(`${file}:${i + 1}: ${cell.trim()}`);
  }
  return found;
}

test("every mean return in a table carries its standard error", () => {
  const found = documents.flatMap((file) => bareMeans(file, readFileSync(join(ROOT, file), "utf8")));
  expect(found).toEqual([]);
});

test("a mean without one is found, and only that", () => {
  const table = (above: string, ...rows: string[]) =>
    [above, "", "| | return | crashed |", "| --- | --- | --- |", ...rows, "", "after"].join("\n");
  const bare = "| seed 1 | 440.5 | 2.4 % |";
  expect(bareMeans("a.md", table("100 episodes.", bare))).toEqual(["a.md:5: 440.5"]);
  expect(bareMeans("a.md", table("Standard error 10 to 14.", bare))).toEqual([]);
  const whole = ["| seed 1 | 440.5 +- 12.0 | 2.4 % |", "| paper, 5 seeds | 412 | |", "| seed 2 | | |"];
  expect(bareMeans("a.md", table("100 episodes.", ...whole))).toEqual([]);
  const twice = (above: string) => [table("Standard error 10.", bare), table(above, bare)].join("\n");
  expect(bareMeans("a.md", twice("More of them."))).toEqual([]);
  expect(bareMeans("a.md", twice("## Another section"))).toEqual(["a.md:12: 440.5"]);
});
