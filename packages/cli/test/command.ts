import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

export const COMMAND = fileURLToPath(new URL("../dist/spikewing.js", import.meta.url));

/** A guide and a policy of a few neurons: trained in less than a second, and good for nothing. */
export const TINY = fileURLToPath(new URL("tiny.json", import.meta.url));

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "spikewing-"));

/** Runs the built command to its end. */
export function run(args: readonly string[], cwd = newFolder()): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [COMMAND, ...args], { encoding: "utf8", cwd });
}

/** Runs the command; throws where it fails. */
export function succeed(args: readonly string[], cwd?: string): SpawnSyncReturns<string> {
  const result = run(args, cwd);
  if (result.status !== 0) throw new Error(`spikewing ${args.join(" ")}: ${result.stderr}`);
  return result;
}

/** Runs the command and expects one line on standard error, exit code 1 and nothing else. */
export function refuse(args: readonly string[], line: string | RegExp, cwd?: string): void {
  const { status, stdout, stderr } = run(args, cwd);
  if (typeof line === "string") expect(stderr).toBe(`error: ${line}\n`);
  else expect(stderr).toMatch(line);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
}

/** Starts the command and sends a signal as soon as metrics.jsonl of a run has this many lines. */
export async function interrupt(
  args: readonly string[],
  folder: string,
  lines: number,
  signal: NodeJS.Signals,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const metrics = join(folder, "metrics.jsonl");
  const watch = setInterval(() => {
    if (existsSync(metrics) && readFileSync(metrics, "utf8").split("\n").length > lines) {
      clearInterval(watch);
      child.kill(signal);
    }
  }, 2);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(watch);
  return { code, stderr };
}
