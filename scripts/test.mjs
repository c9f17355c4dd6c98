// npm test: everything, from a fresh clone. The last line reads "N passed, N failed".
//
//   npm test                      setup, lint, build, types, all suites
//   npm test -- rl firmware       setup, build and the suites whose name starts so
//   npm test -- quick             setup, lint, build, types, and the suites that take seconds
//   npm test -- rl --watch        setup, build, and vitest in one package, again after every change
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { isMain, ROOT } from "./root.mjs";
import { setUp } from "./setup.mjs";
import { parseAsPectOutput, parseVitestReport } from "./test-reports.mjs";

/** Ends a suite that hangs; a busy machine may take many times as long as an idle one. */
const SUITE_LIMIT_MS = 60 * 60_000;
const AS_PECT = {
  folder: "packages/core-wasm",
  tests: "assembly/__tests__",
  suffix: ".spec.ts",
  needsBuild: false,
};
const VITEST = { tests: "test", suffix: ".test.ts", needsBuild: true };

/** @typedef {{ name: string, row: string, folder: string, tests: string, suffix: string, needsBuild: boolean, asConfig?: string }} Suite */

/**
 * The suites of a row run one after the other, and the rows beside each other: as-pect takes one core, and the page flies in
 * real time however much of the processor it has, so that either leaves time to others. Last in its row is what takes both
 * cores. What runs beside others is heard when it has ended.
 *
 * @type {Suite[]}
 */
const SUITES = [
  { name: "scripts", row: "tools", folder: "scripts", ...VITEST, needsBuild: false },
  { name: "core-wasm as-pect, SIMD", row: "learning", ...AS_PECT, asConfig: "as-pect.asconfig.json" },
  { name: "core-wasm as-pect, scalar", row: "tools", ...AS_PECT, asConfig: "as-pect.scalar.asconfig.json" },
  { name: "core-wasm", row: "tools", folder: "packages/core-wasm", ...VITEST },
  { name: "rl", row: "learning", folder: "packages/rl", ...VITEST },
  { name: "cli", row: "tools", folder: "packages/cli", ...VITEST },
  { name: "web", row: "page", folder: "packages/web", ...VITEST },
  { name: "firmware", row: "learning", folder: "firmware", ...VITEST },
];

/** What `quick` stands for. */
const QUICK = ["scripts", "core-wasm as-pect, SIMD", "core-wasm"];

/**
 * One line of the table.
 *
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, failures: string[], note?: string, seconds: number }} Row
 */

/**
 * Runs node in a process group of its own, which is ended when the limit is reached.
 *
 * @param {string[]} args
 * @param {string} cwd
 * @param {boolean} [isLive] whether it is heard while it runs
 * @returns {Promise<{ output: string, code: number | null, timedOut: boolean }>}
 */
function runNode(args, cwd, isLive = true) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let timedOut = false;
    const endGroup = () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    const interrupt = () => {
      endGroup();
      setImmediate(() => process.exit(1)); // others that run beside this one hear it first
    };
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup();
    }, SUITE_LIMIT_MS);
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt); // the group does not see them otherwise
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
        if (isLive) process.stdout.write(text);
      });
    }
    child.on("error", (error) => {
      output += error.message;
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      resolve({ output, code, timedOut });
    });
  });
}

/** @param {Suite} suite */
function hasTests({ folder, tests, suffix }) {
  const path = join(ROOT, folder, tests);
  return (
    existsSync(path) && readdirSync(path, { recursive: true }).some((file) => String(file).endsWith(suffix))
  );
}

/**
 * @param {Suite} suite
 * @param {boolean} [isLive]
 * @returns {Promise<Row>}
 */
async function runSuite(suite, isLive) {
  const { name, folder, asConfig } = suite;
  const row = { name, passed: 0, failed: 0, skipped: 0, seconds: 0, failures: /** @type {string[]} */ ([]) };
  if (!hasTests(suite)) return { ...row, note: "no tests yet" };

  console.log(isLive ? `\n--- ${name}` : `${name} begins`);
  const start = Date.now();
  const cwd = join(ROOT, folder);
  const reportPath = join(ROOT, "build/test-reports", `${name}.json`);
  mkdirSync(join(ROOT, "build/test-reports"), { recursive: true });
  rmSync(reportPath, { force: true });
  const args = asConfig
    ? [join(ROOT, "node_modules/@as-pect/cli/bin/asp.js"), "--no-logo", "--summary", "--as-config", asConfig]
    : [
        join(ROOT, "node_modules/vitest/vitest.mjs"),
        "run",
        "--config",
        join(ROOT, "vitest.config.ts"),
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${reportPath}`,
      ];
  const { output, code, timedOut } = await runNode(args, cwd, isLive);
  if (!isLive) console.log(`\n--- ${name}\n${output}`);
  const report = asConfig
    ? parseAsPectOutput(output)
    : parseVitestReport(existsSync(reportPath) ? readFileSync(reportPath, "utf8") : "", ROOT);

  const failures = [...report.failures];
  if (timedOut) failures.push(`not finished after ${SUITE_LIMIT_MS / 60_000} minutes`);
  else if (code !== 0 && report.failed === 0) failures.push(`the runner ended with exit code ${code}`);
  else if (report.passed + report.failed === 0) failures.push("ran no tests");
  const failed = report.failed + (failures.length - report.failures.length);
  return { ...row, ...report, failed, failures, seconds: (Date.now() - start) / 1000 };
}

/**
 * A step that is no test: it counts only when it fails, as one failure.
 *
 * @param {string} name
 * @param {() => string[] | Promise<string[]>} check its failures
 * @returns {Promise<Row>}
 */
async function runCheck(name, check) {
  const start = Date.now();
  let failures;
  try {
    failures = await check();
  } catch (error) {
    failures = [error instanceof Error ? error.message : String(error)];
  }
  const failed = failures.length === 0 ? 0 : 1;
  const note = failed === 0 ? "ok" : "failed";
  return { name, passed: 0, failed, skipped: 0, failures, note, seconds: (Date.now() - start) / 1000 };
}

/** @param {Row[]} rows */
function printTable(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`\n${"suite".padEnd(width)}  passed  failed  skipped  seconds`);
  for (const { name, passed, failed, skipped, seconds, note } of rows) {
    const counts = note
      ? note.padStart(23)
      : `${String(passed).padStart(6)}  ${String(failed).padStart(6)}  ${String(skipped).padStart(7)}`;
    console.log(`${name.padEnd(width)}  ${counts}  ${seconds.toFixed(1).padStart(7)}`);
  }
  const failing = rows.filter(({ failures }) => failures.length > 0);
  if (failing.length > 0) console.log("\nfailed:");
  for (const { name, failures } of failing)
    for (const failure of failures) console.log(`  ${name}: ${failure}`);
}

/** @param {string[]} wanted beginnings of suite names; none means everything */
function suitesOf(wanted) {
  if (wanted.length === 0) return SUITES;
  const suites = SUITES.filter(({ name }) => wanted.some((start) => name.startsWith(start)));
  if (suites.length > 0) return suites;
  const names = SUITES.map(({ name }) => `"${name}"`).join(", ");
  throw new Error(`no suite "${wanted.join(" ")}"; expected quick, ${names}`);
}

/**
 * Vitest that runs what a change concerns, until it is ended.
 *
 * @param {string[]} wanted
 */
function watch(wanted) {
  const suites = suitesOf(wanted).filter(({ asConfig }) => asConfig === undefined);
  const [suite] = suites;
  if (suite === undefined || suites.length > 1)
    throw new Error(`--watch with ${suites.length} suites; expected the name of one that vitest runs`);
  setUp({ forTests: true });
  if (!build()) throw new Error("the build failed; its messages are above");
  const args = [join(ROOT, "node_modules/vitest/vitest.mjs"), "--config", join(ROOT, "vitest.config.ts")];
  return spawnSync(process.execPath, args, { cwd: join(ROOT, suite.folder), stdio: "inherit" }).status ?? 1;
}

/** @param {string[]} wanted beginnings of suite names, or `quick`; none means everything */
async function runTests(wanted) {
  const isQuick = wanted.length === 1 && wanted[0] === "quick";
  const everything = wanted.length === 0;
  const suites = isQuick ? SUITES.filter(({ name }) => QUICK.includes(name)) : suitesOf(wanted);
  /** @type {Row[]} */
  const rows = [];
  rows.push(
    await runCheck("setup", () =>
      setUp({ forTests: true }).map(({ name, purpose }) => `missing Debian package ${name}: ${purpose}`),
    ),
  );
  if (everything || isQuick) {
    rows.push(
      await runCheck("lint", async () => {
        const { formatDiagnostic, lintTree } = await import("./lint.mjs");
        return lintTree(ROOT).map(formatDiagnostic);
      }),
    );
  }
  const built = await runCheck("build", () =>
    build(["--continue=dependencies-successful"]) ? [] : ["see above"],
  );
  rows.push(built);
  if (everything || isQuick) {
    rows.push(
      await runCheck("types of the tests", async () => {
        const args = [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.tests.json"];
        const { output, code } = await runNode(args, ROOT);
        return code === 0 ? [] : output.trim().split("\n");
      }),
    );
  }
  const rowNames = [...new Set(suites.map(({ row }) => row))];
  const isAlone = rowNames.length === 1;
  /** @param {Suite} suite */
  const runOrSkip = (suite) =>
    suite.needsBuild && built.failed > 0 && hasTests(suite)
      ? runCheck(suite.name, () => ["not run, because the build failed"])
      : runSuite(suite, isAlone);
  /** @type {Map<Suite, Row>} */
  const ended = new Map();
  await Promise.all(
    rowNames.map(async (name) => {
      for (const suite of suites.filter(({ row }) => row === name)) ended.set(suite, await runOrSkip(suite));
    }),
  );
  for (const suite of suites) rows.push(/** @type {Row} */ (ended.get(suite)));
  return rows;
}

/** @param {string[]} wanted */
async function testAndCount(wanted) {
  const rows = await runTests(wanted);
  printTable(rows);
  const passed = rows.reduce((sum, row) => sum + row.passed, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

if (isMain(import.meta.url)) {
  const options = process.argv.slice(2);
  const wanted = options.filter((option) => option !== "--watch");
  try {
    process.exitCode = options.includes("--watch") ? watch(wanted) : await testAndCount(wanted);
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    console.log("\n0 passed, 1 failed");
    process.exitCode = 1;
  }
}
