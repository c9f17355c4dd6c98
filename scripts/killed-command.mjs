/** The built command, run to its end or to a kill at a random moment: kill-runs.mjs and kill-sweeps.mjs. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../packages/cli/dist/spikewing.js", import.meta.url));

/**
 * Mulberry32: the moments are those of the seed, as far as a machine keeps time.
 *
 * @param {number} seed
 * @returns {() => number} from 0 to below 1
 */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Runs the command to its end, or to a kill after so many milliseconds.
 *
 * @param {readonly string[]} args
 * @param {number} [killAfter]
 * @returns {Promise<{ code: number | null, killed: boolean, stderr: string }>}
 */
export function run(args, killAfter) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
  return new Promise((resolve) =>
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, killed: signal === "SIGKILL", stderr });
    }),
  );
}
