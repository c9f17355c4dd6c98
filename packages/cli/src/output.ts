import { getSystemErrorMap } from "node:util";
import { SpikewingError } from "@spikewing/rl";
import { reportError } from "./print.js";

/**
 * What becomes of output that the system does not take (a pipe that is closed, a disk that is full, a terminal that is
 * gone). Progress and notes on standard error are done without: no training ends for want of a reader. A result on
 * standard output that did not get there is an error.
 */
export function guardOutput(): void {
  process.stderr.on("error", () => {});
  let isReported = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isReported) return;
    isReported = true;
    const [, reason = error.message] = getSystemErrorMap().get(error.errno ?? 0) ?? [];
    process.exitCode = reportError(new SpikewingError("standard output", `cannot be written: ${reason}`));
  });
}
