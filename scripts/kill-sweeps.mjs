/**
 * Kills a sweep at random moments until it was killed so often, lets it end, and holds its folder against that of an unbroken
 * one: the same files with the same bytes, but for the seconds that each run took. For a built tree; with engine slurm on
 * the cluster that SLURM_CONF names:
 *
 *   node scripts/kill-sweeps.mjs [kills = 10] [seed = 1] [engine = local] [experiment = gradients]
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, run } from "./killed-command.mjs";

const [kills = "10", seed = "1", engine = "local", experiment = "gradients"] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), "spikewing-kills-"));

const random = createRandom(Number(seed));

/**
 * Runs the sweep to its end, or to a kill after so many milliseconds.
 *
 * @param {string} folder
 * @param {readonly string[]} flags
 * @param {number} [killAfter]
 */
const sweep = (folder, flags, killAfter) =>
  run(["experiment", experiment, "--scale", "smoke", "--out", folder, ...flags], killAfter);

/**
 * Every file of a sweep by name, but the seconds, what Slurm has printed, and what a task that outlives its call still writes.
 *
 * @param {string} folder
 */
function filesOf(folder) {
  if (!existsSync(folder)) return new Map();
  const names = /** @type {string[]} */ (readdirSync(folder, { recursive: true })).sort();
  const kept = names.filter((name) => !/(^|\/)(seconds|slurm)(\/|$)|\.tmp$/.test(name));
  const isFile = (/** @type {string} */ name) => /\.\w+$/.test(name);
  return new Map(kept.filter(isFile).map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}

const startedAt = performance.now();
const whole = join(root, "unbroken");
const { code, stderr } = await sweep(whole, ["--workers", "1"]);
if (code !== 0) throw new Error(stderr);
const milliseconds = performance.now() - startedAt;
const expected = filesOf(whole);
const runsOf = (/** @type {Map<string, string>} */ files) =>
  [...files.keys()].filter((name) => /runs\/\d+\.json$/.test(name)).length;

const folder = join(root, "killed");
const flags = [...(engine === "local" ? [] : ["--engine", engine]), "--workers", "2"];
const moments = [];
let sweeps = 0;
let lost = 0; // finished runs that a later call did not find
let before = 0;
while (moments.length < Number(kills)) {
  const moment = (random() * milliseconds) / 2;
  const { killed, ...ended } = await sweep(folder, flags, moment);
  sweeps++;
  if (!killed) {
    if (ended.code !== 0) throw new Error(ended.stderr);
    rmSync(folder, { recursive: true }); // it came to its end before it was killed so often: from the start
    before = 0;
    continue;
  }
  moments.push(Math.round(moment));
  const done = runsOf(filesOf(folder));
  lost += Math.max(0, before - done);
  before = done;
}
const end = await sweep(folder, flags);
const found = filesOf(folder);
const differing = [...new Set([...expected.keys(), ...found.keys()])].filter(
  (name) => expected.get(name) !== found.get(name),
);
const result = { experiment, engine, seed: Number(seed), kills: moments.length, moments, sweeps, lost };
const files = { code: end.code, runs: runsOf(found), files: expected.size, differing };
process.stdout.write(`${JSON.stringify({ ...result, ...files })}\n`);
if (differing.length === 0) rmSync(root, { recursive: true });
process.exitCode = end.code === 0 && differing.length === 0 && lost === 0 ? 0 : 1;
