import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { interrupt, newFolder, refuse, succeed, TINY } from "./command.ts";

/** Longer than the tiny run, so that there is time to end it. */
const config = join(newFolder(), "longer.json");
const unbroken = join(newFolder(), "run");
const GUIDE_ROUNDS = 60;

beforeAll(() => {
  const tiny = JSON.parse(readFileSync(TINY, "utf8"));
  tiny.guide.rounds = GUIDE_ROUNDS;
  tiny.policy.rounds = 60;
  tiny.guide.bufferEpisodes = 32;
  tiny.guide.firstUpdateAt = 300; // what so small a buffer holds of crashes
  tiny.policy.bufferEpisodes = 36;
  writeFileSync(config, JSON.stringify(tiny));
  succeed(["train", "--config", config, "--out", unbroken, "--workers", "1"]);
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

const startArgs = (folder: string) => ["train", "--config", config, "--out", folder, "--workers", "1"];

describe("spikewing train --resume", () => {
  test.each([
    ["before its first checkpoint", 3, "600"],
    ["while it trains the guide", 30, "0.02"],
    ["while it trains the policy", GUIDE_ROUNDS + 20, "0.02"],
  ])("goes on to the same bytes after a kill %s", async (_, lines, checkpointEvery) => {
    const folder = join(newFolder(), "run");
    const args = [...startArgs(folder), "--checkpoint-every", checkpointEvery];
    const { code } = await interrupt(args, folder, lines, "SIGKILL");
    expect(code).toBe(null);
    succeed(["train", "--resume", folder, "--workers", "2"]);
    expectAlike(folder);
  });

  test("goes on after Ctrl-C, which writes a checkpoint and says how", async () => {
    const folder = join(newFolder(), "run");
    const { code, stderr } = await interrupt(startArgs(folder), folder, GUIDE_ROUNDS + 5, "SIGINT");
    expect(code).toBe(130);
    expect(stderr).toMatch(new RegExp(`^interrupted; to go on: spikewing train --resume ${folder}$`, "m"));
    succeed(["train", "--resume", folder]);
    expectAlike(folder);
  });

  test("drops a torn last line of the metrics", () => {
    writeFileSync(join(unbroken, "metrics.jsonl"), '{"phase":"policy","rou', { flag: "a" });
    succeed(["train", "--resume", unbroken]);
    const lines = readFileSync(join(unbroken, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(GUIDE_ROUNDS + 60);
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
    const args = [...startArgs(folder), "--checkpoint-every", "0.02"];
    await interrupt(args, folder, 10, "SIGKILL");
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
