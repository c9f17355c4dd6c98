// npm start: from a fresh clone to a running command.
import { spawnSync } from "node:child_process";
import { build } from "./build.mjs";
import { ROOT } from "./root.mjs";
import { setUp } from "./setup.mjs";

/** What `npm start` runs; options after `npm start --` are added. */
const COMMAND = ["packages/cli/dist/spikewing.js", "demo"];

try {
  setUp({ forTests: false });
  if (!build(["--filter=spikewing"])) throw new Error("the build failed; its messages are above");
  const run = spawnSync(process.execPath, [...COMMAND, ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: "inherit",
  });
  process.exitCode = run.status ?? 1;
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
