import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeCheckpoint, decodePolicy, encodeCheckpoint, type Phase } from "@spikewing/rl";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { lockRecord } from "../src/run-lock.js";
import { refuse, run, succeed, TINY } from "./command.ts";

const first = join(newFolder(), "run");
const guided = join(newFolder(), "run");

beforeAll(() => {
  succeed(["train", "--config", TINY, "--seed", "7", "--out", first]);
  const guide = ["--guide", join(first, "guide.safetensors")];
  succeed(["train", "--config", TINY, "--seed", "8", ...guide, "--out", guided]);
});

/** A copy that a test may spoil. */
function copyOf(folder: string): string {
  const copy = join(newFolder(), "run");
  cpSync(folder, copy, { recursive: true });
  return copy;
}

const bytesOf = (folder: string, name: string) => readFileSync(join(folder, name));
const resume = (folder: string) => ["train", "--resume", folder];

function changeJson(path: string, change: (value: Record<string, unknown>) => object): void {
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, "utf8")))));
}

describe("a run goes on as what it began as, or not at all", () => {
  test("another program or core is refused by name", () => {
    const folder = copyOf(first);
    const path = join(folder, "run.json");
    changeJson(path, (record) => ({ ...record, core: "0".repeat(64) }));
    refuse(
      resume(folder),
      /run\.json: core is 000000000000\.\.\.; this build has [0-9a-f]{12}\.\.\. \(retrain\)/,
    );
    changeJson(path, (record) => ({ ...record, version: "0.0.9" }));
    refuse(resume(folder), /run\.json: version is 0\.0\.9; this build has 0\.1\.0 \(retrain\)/);
  });

  test("a changed config is refused, and one that only looks other is not", () => {
    const folder = copyOf(first);
    const path = join(folder, "config.json");
    changeJson(path, (config) => config);
    succeed(resume(folder));
    changeJson(path, (config) => ({ ...config, seed: 8 }));
    refuse(
      resume(folder),
      /config\.json: config is [0-9a-f]{12}\.\.\.; the run began with [0-9a-f]{12}\.\.\.$/m,
    );
  });

  test("a checkpoint of another run is refused", () => {
    const folder = copyOf(first);
    cpSync(join(guided, "checkpoint.safetensors"), join(folder, "checkpoint.safetensors"));
    refuse(resume(folder), /checkpoint\.safetensors: config is [0-9a-f.]+; the run has [0-9a-f.]+$/m);
  });

  test.each(["given", "trained"])("another guide in place of the one that was %s is refused", (kind) => {
    const folder = copyOf(kind === "given" ? guided : first);
    const path = join(folder, "guide.safetensors");
    const other = join(newFolder(), "run");
    succeed(["guide", "--config", TINY, "--seed", "9", "--out", other]);
    cpSync(join(other, "guide.safetensors"), path);
    refuse(resume(folder), /guide\.safetensors: guide is [0-9a-f.]+; the run began with [0-9a-f.]+$/m);
    if (kind === "given") rmSync(join(folder, "checkpoint.safetensors"));
    else rmSync(path);
    refuse(resume(folder), /guide\.safetensors: (guide is|cannot be read: no such file)/);
  });

  test("a run whose guide was given never trains its own", () => {
    const folder = copyOf(guided);
    for (const name of ["guide.safetensors", "checkpoint.safetensors"]) rmSync(join(folder, name));
    refuse(resume(folder), `${folder}/guide.safetensors: cannot be read: no such file or directory`);
  });
});

describe("the folder of a run", () => {
  test("is one process's alone", () => {
    const folder = copyOf(first);
    const path = join(folder, "run.json");
    const held = lockRecord(path, false);
    const line = `${path}: is locked by another spikewing at work in this folder (wait for it)`;
    refuse(resume(folder), line);
    expect(run(["demo", "--out", folder]).stderr).toContain(`error: ${line}\n`);
    held.release();
    succeed(resume(folder));
  });

  test("is refused while another run is begun in it, and free again when that was cut off", () => {
    const folder = newFolder();
    const begin = ["train", "--config", TINY, "--seed", "7", "--out", folder];
    const held = lockRecord(join(folder, "run.json"), true);
    refuse(begin, /run\.json: is locked by another spikewing/);
    writeFileSync(join(folder, "guide.safetensors"), "of a run that never began");
    held.release(); // as at the end of its process
    refuse(resume(folder), /run\.json: is empty: the run was cut off before it began \(start it again\)/);
    succeed(begin);
    expect(bytesOf(folder, "policy.safetensors").equals(bytesOf(first, "policy.safetensors"))).toBe(true);
  });

  test("is left alone when it holds anything else", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "run.json"), "");
    writeFileSync(join(folder, "notes.txt"), "mine");
    refuse(["train", "--config", TINY, "--out", folder], /is not empty; expected a new or empty folder/);
    expect(readdirSync(folder).sort()).toEqual(["notes.txt", "run.json"]);
  });

  test("is rid of what killed writes have left, and of nothing else", () => {
    const folder = copyOf(first);
    const left = ["checkpoint.safetensors.123.tmp", "curves.svg.9.tmp", "guide-expert.safetensors.7.tmp"];
    for (const name of [...left, "thesis.123.tmp"]) writeFileSync(join(folder, name), "half");
    succeed(resume(folder));
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual(["thesis.123.tmp"]);
  });
});

describe("a damaged metrics.jsonl", () => {
  const lines = (folder: string) => bytesOf(folder, "metrics.jsonl").toString().trimEnd().split("\n");

  test.each<[string, (whole: string[]) => string, number, RegExp]>([
    [
      "a torn last line",
      (whole) => `${whole.join("\n")}\n{"phase":"pol`,
      32,
      /: 1 lines behind the checkpoint or/,
    ],
    ["zeros at its end", (whole) => `${whole.join("\n")}\n${"\0".repeat(500)}`, 32, /: 1 lines behind/],
    [
      "a line of something else in its midst",
      (whole) => whole.with(4, '{"phase":"guide","round":5}').join("\n"),
      31,
      /: 1 of 32 rounds before the checkpoint are missing or damaged\n.*: 1 lines/,
    ],
    ["nothing in it", () => "", 0, /: 32 of 32 rounds before the checkpoint are missing/],
  ])("with %s costs lines and no run, and that is said", (_, damage, left, note) => {
    const folder = copyOf(first);
    writeFileSync(join(folder, "metrics.jsonl"), damage(lines(first)));
    const { stderr } = succeed(resume(folder));
    expect(stderr).toMatch(note);
    expect(lines(folder).filter((line) => line !== "")).toHaveLength(left);
    for (const line of lines(folder)) if (line !== "") JSON.parse(line);
    expect(bytesOf(folder, "policy.safetensors").equals(bytesOf(first, "policy.safetensors"))).toBe(true);
  });
});

test("a training that leaves the numbers stops, says where, and keeps its last checkpoint", () => {
  const folder = copyOf(first);
  const path = join(folder, "checkpoint.safetensors");
  const whole = decodeCheckpoint(readFileSync(path), path);
  const { weights } = decodePolicy(bytesOf(folder, "guide.safetensors"), "guide");
  const at = Buffer.from(whole.memory.buffer).indexOf(weights.subarray(0, 64)); // the guide that flies the jump start
  const memory = whole.memory.fill(0xff, at, at + weights.length); // NaN
  const core = { allocated: () => memory };
  const state = { core, progress: { ...whole.progress, round: 2 } } as unknown as Phase<unknown>;
  const poisoned = encodeCheckpoint("policy", whole.config, whole.identity, state);
  writeFileSync(path, poisoned);
  rmSync(join(folder, "policy.safetensors"));
  const { status, stdout, stderr } = run(resume(folder));
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(
    /^error: policy, round 3: \w+ is NaN; expected a finite number \(.*checkpoint is kept\)$/m,
  );
  expect(bytesOf(folder, "checkpoint.safetensors").equals(poisoned)).toBe(true);
  expect(readdirSync(folder)).not.toContain("policy.safetensors");
});
