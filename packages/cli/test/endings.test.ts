import { type ChildProcess, type StdioOptions, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { COMMAND, succeed, TINY } from "./command.ts";

/** `npm start` without the set-up and the build. */
const NPM_START = new URL("../../../scripts/run-command.mjs", import.meta.url).href;

/** A training that no test sees the end of. */
function endlessConfig(): string {
  const path = join(newFolder(), "endless.json");
  const tiny = JSON.parse(readFileSync(TINY, "utf8"));
  writeFileSync(path, JSON.stringify({ ...tiny, guide: { ...tiny.guide, rounds: 100_000 } }));
  return path;
}

/** Starts node in a process group of its own, as a shell does. */
function start(args: readonly string[], stdio: StdioOptions): ChildProcess {
  return spawn(process.execPath, args, { cwd: newFolder(), stdio, detached: true });
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.on("close", resolve));

/** All that comes on standard error; `told` resolves once a line of training is there, or the process has ended. */
function listen(child: ChildProcess) {
  const heard = { text: "" };
  const told = new Promise<void>((resolve) => {
    child.stderr!.setEncoding("utf8").on("data", (text) => {
      heard.text += text;
      if (/^guide +\d/m.test(heard.text)) resolve();
    });
    child.on("close", () => resolve());
  });
  return { heard, told };
}

describe("a signal to the process group of a training ends it with a checkpoint that goes on", () => {
  test.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s", async (signal, code) => {
    const folder = join(newFolder(), "run");
    const args = ["train", "--config", endlessConfig(), "--out", folder, "--checkpoint-every", "1000000"];
    const child = start([COMMAND, ...args], ["ignore", "ignore", "pipe"]);
    const { heard, told } = listen(child);
    await told;
    process.kill(-child.pid!, signal);
    expect(await ended(child)).toBe(code);
    expect(heard.text).toMatch(/\ninterrupted; to go on: spikewing train --resume \S+\n$/);
    const { progress } = JSON.parse(
      succeed(["info", join(folder, "checkpoint.safetensors"), "--json"]).stdout,
    );
    const metrics = readFileSync(join(folder, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(metrics).toHaveLength(progress.round);
  });

  test("Ctrl-C on npm start, whose last process ends when the checkpoint is there", async () => {
    const folder = join(newFolder(), "run");
    const args = ["demo", "--config", endlessConfig(), "--out", folder];
    const script = join(newFolder(), "start.mjs");
    const text = `import { runCommand } from "${NPM_START}";\nawait runCommand(${JSON.stringify(args)});\n`;
    writeFileSync(script, text);
    const child = start([script], ["ignore", "ignore", "pipe"]);
    await listen(child).told;
    process.kill(-child.pid!, "SIGINT");
    await new Promise((resolve) => child.on("exit", resolve));
    expect(child.exitCode).toBe(130);
    expect(existsSync(join(folder, "checkpoint.safetensors"))).toBe(true);
    expect(() => process.kill(-child.pid!, 0)).toThrow("ESRCH"); // nobody of its group is left
  });
});

describe("a training goes on to its end without a reader of its progress", () => {
  const trainTiny = (folder: string) => [COMMAND, "train", "--config", TINY, "--out", folder];

  test("standard error is a pipe that is closed", async () => {
    const folder = join(newFolder(), "run");
    const child = start(trainTiny(folder), ["ignore", "ignore", "pipe"]);
    child.stderr!.destroy();
    expect(await ended(child)).toBe(0);
    expect(existsSync(join(folder, "policy.safetensors"))).toBe(true);
  });

  test("standard error is a full disk", async () => {
    const folder = join(newFolder(), "run");
    const full = openSync("/dev/full", "w");
    const child = start(trainTiny(folder), ["ignore", "ignore", full]);
    closeSync(full);
    expect(await ended(child)).toBe(0);
    expect(existsSync(join(folder, "policy.safetensors"))).toBe(true);
  });

  test("both are: the files are written, and the exit code says that the result was not told", async () => {
    const folder = join(newFolder(), "run");
    const child = start(trainTiny(folder), ["ignore", "pipe", "pipe"]);
    child.stdout!.destroy();
    child.stderr!.destroy();
    expect(await ended(child)).toBe(1);
    expect(existsSync(join(folder, "policy.safetensors"))).toBe(true);
  });
});

describe("a result that does not get out is one line and exit code 1", () => {
  test.each([["info"], ["info --json"], ["--help"], ["--version"]])("%s, to a full disk", (args) => {
    const full = openSync("/dev/full", "w");
    const stdio: StdioOptions = ["ignore", full, "pipe"];
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args.split(" ")], {
      encoding: "utf8",
      stdio,
    });
    closeSync(full);
    expect(stderr).toBe("error: standard output: cannot be written: no space left on device\n");
    expect(status).toBe(1);
  });

  test("to a pipe that is closed", async () => {
    const child = start([COMMAND, "info"], ["ignore", "pipe", "pipe"]);
    child.stdout!.destroy();
    const { heard } = listen(child);
    expect(await ended(child)).toBe(1);
    expect(heard.text).toBe("error: standard output: cannot be written: broken pipe\n");
  });
});

test.each(["1", "2"])("a machine that gives a core no memory is one line: %s threads", (workers) => {
  const command = `ulimit -v 8000000; exec "$0" "$@"`;
  const args = ["-c", command, process.execPath, COMMAND, "evaluate", "--workers", workers];
  const { status, stderr, stdout } = spawnSync("sh", args, { encoding: "utf8" });
  expect(stderr).toMatch(/^error: core: 131072 bytes of memory; the machine gives less \(.*\)\n$/);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
});
