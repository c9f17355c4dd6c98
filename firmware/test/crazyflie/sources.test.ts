// How the scripts come by Bitcraze's sources, tried on a small repository of this machine.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { fetchCommit, PINNED } from "../../scripts/crazyflie-sources.mjs";

const SCRIPTS = fileURLToPath(new URL("../../scripts/", import.meta.url));
const root = newFolder();
const repository = join(root, "firmware");
const before = { ...process.env };

function git(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** A repository of one file and these submodules; the commit. */
function newRepository(path: string, text: string, submodules: Readonly<Record<string, string>>): string {
  git("init", "--quiet", path);
  writeFileSync(join(path, "Makefile"), text);
  for (const [name, from] of Object.entries(submodules))
    git("-C", path, "submodule", "--quiet", "add", from, name);
  git("-C", path, "add", ".");
  git("-C", path, "commit", "--quiet", "--message", text);
  return git("-C", path, "rev-parse", "HEAD");
}

let commit: string;
beforeAll(() => {
  Object.assign(process.env, {
    GIT_CONFIG_GLOBAL: join(root, "gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
  });
  writeFileSync(
    join(root, "gitconfig"),
    '[user]\nname = test\nemail = test@example.org\n[protocol "file"]\nallow = always\n',
  );
  newRepository(join(root, "part"), "a part", {});
  const parts = { "vendor/part": join(root, "part"), "vendor/other": join(root, "part") };
  commit = newRepository(repository, "pinned", parts);
  writeFileSync(join(repository, "Makefile"), "newer");
  git("-C", repository, "commit", "--quiet", "--all", "--message", "newer");
});
afterAll(() => {
  process.env = before;
});

test("the pinned commit is fetched, not a newer one, and of the submodules those that are asked for", () => {
  const folder = join(newFolder(), "tree");
  fetchCommit({ from: `file://${repository}`, commit, folder, submodules: ["vendor/part"] });
  expect(readFileSync(join(folder, "Makefile"), "utf8")).toBe("pinned");
  expect(readFileSync(join(folder, "vendor/part/Makefile"), "utf8")).toBe("a part");
  expect(existsSync(join(folder, "vendor/other/Makefile"))).toBe(false);
});

test.each([
  [
    "a commit that is not there",
    { commit: "0123456789abcdef0123456789abcdef01234567" },
    "does not give commit",
  ],
  ["no repository", { from: join(root, "nowhere") }, "does not give commit"],
  ["a submodule that is not there", { submodules: ["vendor/none"] }, "submodules of"],
])("of %s nothing is left, and the error says what was asked of whom", (_what, change, problem) => {
  const folder = join(newFolder(), "tree");
  const wanted = { from: repository, commit, folder, submodules: [], ...change };
  expect(() => fetchCommit(wanted)).toThrow(`${wanted.from}: ${problem}`);
  expect([folder, `${folder}.part`].filter(existsSync)).toEqual([]);
});

const APP = newFolder();
writeFileSync(join(APP, "app-config"), "");

test.each([
  ["link-crazyflie.mjs", [APP]],
  ["hand-back-crazyflie.mjs", []],
])("%s says in one line what it cannot have, and fails", (script, args) => {
  const run = (flags: readonly string[], env: NodeJS.ProcessEnv = process.env) => {
    const all = [join(SCRIPTS, script), ...args, ...flags];
    const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: "utf8", env });
    expect({ status, stdout, lines: stderr.split("\n").length }).toEqual({ status: 1, stdout: "", lines: 2 });
    return stderr;
  };
  const folder = join(newFolder(), "tree");
  mkdirSync(folder);
  expect(run(["--sources", folder])).toMatch(/^error: .*is missing; expected a checkout of/);
  expect(run(["--sources", folder, "--from", repository])).toMatch(/^error: --from: /);
  expect(run(["--source", folder])).toMatch(/^error: Unknown option '--source'/);
});

test("the scripts say in one line that the pinned commit is not in a repository, or git not on the machine", () => {
  const link = (env: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, [join(SCRIPTS, "link-crazyflie.mjs"), APP, "--from", repository], {
      encoding: "utf8",
      env,
    });
  const missing = link(process.env);
  expect(missing).toMatchObject({ status: 1, stdout: "" });
  expect(missing.stderr).toMatch(new RegExp(`^error: .*: does not give commit ${PINNED} \\(git: .*\\)\n$`));
  expect(link({ ...process.env, PATH: root })).toMatchObject({
    status: 1,
    stdout: "",
    stderr: "error: git: spawnSync git ENOENT; expected it on the PATH\n",
  });
  expect(existsSync(`${APP}-crazyflie-firmware`)).toBe(false);
});
