/**
 * Kills trainings at random moments, some of them again while they resume, and holds what comes out against the unbroken
 * run: the same bytes, or a refusal in one line that names a file. For a built tree:
 *
 *   node scripts/kill-runs.mjs [kills = 100] [seed = 1]
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom, run } from "./killed-command.mjs";

const TINY = fileURLToPath(new URL("../packages/cli/test/tiny.json", import.meta.url));
const [kills = 100, seed = 1] = process.argv.slice(2).map(Number);
const root = mkdtempSync(join(tmpdir(), "spikewing-kills-"));

const random = createRandom(seed);

/**
 * @template T
 * @param {readonly T[]} items
 * @returns {T}
 */
const oneOf = (items) => /** @type {T} */ (items[Math.floor(random() * items.length)]);

/**
 * What must be the same: policies and checkpoint to the byte, the metrics but for their seconds.
 *
 * @param {string} folder
 */
function resultOf(folder) {
  const files = ["policy.safetensors", "guide.safetensors", "checkpoint.safetensors"];
  const bytes = files.map((name) => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, "latin1") : "none";
  });
  const metrics = readFileSync(join(folder, "metrics.jsonl"), "utf8").replace(/"seconds":[\d.]+/g, "");
  return [...bytes, metrics];
}

const config = join(root, "longer.json");
const tiny = JSON.parse(readFileSync(TINY, "utf8"));
for (const [phase, rounds] of [
  ["guide", 120],
  ["policy", 120],
])
  Object.assign(tiny[phase], { rounds });
writeFileSync(config, JSON.stringify(tiny));

/**
 * @param {string} name
 * @param {readonly string[]} flags
 */
async function unbroken(name, flags) {
  const folder = join(root, name);
  const startedAt = performance.now();
  const { code, stderr } = await run([
    "train",
    "--config",
    config,
    "--out",
    folder,
    "--workers",
    "1",
    ...flags,
  ]);
  if (code !== 0) throw new Error(stderr);
  return { name, flags, milliseconds: performance.now() - startedAt, result: resultOf(folder) };
}
const own = await unbroken("own-guide", ["--seed", "7"]);
const given = ["--guide", join(root, "own-guide", "guide.safetensors")];
const kinds = [own, await unbroken("given-guide", ["--seed", "8", ...given])];

const counts = { kills: 0, same: 0, refused: 0 };
/** @type {Record<string, number>} */
const where = {};
const faults = [];
for (let n = 0; counts.kills < kills; n++) {
  const kind = oneOf(kinds);
  const folder = join(root, `run-${n}`);
  const checkpoints = ["--checkpoint-every", oneOf(["0", "0.05", "600"])];
  const workers = () => ["--workers", oneOf(["1", "2", "3", "4"])];
  let args = ["train", "--config", config, "--out", folder, ...kind.flags];
  let outcome;
  for (let more = true; more; ) {
    more = counts.kills < kills && random() < (outcome ? 0.4 : 1);
    const moment = more ? random() * 1.1 * kind.milliseconds : undefined;
    outcome = await run([...args, ...workers(), ...checkpoints], moment);
    if (!outcome.killed) break;
    counts.kills++;
    const last = existsSync(join(folder, "metrics.jsonl"))
      ? (readFileSync(join(folder, "metrics.jsonl"), "utf8")
          .trimEnd()
          .split("\n")
          .at(-1)
          ?.match(/guide|policy/)?.[0] ?? "begun")
      : "not begun";
    where[`${kind.name}, ${last}`] = (where[`${kind.name}, ${last}`] ?? 0) + 1;
    args = ["train", "--resume", folder];
  }
  const line = outcome?.stderr.trimEnd().split("\n").at(-1) ?? "";
  const isRefusal = outcome?.code === 1 && /^error: \S*run\.json: /.test(line);
  const isSame = outcome?.code === 0 && String(resultOf(folder)) === String(kind.result);
  const isTidy = !existsSync(folder) || !readdirSync(folder).some((name) => name.endsWith(".tmp"));
  if (isRefusal) counts.refused++;
  else if (isSame && isTidy) counts.same++;
  else faults.push({ folder, code: outcome?.code, isSame, isTidy, stderr: outcome?.stderr.slice(-500) });
  if (!faults.some((fault) => fault.folder === folder)) rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify({ ...counts, where, faults }, undefined, 2)}\n`);
if (faults.length === 0) rmSync(root, { recursive: true });
process.exitCode = faults.length === 0 ? 0 : 1;
