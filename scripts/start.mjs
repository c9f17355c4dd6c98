// npm start: from a fresh clone to a running command.
import { setImmediate as nextTurn } from "node:timers/promises";
import { build } from "./build.mjs";
import { runCommand } from "./run-command.mjs";
import { setUp } from "./setup.mjs";

/** Ctrl-C goes to npm and turbo too: this process waits until they have ended. */
let isInterrupted = false;
const note = () => {
  isInterrupted = true;
};

try {
  process.on("SIGINT", note);
  setUp({ forTests: false });
  const isBuilt = build(["--filter=spikewing"]);
  await nextTurn(); // ends the turn that this runs in; a signal is seen in a whole one
  await nextTurn();
  process.off("SIGINT", note);
  if (isInterrupted) throw new Error("interrupted");
  if (!isBuilt) throw new Error("the build failed; its messages are above");
  await runCommand(["demo", ...process.argv.slice(2)]); // with the options after `npm start --`
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
