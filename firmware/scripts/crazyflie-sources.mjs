// The sources of crazyflie-firmware at the pinned commit, for the scripts beside this.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const { origin, commit, declarations } = JSON.parse(
  readFileSync(new URL("../test/crazyflie/recorded-declarations.json", import.meta.url), "utf8"),
);
/** @type {string} */
export const PINNED = commit;
/** What of its submodules the firmware is built of; the others are those of its tests. */
export const SUBMODULES = ["vendor/CMSIS", "vendor/FreeRTOS", "vendor/libdw1000"];

export class SourcesError extends Error {}

/** @param {string[]} args what git says is kept for the error @returns {{ ok: boolean, said: string }} */
function git(...args) {
  const { status, stderr, error } = spawnSync("git", args, { encoding: "utf8" });
  if (error) throw new SourcesError(`git: ${error.message}; expected it on the PATH`);
  return { ok: status === 0, said: stderr.trim().split("\n").at(-1) ?? "" };
}

/**
 * Fetches one commit, and no other, into a folder that does not exist, or leaves none.
 *
 * @param {{ from: string, commit: string, folder: string, submodules: readonly string[] }} wanted `from`: what git fetches from
 */
export function fetchCommit({ from, commit, folder, submodules }) {
  const part = `${folder}.part`;
  /** @param {string} problem @param {string[]} args */
  const inPart = (problem, ...args) => {
    const { ok, said } = git("-C", part, ...args);
    if (!ok) throw new SourcesError(`${from}: ${problem} (git: ${said})`);
  };
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  try {
    inPart("cannot be fetched", "init", "--quiet");
    inPart(`does not give commit ${commit}`, "fetch", "--quiet", "--depth", "1", from, commit);
    inPart(`commit ${commit} cannot be checked out`, "checkout", "--quiet", "FETCH_HEAD");
    const update = ["submodule", "--quiet", "update", "--init", "--depth", "1", "--", ...submodules];
    if (submodules.length > 0) inPart(`submodules of ${commit.slice(0, 8)} cannot be fetched`, ...update);
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/** @param {string} text */
const oneLine = (text) => text.replaceAll(/\s+/g, " ");

/** Against a header that says otherwise the app would link and not work. @param {string} tree */
function requireDeclarations(tree) {
  for (const { header, declaration } of declarations) {
    const path = join(tree, header);
    if (!existsSync(path)) throw new SourcesError(`${path}: is missing; expected a checkout of ${origin}`);
    if (!oneLine(readFileSync(path, "utf8")).includes(declaration))
      throw new SourcesError(
        `${path}: does not say "${declaration}"; expected what ${commit.slice(0, 8)} has`,
      );
  }
}

/** The flags by which a script is told where the sources are. */
export const SOURCES_OPTIONS = /** @type {const} */ ({
  sources: { type: "string" },
  from: { type: "string" },
});

/**
 * A checkout whose headers are what the app was tested against: that of --sources as it is, or else the pinned commit,
 * fetched from --from (GitHub, if it is not given) unless the folder has it already.
 *
 * @param {{ sources?: string | undefined, from?: string | undefined }} told
 * @param {string} folder @param {readonly string[]} submodules
 */
export function crazyflieSources(told, folder, submodules) {
  if (told.sources !== undefined && told.from !== undefined)
    throw new SourcesError("--from: with --sources nothing is fetched; expected one of the two");
  const tree = told.sources ?? folder;
  if (told.sources === undefined && !existsSync(folder))
    fetchCommit({ from: told.from ?? `https://${origin}.git`, commit, folder, submodules });
  requireDeclarations(tree);
  return tree;
}

/** Runs a script's body on its arguments: what it refuses is one line, exit code 1. @param {() => void} body */
export function runScript(body) {
  try {
    body();
  } catch (error) {
    const { code, message } = /** @type {Error & { code?: string }} */ (error);
    if (!(error instanceof SourcesError) && !code?.startsWith("ERR_PARSE_ARGS")) throw error;
    console.error(`error: ${message.split("\n")[0]}`);
    process.exitCode = 1;
  }
}

/** @param {string} command @param {string[]} args @param {import("node:child_process").SpawnSyncOptions} options */
export function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (error) throw new SourcesError(`${command}: ${error.message}`);
  if (status !== 0) throw new SourcesError(`${command} ${args.join(" ")}: exit status ${status}`);
}
