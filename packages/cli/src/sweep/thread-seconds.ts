import { readFileSync } from "node:fs";

/** Processor time of this thread so far, s, where the system tells it (Linux); else time since the process began. */
export function threadSeconds(): number {
  if (process.platform !== "linux") return performance.now() / 1000;
  const [nanoseconds = ""] = readFileSync("/proc/thread-self/schedstat", "utf8").split(" ");
  return Number(nanoseconds) / 1e9;
}
