import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";

export const COMMAND = fileURLToPath(new URL("../dist/spikewing.js", import.meta.url));

/** A guide and a policy of a few neurons: trained in less than a second, and good for nothing. */
export const TINY = fileURLToPath(new URL("tiny.json", import.meta.url));

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

const RUN_TOGETHER = fileURLToPath(new URL("run-together.mjs", import.meta.url));

/** Runs commands one after the other in one process: to start takes longer than what most of them do. */
export function runTogether(calls: readonly { args: readonly string[]; cwd?: string }[]): readonly Result[] {
  const input = JSON.stringify(calls.map(({ args, cwd = newFolder() }) => ({ args, cwd })));
  const { stdout, stderr } = spawnSync(process.execPath, [RUN_TOGETHER], { input, encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

/** What a command that has ended leaves. */
export type Result = Pick<SpawnSyncReturns<string>, "status" | "stdout" | "stderr">;

/** Runs the command and expects that it is refused. */
export function refuse(args: readonly string[], line: string | RegExp, cwd?: string): void {
  expectRefused(run(args, cwd), line);
}

/** Expects one line on standard error, exit code 1 and nothing else. */
export function expectRefused({ status, stdout, stderr }: Result, line: string | RegExp): void {
  if (typeof line === "string") expect(stderr).toBe(`error: ${line}\n`);
  else expect(stderr).toMatch(line);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
}

/**
 * Starts the command, waits until it stands at a point of src/hold.ts, lets `look` see what is on the disk there, and
 * sends the signal, which it meets before its next round.
 */
export async function interruptAt(
  point: string,
  args: readonly string[],
  signal: NodeJS.Signals,
  look: () => void,
): Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }> {
  const env = { ...process.env, SPIKEWING_HOLD: point };
  const child = spawn(process.execPath, [COMMAND, ...args], { env, stdio: ["pipe", "ignore", "pipe"] });
  let stderr = "";
  const held = new Promise<boolean>((resolve) => {
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      if (stderr.split("\n").includes(`held: ${point}`)) resolve(true);
    });
    child.on("close", () => resolve(false));
  });
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  try {
    expect(await held, `held at ${point}: ${stderr}`).toBe(true);
    look();
  } finally {
    child.kill(signal);
    child.stdin.end();
  }
  const [code, endedBy] = await ended;
  return { code, signal: endedBy, stderr };
}
