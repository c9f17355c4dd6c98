// Runs the calls that standard input names one after the other, and says as JSON what each wrote and its exit code.
import { readFileSync } from "node:fs";
import { runCommand } from "../dist/run-command.js";

/** @type {{ args: string[], cwd: string }[]} */
const calls = JSON.parse(readFileSync(0, "utf8"));
const write = process.stdout.write.bind(process.stdout);
const results = [];
for (const { args, cwd } of calls) {
  const said = { stdout: "", stderr: "" };
  for (const name of /** @type {const} */ (["stdout", "stderr"]))
    process[name].write = (/** @type {string | Uint8Array} */ text) => {
      said[name] += text;
      return true;
    };
  process.chdir(cwd);
  process.exitCode = undefined;
  await runCommand(args);
  results.push({ status: process.exitCode ?? 0, ...said });
}
process.exitCode = 0;
write(JSON.stringify(results));
