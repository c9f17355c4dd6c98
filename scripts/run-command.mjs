import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./root.mjs";

/**
 * Runs the built `spikewing` in this very process: a signal meets the training, not a parent that ends before it. The
 * command prints its errors and sets the exit code.
 *
 * @param {string[]} args
 */
export async function runCommand(args) {
  const script = join(ROOT, "packages/cli/dist/spikewing.js");
  process.chdir(ROOT);
  process.argv = [process.execPath, script, ...args];
  await import(pathToFileURL(script).href);
}
