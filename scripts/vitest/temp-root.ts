import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A temporary folder of its own for each run of a suite, for the tests and for whatever program they start. What is left
 * in it at the end fails the run, whoever left it.
 */
export function setup(): () => void {
  const root = mkdtempSync(join(tmpdir(), "spikewing-tests-"));
  process.env.TMPDIR = root;
  return () => {
    const left = readdirSync(root);
    rmSync(root, { recursive: true, force: true });
    if (left.length === 0) return;
    process.exitCode = 1; // vitest prints the error of a teardown, and ends with 0
    throw new Error(`left in the temporary folder: ${left.sort().join(", ")}`);
  };
}
