import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./root.mjs";

/**
 * Builds with turbo; what has not changed is taken from its cache.
 *
 * @param {string[]} [options] e.g. `--filter=spikewing` for one package and all it depends on
 * @returns {boolean} whether everything was built
 */
export function build(options = []) {
  const turbo = join(ROOT, "node_modules/turbo/bin/turbo");
  const args = [turbo, "run", "build", "--output-logs=errors-only", "--ui=stream", ...options];
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" };
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit", env }).status === 0;
}
