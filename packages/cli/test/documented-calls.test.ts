import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram } from "../dist/program.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const DOCUMENTS = execFileSync("git", ["ls-files", "*.md"], { cwd: ROOT, encoding: "utf8" })
  .trimEnd()
  .split("\n");

/** Calls of a command in blocks and between backticks, with the document that has each. */
function callsOf(command: string): { readonly document: string; readonly call: string }[] {
  return DOCUMENTS.flatMap((document) => {
    const text = readFileSync(join(ROOT, document), "utf8");
    const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, block]) => block!.split("\n"));
    const spans = [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`]+)`/g)].map(([, span]) =>
      span!.replace(/\s+/g, " "),
    );
    return [...blocks, ...spans]
      .map((line) => line.trim().replace(/ {2,}.*$/, ""))
      .filter((line) => line.startsWith(`${command} `))
      .map((call) => ({ document, call }));
  });
}

/** The command that the first words of a call name, and the words behind. */
function commandOf(words: readonly string[], of: Command): Command {
  const inner = of.commands.find((command) => command.name() === words[0]);
  return inner ? commandOf(words.slice(1), inner) : of;
}

test("every call of spikewing in a document is of a command and flags that it has", () => {
  const program = createProgram();
  const calls = callsOf("spikewing");
  expect(calls.length).toBeGreaterThan(60);
  const wrong = calls.flatMap(({ document, call }) => {
    const words = call.split(" ").slice(1);
    if (words[0] === "COMMAND") return [];
    const command = commandOf(words, program);
    if (command === program) return [`${document}: ${call}`];
    const known = [...command.options.map(({ long }) => long), "--help"];
    const flags = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0]!);
    return flags.filter((flag) => !known.includes(flag)).map((flag) => `${document}: ${call}: ${flag}`);
  });
  expect(wrong).toEqual([]);
});

test("every script of npm that a document runs is there", () => {
  const scriptsOf = (folder: string) =>
    Object.keys(JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")).scripts);
  const folders = [".", "packages/core-wasm", "packages/rl", "packages/cli", "packages/web", "firmware"];
  const nameOf = (folder: string) =>
    JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")).name as string;
  const calls = callsOf("npm run");
  expect(calls.length).toBeGreaterThan(15);
  const wrong = calls.filter(({ document, call }) => {
    const script = call.split(" ")[2]!;
    const workspace = /--workspace[= ](\S+)/.exec(call)?.[1];
    const own = folders.find((folder) => document.startsWith(`${folder}/`)) ?? ".";
    const places = workspace
      ? folders.filter((folder) => folder === workspace || nameOf(folder) === workspace)
      : [".", own];
    return !places.some((folder) => scriptsOf(folder).includes(script));
  });
  expect(wrong).toEqual([]);
});
