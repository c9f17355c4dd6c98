// Reads what the two test runners report.
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} TestReport */

/**
 * as-pect prints one line a file, below it the failed tests by group, and a summary at the end; an error of the
 * compiler ends the run before the summary and counts as one failure.
 *
 * @param {string} output
 * @returns {TestReport}
 */
export function parseAsPectOutput(output) {
  const report = { passed: 0, failed: 0, skipped: 0, failures: /** @type {string[]} */ ([]) };
  let file = "";
  let group = "";
  let compilerError = "";
  let hasSummary = false;
  for (const line of stripVTControlCharacters(output).split(/\r?\n/)) {
    const fileLine = line.match(/^\S+ (\S+\.spec\.ts) Pass: (\d+) \/ (\d+) Todo: (\d+)/);
    const summaryLine = line.match(/^\s*\[Tests\]: (\d+) \/ (\d+)/);
    const failedGroup = line.match(/^\s*Failed: (.*)$/);
    const failedTest = line.match(/^ {4}❌ (.*)$/);
    if (fileLine) {
      file = fileLine[1] ?? "";
      report.passed += Number(fileLine[2]);
      report.failed += Number(fileLine[3]) - Number(fileLine[2]);
      report.skipped += Number(fileLine[4]);
    } else if (summaryLine) {
      hasSummary = true;
      report.passed = Number(summaryLine[1]);
      report.failed = Number(summaryLine[2]) - report.passed;
    } else if (failedGroup) {
      group = failedGroup[1] ?? "";
    } else if (failedTest) {
      report.failures.push(`${file}: ${group}: ${(failedTest[1] ?? "").replace(/ - $/, "")}`);
    } else if (line.startsWith("ERROR ")) {
      compilerError ||= line;
    } else if (compilerError && /^\s*└─ in /.test(line)) {
      if (!compilerError.includes(" in ")) compilerError += line.trim().replace("└─", "");
    }
  }
  if (!hasSummary) {
    report.failed += 1;
    report.failures.push(compilerError || "as-pect ended before its summary");
  }
  return report;
}

/**
 * The JSON report of vitest. A file that failed outside its tests, such as in an import or a hook, counts as one
 * failure.
 *
 * @param {string} json
 * @param {string} root file names are given relative to this folder
 * @returns {TestReport}
 */
export function parseVitestReport(json, root) {
  if (json.trim() === "") return { passed: 0, failed: 1, skipped: 0, failures: ["vitest wrote no report"] };
  /** @type {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string, fullName: string }[] }[] }} */
  const { testResults } = JSON.parse(json);
  const report = { passed: 0, failed: 0, skipped: 0, failures: /** @type {string[]} */ ([]) };
  for (const { name, status, message, assertionResults } of testResults) {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    report.passed += assertionResults.filter((test) => test.status === "passed").length;
    report.skipped += assertionResults.filter((test) => !["passed", "failed"].includes(test.status)).length;
    report.failed += failed.length;
    for (const test of failed) report.failures.push(`${file}: ${test.fullName}`);
    if (status === "failed" && failed.length === 0) {
      report.failed += 1;
      report.failures.push(`${file}: ${(message || "failed outside its tests").split("\n")[0]}`);
    }
  }
  return report;
}
