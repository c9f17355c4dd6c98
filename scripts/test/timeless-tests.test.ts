import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../root.mjs";

// Tests wait for events. What waits for time passes on a fast machine and fails on a busy one, and a retry hides it.
const WAITS = [
  [/\bretry\s*:/, "a retry hides a test that fails now and then"],
  [/\bwaitForTimeout\s*\(/, "time passes; wait for what is to happen"],
  [/\bsetTimeout\s*\(/, "time passes; wait for what is to happen"],
  [/\btimers\/promises\b/, "time passes; wait for what is to happen"],
  [/\bpolling\s*:/, "what lies between two looks goes unseen; wait for what is to happen"],
  [/\btimeout\s*:\s*\d/, "the limit of all tests is in vitest.config.ts"],
  [
    /^\s*(?:\}, )?\d{1,3}(?:_\d{3})+(?:\);|,)$|^\s*\}, \d+\);$/,
    "the limit of all tests is in vitest.config.ts",
  ],
] as const;

function waitsIn(file: string, text: string): string[] {
  return text.split("\n").flatMap((line, i) => {
    const code = line.replace(/\s*\/\/.*$/, "");
    return WAITS.flatMap(([pattern, why]) => (pattern.test(code) ? [`${file}:${i + 1}: ${why}`] : []));
  });
}

const tests = execFileSync("git", ["ls-files", "*/test/*.ts", "scripts/vitest/*.ts"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .trimEnd()
  .split("\n")
  .filter((file) => !file.endsWith("/timeless-tests.test.ts"));

test("no test waits for time, is tried again, or has a limit of its own", () => {
  expect(tests.length).toBeGreaterThan(80);
  expect(tests.flatMap((file) => waitsIn(file, readFileSync(join(ROOT, file), "utf8")))).toEqual([]);
});

test.each([
  "test(name, { retry: 3 }, run);",
  "await page.waitForTimeout(100);",
  "await new Promise((done) => setTimeout(done, 5));",
  'import { setTimeout as sleep } from "node:timers/promises";',
  "await page.waitForFunction(f, undefined, { polling: 300 });",
  "const onBoard = { timeout: 120_000 };",
  "}, 300_000);",
  "  }, 5000);",
  "  60_000,",
])("found: %s", (line) => {
  expect(waitsIn("a.test.ts", `// ${line}\n${line}`)).toEqual([expect.stringMatching(/^a\.test\.ts:2: /)]);
});
