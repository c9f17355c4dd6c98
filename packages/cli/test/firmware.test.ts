import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import { libraryFiles } from "@spikewing/firmware";
import { loadTemplate } from "@spikewing/firmware/node";
import { decodePolicy } from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, succeed, TINY } from "./command.ts";
import { ofArguments, testRefusals } from "./refusals.ts";

const shipped = (name: string) =>
  fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`));
const POLICY = shipped("snn");

const readFolder = (folder: string) =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), new Uint8Array(readFileSync(path))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Paths and digests: vitest compares bytes one by one. */
const digestsOf = (files: Iterable<readonly [path: string, bytes: Uint8Array]>) =>
  [...files].map(([path, bytes]) => [path, createHash("sha256").update(bytes).digest("hex")]);

test("firmware build writes the library's files, every byte, and says what comes next", () => {
  const cwd = newFolder();
  const { stdout } = succeed(
    [
      ...["firmware", "build", "--policy", POLICY, "--out", "a/lib"],
      ...["--target", "teensy", "--protocol", "authors", "--weights", "flash"],
    ],
    cwd,
  );
  const policy = decodePolicy(readFileSync(POLICY), POLICY);
  const options = { target: "teensy", protocol: "authors", weights: "flash" } as const;
  const expected = libraryFiles(loadCore(), policy, POLICY, loadTemplate(), options);
  expect(digestsOf(readFolder(join(cwd, "a/lib")))).toEqual(digestsOf(expected));
  expect(readdirSync(join(cwd, "a"))).toEqual(["lib"]);
  expect(stdout).toMatch(
    /^a\/lib: Teensy library of .*snn\.safetensors, policy [0-9a-f]{16}, weights 80\.6 kB/,
  );
  expect(stdout).toContain("spikewing fly");
});

test("firmware build takes an empty folder, and prints JSON", () => {
  const cwd = newFolder();
  mkdirSync(join(cwd, "lib"));
  const { stdout } = succeed(["firmware", "build", "--policy", POLICY, "--out", "lib", "--json"], cwd);
  expect(JSON.parse(stdout)).toMatchObject({ policy: POLICY, out: "lib", weightBytes: 80_608 });
  expect(JSON.parse(stdout)).toMatchObject({ target: "crazyflie" });
  expect(readFolder(join(cwd, "lib")).get("src/sw_policy_data.c")?.length).toBeGreaterThan(80_608);
});

test("firmware build fills the folder that it is called in", () => {
  const cwd = newFolder();
  succeed(["firmware", "build", "--policy", POLICY, "--out", "."], cwd);
  expect(readFolder(cwd).get("src/sw_pilot_onboard.c")?.length).toBeGreaterThan(0);
  expect(readdirSync(cwd).filter((name) => name.startsWith("."))).toEqual([]);
});

test("firmware build replaces an older library, and leaves nothing of it", () => {
  const cwd = newFolder();
  const build = (...flags: readonly string[]) =>
    succeed(["firmware", "build", "--policy", POLICY, "--out", "lib", ...flags], cwd);
  build();
  expect(existsSync(join(cwd, "lib/fly.py"))).toBe(true);
  writeFileSync(join(cwd, "lib/src/sw_settings.h"), "old");
  build("--target", "teensy", "--protocol", "authors");
  const policy = decodePolicy(readFileSync(POLICY), POLICY);
  const expected = libraryFiles(loadCore(), policy, POLICY, loadTemplate(), {
    target: "teensy",
    protocol: "authors",
  });
  expect(digestsOf(readFolder(join(cwd, "lib")))).toEqual(digestsOf(expected));
  expect(existsSync(join(cwd, "lib/fly.py"))).toBe(false);
});

describe("firmware build refuses in one line, and writes nothing", () => {
  const cases: readonly (readonly [flags: readonly string[], line: string | RegExp])[] = [
    [[], "required option '--out <dir>' not specified"],
    [["--out", "lib", "--protocol", "v2"], '--protocol: "v2"; expected one of spikewing, authors'],
    [["--out", "lib", "--weights", "rom"], '--weights: "rom"; expected one of ram, flash'],
    [["--out", "lib", "--target", "bolt"], '--target: "bolt"; expected one of crazyflie, teensy, generic'],
    [["--out", "lib", "--weights", "ram"], "weights: goes with target teensy, not with crazyflie"],
    [["--out", "lib", "--polcy", "x"], "unknown option '--polcy' (Did you mean --policy?)"],
    [["--out", "lib", "extra"], "too many arguments for 'build'. Expected 0 arguments but got 1."],
    [["--out", "lib", "--policy", "nowhere"], "nowhere: cannot be read: no such file or directory"],
    [["--out", "lib", "--policy", TINY], /^error: .*tiny\.json: .*not a policy file/],
    [
      ["--out", "lib", "--policy", shipped("guide-expert")],
      /^error: .*guide-expert\.safetensors: kind is dense; expected spiking: a board flies nothing else$/m,
    ],
    [["--out", `${TINY}/lib`], `${TINY}/lib: cannot be written: not a directory`],
    [["--out", TINY], `${TINY}: cannot be written: not a directory`],
  ];
  testRefusals(ofArguments(cases.map(([flags, line]) => [["firmware", "build", ...flags], line])));

  test("a folder with something in it", () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, "lib"));
    writeFileSync(join(cwd, "lib/notes.txt"), "mine");
    refuse(["firmware", "build", "--out", "lib"], /^error: lib: is not empty: it holds notes\.txt; /, cwd);
    expect([...readFolder(cwd).keys()]).toEqual(["lib/notes.txt"]);
  });

  test("an older library with something else in it", () => {
    const cwd = newFolder();
    succeed(["firmware", "build", "--out", "lib"], cwd);
    writeFileSync(join(cwd, "lib/src/mine.h"), "mine");
    const before = digestsOf(readFolder(cwd));
    refuse(["firmware", "build", "--out", "lib"], /^error: lib: is not empty: it holds src\/mine\.h; /, cwd);
    expect(digestsOf(readFolder(cwd))).toEqual(before);
  });

  test("an unknown command", () => {
    refuse(["firmware", "buidl"], "unknown command 'buidl' (Did you mean build?)");
  });
});
