import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { saveTorch } from "../../../scripts/vitest/torch-file.ts";
import { actingCommands, createProgram } from "../dist/program.js";
import { COMMAND, refuse, succeed, TINY } from "./command.ts";

const nameOf = (command: Command): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

const COMMANDS = actingCommands(createProgram()).filter(
  (command) => !["complete", "sweep-task"].includes(command.name()), // for a shell and for a sweep, not for people
);
const NAMES = COMMANDS.map(nameOf);
const flagsOf = (command: Command) => command.options.map(({ long }) => long);

/** What a person reads behind --help. */
function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

describe.each(COMMANDS.map((command) => [nameOf(command), command] as const))("%s", (name, command) => {
  test("has help with examples that it would take", () => {
    const [, examples = ""] = helpOf(command).split("\nExamples:\n");
    const calls = examples.trim().split(/\n */);
    expect(calls.filter((call) => call.startsWith(`spikewing ${name}`))).not.toEqual([]);
    for (const call of calls) {
      const called = COMMANDS.find((other) => call.startsWith(`spikewing ${nameOf(other)}`))!;
      expect(call).toMatch(/^spikewing /);
      expect(flagsOf(called)).toEqual(expect.arrayContaining(call.match(/--[a-z-]+/g) ?? []));
    }
  });

  test("can be quiet, and says its result as JSON", () => {
    const isTextForPrograms = ["schema", "completion"].includes(name);
    expect(flagsOf(command).includes("--json")).toBe(!isTextForPrograms);
    expect(flagsOf(command).includes("--quiet")).toBe(name !== "completion"); // which says nothing else
  });
});

const shipped = (name: string) =>
  fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`));
const folder = newFolder();
const file = (name: string) => join(folder, name);
beforeAll(() => {
  succeed(["train", "--config", TINY, "--out", file("run")]);
  succeed(["fly", "--trajectory", "circle", "--seconds", "10", "--npz", "--out", file("flight")]);
  succeed(["export", "nir", file("hover.nir")]);
  saveTorch(file("net.pth"));
  const runs = [{ name: "one", config: JSON.parse(readFileSync(TINY, "utf8")) }];
  writeFileSync(file("sweep.json"), JSON.stringify({ seeds: [1], episodes: 4, runs }));
});

const four = ["--episodes", "4"];
/** How each is called, and the bar that a terminal shows meanwhile where a call may take seconds. */
const CALLS: Readonly<Record<string, readonly [args: readonly string[], bar?: RegExp]>> = {
  train: [["--config", TINY, "--out", file("trained")], /policy .*score/s],
  guide: [["--config", TINY, "--out", file("guide")], /guide .*score/s],
  demo: [["--config", TINY, "--out", file("demo")], /policy .*score/s],
  sweep: [[file("sweep.json"), "--out", file("swept"), "--workers", "1"], /0\/1/],
  experiment: [["list"]],
  evaluate: [["--alone", ...four], /evaluate .*0\/4 +policy.*4\/4 +policy/s],
  fly: [["--seconds", "1", "--out", file("flown")], /fly .*\/100 +figure-eight/],
  info: [[]],
  identify: [[file("flight/flight.csv"), "--fit", "thrust"], /identify .*0\/1/],
  replay: [[file("flight/flight.csv")], /replay .*0\/1/],
  narrow: [
    [join(file("run"), "policy.safetensors"), "--out", file("narrow.safetensors")],
    /score .*0\/8000 +i16.*\/8000 +i8/s,
  ],
  "firmware build": [["--target", "generic", "--out", file("c")]],
  "export nir": [[file("again.nir")]],
  "export onnx": [[file("ann.onnx"), "--policy", shipped("ann")]],
  "export npz": [[file("buffer.npz"), "--run", file("run")], /export .*0\/1/],
  "import nir": [[file("hover.nir"), "--out", file("nir.safetensors"), ...four], /score .*0\/4 +policy/],
  "import torch": [[file("net.pth"), "--out", file("torch.safetensors"), ...four], /score .*0\/4 +policy/],
  "import l2f": [[file("net.pth"), "--out", file("l2f.safetensors")]],
  schema: [["config"]],
  doctor: [[]],
  completion: [["bash"]],
};

test("no command is left out of the table of calls", () => {
  expect(Object.keys(CALLS).toSorted()).toEqual(NAMES.toSorted());
});

/** Of a person at a terminal whose result goes into a file; script (Debian's bsdutils) is a terminal. */
function inTerminal(args: readonly string[]): { shown: string; result: string } {
  const out = join(newFolder(), "result");
  const call = [process.execPath, COMMAND, ...args].map((word) => `'${word}'`).join(" ");
  const run = spawnSync("script", ["-qec", `${call} > '${out}'`, "/dev/null"], { encoding: "utf8" });
  expect(run.status, run.stdout).toBe(0);
  return { shown: run.stdout, result: readFileSync(out, "utf8") };
}

// What import l2f reads, and that it says it as JSON, is in l2f.test.ts: here it refuses what is none.
const WORKING = Object.entries(CALLS).filter(([name]) => !["import l2f", "completion"].includes(name));
test.each(WORKING)("%s keeps its result apart from what it shows a person", (name, [args, bar]) => {
  const json = name === "schema" ? [] : ["--json"];
  const { shown, result } = inTerminal([...name.split(" "), ...args, ...json]);
  expect(JSON.parse(result)).toBeTypeOf("object");
  expect(shown).not.toContain('"');
  if (bar) expect(shown).toMatch(bar);
});

test("what is to be quiet, or has no terminal, shows nothing beside its result", () => {
  const args = ["evaluate", "--alone", ...four];
  const { shown, result } = inTerminal([...args, "--quiet"]);
  expect(shown).toBe("");
  const { stdout, stderr } = succeed(args);
  expect(stderr).toBe("");
  expect(stdout).toBe(result);
});

test("what is asked wrongly is one line on standard error and exit code 1", () => {
  refuse(["import", "l2f", ...CALLS["import l2f"]![0]], /^error: .*net\.pth: /);
  refuse(["completion", "tcsh"], /^error: /);
  refuse(["schema", "nothing"], /^error: /);
  refuse(["doctor", "--loud"], /^error: unknown option/);
  refuse(["sweep", file("nowhere.json"), "--out", file("none")], /^error: .*nowhere\.json: cannot be read/);
});
