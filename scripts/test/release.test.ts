import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../vitest/new-folder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGES = ["packages/core-wasm", "packages/rl", "firmware", "packages/cli", "packages/web"];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = (root: string, folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));

/** What the packages ask of each other, by version. */
const asked = (root: string) =>
  PACKAGES.flatMap((folder) =>
    Object.entries(manifest(root, folder).dependencies).filter(([name]) => name.startsWith("@spikewing/")),
  );

test("all packages and the citation have one version, and ask it of each other", () => {
  const { version } = manifest(ROOT, "packages/cli");
  for (const folder of PACKAGES) expect(manifest(ROOT, folder).version).toBe(version);
  expect(readFileSync(join(ROOT, "CITATION.cff"), "utf8")).toMatch(new RegExp(`^version: ${version}$`, "m"));
  const versions = asked(ROOT);
  expect(versions.length).toBeGreaterThan(4);
  for (const [, of] of versions) expect(of).toBe(version);
  const { fixed } = JSON.parse(readFileSync(join(ROOT, ".changeset/config.json"), "utf8"));
  expect(fixed).toEqual([PACKAGES.map((folder) => manifest(ROOT, folder).name)]);
});

test("what is published asks for nothing that is private", () => {
  const manifests = PACKAGES.map((folder) => manifest(ROOT, folder));
  const isPublished = (name: string) => manifests.some((one) => one.name === name && !one.private);
  const published = manifests.filter((one) => !one.private);
  expect(published).toHaveLength(4);
  for (const { dependencies } of published)
    for (const name of Object.keys(dependencies).filter((wanted) => wanted.startsWith("@spikewing/")))
      expect(isPublished(name), name).toBe(true);
});

test("a change of one package raises the version of all, and nothing else of the manifests", () => {
  const copy = newFolder();
  const files = ["package.json", "package-lock.json", ".changeset/config.json"];
  const manifests = PACKAGES.map((folder) => `${folder}/package.json`);
  for (const file of [...files, ...manifests]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  writeFileSync(join(copy, ".changeset/one.md"), '---\n"@spikewing/core": minor\n---\n\nFaster.\n');
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: copy, stdio: "pipe" });
  run("git", "init", "--quiet");
  run(process.execPath, join(ROOT, "node_modules/@changesets/cli/bin.js"), "version");
  const { version } = manifest(copy, "packages/cli");
  expect(version).not.toBe(manifest(ROOT, "packages/cli").version);
  for (const folder of PACKAGES) {
    const given = readFileSync(join(ROOT, folder, "package.json"), "utf8");
    const old = manifest(ROOT, folder).version;
    const raised = given.replace(`"version": "${old}"`, `"version": "${version}"`);
    const expected = raised.replace(/("@spikewing\/\w+": )"[^"]+"/g, `$1"${version}"`);
    expect(readFileSync(join(copy, folder, "package.json"), "utf8")).toBe(expected);
  }
});
