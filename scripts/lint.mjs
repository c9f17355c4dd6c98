// npm run lint, npm run format: Biome over the whole tree, with the rules of biome.json.
//
// AssemblyScript allows decorators on functions and variables (`@inline`); Biome's TypeScript parser reports
// them as errors, yet still lints and formats the file. Those reports, and only those, are dropped here.
// Write floats as `1.0`: the formatter keeps that, but turns `1.` into `1`, an integer in AssemblyScript.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isMain, ROOT } from "./root.mjs";

/**
 * @typedef {{ category: string, severity: string, message: string, location?: { path: string, start: { line: number, column: number } } }} Diagnostic
 */

/** @param {Diagnostic} diagnostic */
function isAssemblyScriptDecorator(diagnostic) {
  return (
    diagnostic.category === "parse" &&
    diagnostic.message.startsWith("Decorators are not valid here") &&
    /(^|\/)packages\/core-wasm\/assembly\//.test(diagnostic.location?.path ?? "")
  );
}

/**
 * Errors and warnings in the tree at `root`, which needs a biome.json.
 *
 * @param {string} root
 * @param {string[]} [options] further options of `biome check`
 * @returns {Diagnostic[]}
 */
export function lintTree(root, options = []) {
  const biome = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
  if (!existsSync(biome)) throw new Error("Biome is not installed; run: npm ci");
  const args = [biome, "check", "--reporter=json", "--max-diagnostics=none", ...options];
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  /** @type {{ diagnostics: Diagnostic[], summary: { changed: number, unchanged: number } }} */
  let report;
  try {
    report = JSON.parse(run.stdout);
  } catch {
    throw new Error(`Biome gave no report (exit code ${run.status}):\n${run.stdout}${run.stderr}`);
  }
  if (report.summary.changed + report.summary.unchanged === 0)
    throw new Error(`Biome checked no file:\n${run.stderr}`);
  const failing = report.diagnostics.filter((d) => d.severity !== "information" && d.severity !== "hint");
  const wanted = failing.filter((d) => !isAssemblyScriptDecorator(d));
  if (run.status !== 0 && failing.length === 0)
    throw new Error(`Biome failed without a reason:\n${run.stderr}`);
  return wanted;
}

/** @param {Diagnostic} diagnostic */
export function formatDiagnostic({ category, message, location }) {
  const place = location ? `${location.path}:${location.start.line}:${location.start.column}` : "biome";
  const text = category === "format" ? "is not formatted; run: npm run format" : message;
  return `${place}  ${category}  ${text}`;
}

if (isMain(import.meta.url)) {
  const options = process.argv.slice(2);
  if (options.includes("--write")) lintTree(ROOT, options); // sorted imports may need a second pass
  const diagnostics = lintTree(ROOT, options);
  for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic));
  console.log(diagnostics.length === 0 ? "lint: no findings" : `lint: ${diagnostics.length} findings`);
  process.exitCode = diagnostics.length === 0 ? 0 : 1;
}
