import { execFileSync } from "node:child_process";
import { SENSOR_NOISES } from "@spikewing/core";
import { describe, expect, test } from "vitest";
import { refuse, succeed, TINY } from "./command.ts";

/** What a shell offers behind these words. */
const offered = (...words: string[]) =>
  succeed(["complete", "--", ...words])
    .stdout.trimEnd()
    .split("\n")
    .map((line) => line.split("\t")[0]!)
    .filter((word) => !word.startsWith(":"));

describe("spikewing completion", () => {
  test("offers commands, those within commands, flags and the names that a flag takes", () => {
    expect(offered("")).toEqual(expect.arrayContaining(["train", "evaluate", "export", "completion"]));
    expect(offered("export", "")).toEqual(expect.arrayContaining(["nir", "onnx"]));
    expect(offered("evaluate", "--")).toEqual(expect.arrayContaining(["--noise", "--json", "--quiet"]));
    expect(offered("evaluate", "--noise", "")).toEqual(Object.keys(SENSOR_NOISES));
    expect(offered("fly", "--trajectory", "")).toEqual([
      "hover",
      "circle",
      "figure-eight",
      "figure-eight-l2f",
      "square",
    ]);
    expect(offered("schema", "")).toEqual(expect.arrayContaining(["airframe", "config"]));
  });

  test("writes a script that the shell takes", () => {
    const script = succeed(["completion", "bash"]).stdout;
    expect(script).toContain("spikewing complete --");
    execFileSync("bash", ["-n"], { input: script });
    refuse(["completion", "tcsh"], /Allowed choices are zsh, bash, fish, powershell/);
  });
});

test("--quiet leaves the result and errors alone", () => {
  const args = ["train", "--config", TINY, "--algorithm", "td3bc-jsrl", "--seed", "1", "--workers", "1"];
  const loud = succeed(args);
  const quiet = succeed([...args, "--quiet"]);
  expect(loud.stderr).not.toBe("");
  expect(quiet.stderr).toBe("");
  expect(quiet.stdout).not.toBe("");
  refuse(["info", "nowhere", "--quiet"], "nowhere: cannot be read: no such file or directory");
});
