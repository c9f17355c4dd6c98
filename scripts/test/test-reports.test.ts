import { describe, expect, test } from "vitest";
import { parseAsPectOutput, parseVitestReport } from "../test-reports.mjs";

describe("as-pect output", () => {
  const failing = [
    "\u001b[32m✔ assembly/__tests__/lif.spec.ts \u001b[39mPass: 2 / 2 Todo: 0 Time: 11.958ms",
    "\u001b[31m❌ assembly/__tests__/rng.spec.ts \u001b[39mPass: 1 / 3 Todo: 1 Time: 3.219ms",
    "  Failed: seedRng",
    "    ❌ repeats for one seed - oh no",
    "      [Actual]  : 4",
    "      [Expected]: 5",
    "  Failed: uniform",
    "    ❌ stays below one - ",
    "      [Actual]  : 4",
    "      [Expected]: 6",
    "",
    "  [Summary]",
    "    [Tests]: \u001b[32m3\u001b[39m / 5",
    "   [Groups]: 5 / 5",
  ].join("\n");

  test("totals come from the summary and failed tests are named by file and group", () => {
    expect(parseAsPectOutput(failing)).toEqual({
      passed: 3,
      failed: 2,
      skipped: 1,
      failures: [
        "assembly/__tests__/rng.spec.ts: seedRng: repeats for one seed - oh no",
        "assembly/__tests__/rng.spec.ts: uniform: stays below one",
      ],
    });
  });

  test("a compiler error after a passing file is one failure, and the passed tests stay counted", () => {
    const output = [
      "✔ assembly/__tests__/lif.spec.ts Pass: 2 / 2 Todo: 0 Time: 11.958ms",
      "ERROR TS2304: Cannot find name 'nothere'.",
      "   :",
      " 1 │ nothere();",
      "   └─ in assembly/__tests__/rng.spec.ts(1,45)",
    ].join("\n");
    expect(parseAsPectOutput(output)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 0,
      failures: ["ERROR TS2304: Cannot find name 'nothere'. in assembly/__tests__/rng.spec.ts(1,45)"],
    });
  });

  test("no output at all is one failure", () => {
    expect(parseAsPectOutput("")).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe("vitest report", () => {
  test("tests are counted by status and failed ones named by file", () => {
    const assertionResults = [
      { status: "passed", fullName: "a" },
      { status: "failed", fullName: "b" },
      { status: "skipped", fullName: "c" },
      { status: "todo", fullName: "d" },
    ];
    const json = JSON.stringify({
      testResults: [{ name: "/repo/test/x.test.ts", status: "failed", message: "", assertionResults }],
    });
    expect(parseVitestReport(json, "/repo")).toEqual({
      passed: 1,
      failed: 1,
      skipped: 2,
      failures: ["test/x.test.ts: b"],
    });
  });

  test("a file that cannot be loaded is one failure", () => {
    const json = JSON.stringify({
      testResults: [
        {
          name: "/repo/test/x.test.ts",
          status: "failed",
          message: "Cannot find module\nstack",
          assertionResults: [],
        },
      ],
    });
    expect(parseVitestReport(json, "/repo")).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ["test/x.test.ts: Cannot find module"],
    });
  });

  test("a missing report is one failure", () => {
    expect(parseVitestReport("", "/repo")).toMatchObject({ passed: 0, failed: 1 });
  });
});
