// npm start: from a fresh clone to a running command.
import { build } from "./build.mjs";
import { runCommand } from "./run-command.mjs";
import { setUp } from "./setup.mjs";

try {
  setUp({ forTests: false });
  if (!build(["--filter=spikewing"])) throw new Error("the build failed; its messages are above");
  await runCommand(["demo", ...process.argv.slice(2)]); // with the options after `npm start --`
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
