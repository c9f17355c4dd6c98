import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Debian packages of the programs that build and run the firmware. */
const DEBIAN_PACKAGES = {
  wasm2c: "wabt",
  "arm-none-eabi-gcc": "gcc-arm-none-eabi",
  "arm-none-eabi-size": "binutils-arm-none-eabi",
  "qemu-system-arm": "qemu-system-arm",
  "arm-none-eabi-g++": "gcc-arm-none-eabi",
  "arm-none-eabi-objdump": "binutils-arm-none-eabi",
  gcc: "gcc",
} as const;
export type Tool = keyof typeof DEBIAN_PACKAGES;

export interface ToolRun {
  /** Exit status; null if a signal or the time limit ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tool to its end. Throws if it is not installed. */
export function startTool(tool: Tool, args: readonly string[], limitMs = 120_000): ToolRun {
  const run = spawnSync(tool, args, { encoding: "utf8", timeout: limitMs, maxBuffer: 1 << 26 });
  if (run.error && codeOf(run.error) !== "ETIMEDOUT") throw missingTool(tool, run.error);
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

const codeOf = (error: Error): unknown => ("code" in error ? error.code : undefined);

/** First line of what a tool says of its version; undefined where it is not installed. */
export function findTool(tool: Tool): string | undefined {
  const { error, stdout } = spawnSync(tool, ["--version"], { encoding: "utf8" });
  return error ? undefined : stdout.split("\n")[0]!.trim();
}

/** The Debian package that a tool comes with. */
export const debianPackageOf = (tool: Tool): string => DEBIAN_PACKAGES[tool];

/** The error of a tool that could not be started, naming its Debian package if it is not installed. */
export function missingTool(tool: Tool, error: Error): Error {
  if (codeOf(error) !== "ENOENT") return error;
  return new Error(`${tool} is missing; install the Debian package ${DEBIAN_PACKAGES[tool]}`);
}

/** As startTool; throws with the first line of its complaint unless it succeeds. Returns what it printed. */
export function runTool(tool: Tool, args: readonly string[]): string {
  const { status, stdout, stderr } = startTool(tool, args);
  if (status === 0) return stdout;
  const complaint = (stderr || stdout)
    .split("\n")
    .find((line) => /error|cannot|undefined|overflow/i.test(line));
  if (complaint?.includes("nano.specs"))
    throw new Error("nano.specs is missing; install the Debian package libnewlib-arm-none-eabi");
  throw new Error(`${tool} ended with status ${status}: ${complaint ?? "no message"}`);
}

/** The one host header that the cross build uses; it comes with wasm2c. */
export function findWasmRuntimeHeader(): string {
  const places = ["/usr/include/wasm-rt.h", "/usr/local/include/wasm-rt.h"];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error("wasm-rt.h is missing; install the Debian package wabt");
  return found;
}
