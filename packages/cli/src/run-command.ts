import { reportError } from "./print.js";
import { createProgram } from "./program.js";

/** Does what the words of a call ask for, and tells a fault; the exit code is then in process.exitCode. */
export async function runCommand(words: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(words, { from: "user" });
  } catch (error) {
    process.exitCode = reportError(error) || process.exitCode; // help that nobody could read is no success
  }
}
