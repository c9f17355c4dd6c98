import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../root.mjs";

// What was measured to be untrue stays out of the documents.
const UNTRUE = [
  [/close to what the task allows/i, "99.4 % of the starts can be saved, and 480 to 483 is possible"],
  [/expect a bump/i, "handing back to a controller that was not held reset drops or launches the drone"],
  [/within Bitcraze's limits/i, "Bitcraze's integrals are limited only at 5000"],
  [/AI deck[^.]*UART1/i, "the AI deck is on UART2"],
] as const;

function untrueIn(file: string, text: string): string[] {
  const flowing = text.replace(/\s+/g, " ");
  return UNTRUE.flatMap(([claim, truth]) => (claim.test(flowing) ? [`${file}: ${truth}`] : []));
}

/** A document's sections whose heading begins so. */
function sections(text: string, heading: string): string[] {
  return text.split(/^#+ /m).filter((section) => section.startsWith(heading));
}

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const documents = execFileSync("git", ["ls-files", "*.md"], { cwd: ROOT, encoding: "utf8" })
  .trimEnd()
  .split("\n");

describe("documents", () => {
  test("do not say what was found untrue", () => {
    expect(documents.length).toBeGreaterThan(12);
    expect(documents.flatMap((file) => untrueIn(file, read(file)))).toEqual([]);
  });

  test("would be found saying it, even across lines", () => {
    expect(untrueIn("a.md", "A return of 446 is close to\nwhat the task allows.")).toHaveLength(1);
    expect(untrueIn("a.md", "At fall-back expect a bump.")).toHaveLength(1);
    expect(untrueIn("a.md", "The AI deck needs UART1 too.")).toHaveLength(1);
  });

  test("name the decks that clash with the Teensy's port", () => {
    expect(read("firmware/kit/FLYING.md").replace(/\s+/g, " ")).toMatch(
      /A Lighthouse deck or a Loco deck cannot be on board.* the Teensy has UART1.*The AI deck is on UART2/,
    );
  });

  test("tell of tuning with episodes that are not reserved", () => {
    const logs = sections(read("packages/rl/README.md"), "What was tried");
    expect(logs).toHaveLength(2);
    for (const log of logs) {
      const [said = "", ...rows] = log.split(/^\|/m);
      expect(said).toMatch(/none of them reserved|validation return/);
      expect(rows.filter((row) => /reserved/i.test(row))).toEqual([]);
    }
  });
});
