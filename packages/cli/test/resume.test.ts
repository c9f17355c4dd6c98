import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeCheckpoint } from "@spikewing/rl";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { interruptAt, refuse, succeed, TINY } from "./command.ts";

const unbroken = join(newFolder(), "run");
const ROUNDS = 20 + 12; // of tiny.json

beforeAll(() => {
  succeed(["train", "--config", TINY, "--out", unbroken, "--workers", "1"]);
});

/** Files of the two runs are alike, but for the seconds. */
function expectAlike(folder: string): void {
  for (const name of ["policy", "guide", "checkpoint"]) {
    const bytes = (path: string) => readFileSync(join(path, `${name}.safetensors`));
    expect(bytes(folder).equals(bytes(unbroken)), name).toBe(true);
  }
  const metrics = (path: string) =>
    readFileSync(join(path, "metrics.jsonl"), "utf8").replace(/"seconds":[\d.]+/g, "");
  expect(metrics(folder)).toBe(metrics(unbroken));
}

/** Where a stopped run stands: rounds in its metrics, and the round of its checkpoint. */
function standing(folder: string) {
  const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  const path = join(folder, "checkpoint.safetensors");
  if (!existsSync(path)) return { rounds: lines.length, checkpoint: undefined };
  const { phase, progress } = decodeCheckpoint(readFileSync(path), path);
  return { rounds: lines.length, checkpoint: `round ${progress.round} of ${phase}` };
}

const startArgs = (folder: string, checkpointEvery = "0") => [
  ...["train", "--config", TINY, "--out", folder, "--workers", "1"],
  ...["--checkpoint-every", checkpointEvery],
];

describe("spikewing train --resume", () => {
  test.each([
    { point: "round 9 of guide", every: "1000000", rounds: 9, checkpoint: undefined },
    { point: "round 9 of guide", every: "0", rounds: 9, checkpoint: "round 8 of guide" },
    { point: "round 1 of policy", every: "0", rounds: 21, checkpoint: "round 20 of guide" },
    { point: "round 7 of policy", every: "0", rounds: 27, checkpoint: "round 6 of policy" },
  ])("goes on to the same bytes after a kill in $point, with a checkpoint of $checkpoint", async (stop) => {
    const folder = join(newFolder(), "run");
    const { signal } = await interruptAt(stop.point, startArgs(folder, stop.every), "SIGKILL", () => {
      expect(standing(folder)).toEqual({ rounds: stop.rounds, checkpoint: stop.checkpoint });
    });
    expect(signal).toBe("SIGKILL");
    succeed(["train", "--resume", folder, "--workers", "2"]);
    expectAlike(folder);
  });

  test.each([
    { file: "checkpoint.safetensors", others: ["config.json", "metrics.jsonl", "run.json"] },
    { file: "guide.safetensors", others: ["checkpoint.safetensors", "config.json", "run.json"] },
    { file: "policy.safetensors", others: ["checkpoint.safetensors", "guide.safetensors", "run.json"] },
  ])("goes on to the same bytes after a kill between the write and the rename of $file", async (stop) => {
    const folder = join(newFolder(), "run");
    await interruptAt(`before ${stop.file}`, startArgs(folder), "SIGKILL", () => {
      const names = readdirSync(folder).map((name) => name.replace(/\.\d+\.tmp$/, ".tmp"));
      expect(names).toEqual(expect.arrayContaining([...stop.others, `${stop.file}.tmp`]));
      expect(names).not.toContain(stop.file);
    });
    succeed(["train", "--resume", folder]);
    expectAlike(folder);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test.each([
    { file: "config.json", left: ["config.json.tmp", "run.json"] },
    { file: "guide.safetensors", left: ["config.json", "guide.safetensors.tmp", "run.json"] },
    { file: "run.json", left: ["config.json", "guide.safetensors", "run.json"] },
  ])("refuses what was killed before its $file, which can be started again", async ({ file, left }) => {
    const folder = join(newFolder(), "run");
    const guide = ["--guide", join(unbroken, "guide.safetensors")];
    await interruptAt(`before ${file}`, [...startArgs(folder), ...guide], "SIGKILL", () => {
      expect(readdirSync(folder).map((name) => name.replace(/\.\d+\.tmp$/, ".tmp"))).toEqual(left);
      expect(readFileSync(join(folder, "run.json"), "utf8")).toBe("");
    });
    refuse(["train", "--resume", folder], /run\.json: is empty: the run was cut off before it began/);
    succeed([...startArgs(folder), ...guide]);
    const policy = (path: string) => readFileSync(join(path, "policy.safetensors"));
    expect(policy(folder).equals(policy(unbroken))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "goes on after %s, which writes a checkpoint and says how",
    async (signal) => {
      const folder = join(newFolder(), "run");
      const args = startArgs(folder, "1000000");
      const { code, stderr } = await interruptAt("round 5 of policy", args, signal, () => {
        expect(standing(folder)).toEqual({ rounds: 25, checkpoint: "round 20 of guide" });
      });
      expect(code).toBe(signal === "SIGINT" ? 130 : 143);
      expect(stderr).toMatch(new RegExp(`^interrupted; to go on: spikewing train --resume ${folder}$`, "m"));
      expect(standing(folder)).toEqual({ rounds: 25, checkpoint: "round 5 of policy" });
      succeed(["train", "--resume", folder]);
      expectAlike(folder);
    },
  );

  test("drops a torn last line of the metrics", () => {
    writeFileSync(join(unbroken, "metrics.jsonl"), '{"phase":"policy","rou', { flag: "a" });
    succeed(["train", "--resume", unbroken]);
    const lines = readFileSync(join(unbroken, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(ROUNDS);
    expect(() => lines.map((line) => JSON.parse(line))).not.toThrow();
  });

  test("takes no flag that the run folder answers", () => {
    refuse(
      ["train", "--resume", unbroken, "--seed", "1"],
      "option '--resume <dir>' cannot be used with option '--seed <n>'",
    );
  });

  test("refuses a cut or damaged checkpoint by name, and changes nothing", async () => {
    const folder = join(newFolder(), "run");
    await interruptAt("round 9 of guide", startArgs(folder), "SIGKILL", () => {
      expect(standing(folder)).toEqual({ rounds: 9, checkpoint: "round 8 of guide" });
    });
    const path = join(folder, "checkpoint.safetensors");
    const bytes = readFileSync(path);
    const metrics = readFileSync(join(folder, "metrics.jsonl"), "utf8");
    for (const cut of [0, 100, bytes.length - 1]) {
      writeFileSync(path, bytes.subarray(0, cut));
      refuse(["train", "--resume", folder], new RegExp(`^error: ${path}: `));
    }
    bytes[bytes.length - 1000]! ^= 1;
    writeFileSync(path, bytes);
    refuse(["train", "--resume", folder], `${path}: the checksum does not match (the file is damaged)`);
    expect(readFileSync(join(folder, "metrics.jsonl"), "utf8")).toBe(metrics);
  });

  test("refuses a folder without a run", () => {
    refuse(["train", "--resume", "nowhere"], "nowhere/run.json: cannot be read: no such file or directory");
  });
});
