import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { COMMAND, succeed } from "./command.ts";

const EVALUATE = ["evaluate", "--alone", "--episodes", "4"];

/** What a person sees; script (Debian's bsdutils) is a terminal. */
function inTerminal(args: readonly string[]): string {
  const call = [process.execPath, COMMAND, ...args].map((word) => `'${word}'`).join(" ");
  const run = spawnSync("script", ["-qec", call, "/dev/null"], { encoding: "utf8", cwd: newFolder() });
  expect(run.status).toBe(0);
  return run.stdout;
}

test("a command that scores shows on a terminal what it is at, unless it is to be quiet", () => {
  expect(inTerminal(EVALUATE)).toMatch(/evaluate -{24} 0\/1 +policy/);
  expect(inTerminal([...EVALUATE, "--quiet"])).not.toContain("0/1");
});

test("without a terminal it says nothing beside its result", () => {
  const { stdout, stderr } = succeed(EVALUATE);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^4 reserved episodes: /);
});
