import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeCheckpoint, decodePolicy } from "@spikewing/rl";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, run, succeed, TINY } from "./command.ts";

const folder = join(newFolder(), "run");
const read = (name: string) => readFileSync(join(folder, name));
const readText = (name: string) => readFileSync(join(folder, name), "utf8");
let output: ReturnType<typeof succeed>;

beforeAll(() => {
  output = succeed(["train", "--config", TINY, "--seed", "7", "--out", folder, "--json"]);
});

describe("spikewing train", () => {
  test("prints one JSON document on standard output, and progress on standard error", () => {
    const result = JSON.parse(output.stdout);
    expect(result.folder).toBe(folder);
    expect(result.config.seed).toBe(7);
    expect(result.scores.map(({ role }: { role: string }) => role)).toEqual(["policy", "guide"]);
    expect(output.stderr).toMatch(
      /^guide {2}5\/20 {2}return \S+ {2}.* left$[\s\S]*^policy 12\/12 .* slope 10\.0 {2}jump start 0 /m,
    );
  });

  test("leaves a whole run folder and no temporary files", () => {
    expect(readdirSync(folder).map((name) => name.replace(/tfevents\.\d+/, "tfevents.TIME"))).toEqual([
      "checkpoint.safetensors",
      "config.json",
      "curves.svg",
      "evaluation.json",
      "events.out.tfevents.TIME.spikewing",
      "flight.svg",
      "guide-expert.safetensors",
      "guide.safetensors",
      "metrics.jsonl",
      "policy.safetensors",
      "run.json",
    ]);
  });

  test("writes policy, guide and checkpoint that rl reads", () => {
    const config = JSON.parse(readText("config.json"));
    const policy = decodePolicy(read("policy.safetensors"), "policy");
    expect(policy.shape).toEqual(config.policy.actor);
    expect(policy.record).toMatchObject({ seed: 7, guide: { algorithm: "td3-guide", level: "expert" } });
    expect(decodePolicy(read("guide.safetensors"), "guide").critics).toBeDefined();
    const checkpoint = decodeCheckpoint(read("checkpoint.safetensors"), "checkpoint");
    expect(checkpoint).toMatchObject({ phase: "policy", config, progress: { round: 12 } });
  });

  test("writes a line of metrics a round, with the scores of every evaluation", () => {
    const lines = readText("metrics.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ phase, round }) => `${phase} ${round}`)).toEqual([
      ...Array.from({ length: 20 }, (_, i) => `guide ${i + 1}`),
      ...Array.from({ length: 12 }, (_, i) => `policy ${i + 1}`),
    ]);
    expect(lines.filter(({ evaluation }) => evaluation)).toHaveLength(20 / 5 + 12 / 3);
    expect(lines.at(-1).evaluation.returns).toBeUndefined();
    expect(lines.at(-1).seconds).toBeGreaterThan(lines[0].seconds);
  });

  test("scores the policy as `spikewing evaluate` does", () => {
    const { scores } = JSON.parse(readText("evaluation.json"));
    const again = JSON.parse(succeed(["evaluate", join(folder, "policy.safetensors"), "--json"]).stdout);
    expect(again.scores.slice(0, 2)).toEqual(scores);
  });

  test("draws curves and a flight", () => {
    for (const name of ["curves.svg", "flight.svg"]) {
      const picture = readText(name);
      expect(picture).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
      expect(picture).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test("gives the same bytes with 1, 2 and 4 workers", () => {
    for (const workers of ["1", "2", "4"]) {
      const other = join(newFolder(), "run");
      succeed(["train", "--config", TINY, "--seed", "7", "--out", other, "--workers", workers]);
      for (const name of ["guide.safetensors", "policy.safetensors", "evaluation.json"]) {
        const text = (path: string) => readFileSync(join(path, name), "latin1").replaceAll(path, "");
        expect(text(other) === text(folder), `${name}, ${workers} workers`).toBe(true);
      }
    }
  });

  test("gives other bytes for another seed", () => {
    const other = join(newFolder(), "run");
    succeed(["train", "--config", TINY, "--seed", "8", "--out", other]);
    const policy = (path: string) => decodePolicy(readFileSync(join(path, "policy.safetensors")), path);
    expect(policy(other).weights).not.toEqual(policy(folder).weights);
  });

  test("lets flags win over the config file, and the config file over the preset", () => {
    const other = join(newFolder(), "run");
    const flags = ["--algorithm", "bc", "--airframe", "crazyflie-l2f-py", "--guide-level", "novice"];
    succeed(["train", "--config", TINY, "--preset", "paper", ...flags, "--out", other]);
    const config = JSON.parse(readFileSync(join(other, "config.json"), "utf8"));
    expect(config).toMatchObject({
      preset: "paper",
      algorithm: "bc",
      seed: 0,
      guideLevel: "novice",
      task: { airframe: "crazyflie-l2f-py", reward: "paper-start" },
      policy: { alpha: 0, rounds: 12, batchSize: 8 },
    });
  });

  test("takes a guide from a file instead of training one", () => {
    const other = join(newFolder(), "run");
    const guide = join(folder, "guide.safetensors");
    succeed(["train", "--config", TINY, "--seed", "7", "--guide", guide, "--out", other]);
    const metrics = readFileSync(join(other, "metrics.jsonl"), "utf8");
    expect(metrics).not.toContain('"phase":"guide"');
    const policy = (path: string) => readFileSync(join(path, "policy.safetensors"));
    expect(policy(other).equals(policy(folder))).toBe(true);
  });

  test("names a run by its algorithm, preset and seed when no folder is given", () => {
    const cwd = newFolder();
    succeed(["train", "--config", TINY, "--seed", "9"], cwd);
    expect(readdirSync(join(cwd, "runs"))).toEqual(["td3bc-jsrl-fast-seed9"]);
    const again = run(["train", "--config", TINY, "--seed", "9"], cwd);
    expect(again.stderr).toMatch(/^error: runs\/td3bc-jsrl-fast-seed9: is not empty; .* --resume /);
  });
});

describe("spikewing guide", () => {
  test("trains the guide of `spikewing train`, and nothing else", () => {
    const other = join(newFolder(), "run");
    const { stdout } = succeed(["guide", "--config", TINY, "--seed", "7", "--out", other, "--json"]);
    expect(JSON.parse(stdout).scores.map(({ role }: { role: string }) => role)).toEqual(["guide"]);
    expect(readdirSync(other)).not.toContain("policy.safetensors");
    expect(
      readFileSync(join(other, "guide-expert.safetensors")).equals(read("guide-expert.safetensors")),
    ).toBe(true);
  });
});

describe("spikewing demo", () => {
  test("trains once, and shows the same result when called again", () => {
    const cwd = newFolder();
    const args = ["demo", "--config", TINY, "--seed", "7", "--json"];
    const first = JSON.parse(succeed(args, cwd).stdout);
    const second = JSON.parse(succeed(args, cwd).stdout);
    expect(second.scores).toEqual(first.scores);
    expect(readdirSync(join(cwd, first.folder))).toContain("flight.svg");
    const policy = readFileSync(join(cwd, first.folder, "policy.safetensors"));
    expect(policy.equals(read("policy.safetensors"))).toBe(true);
  });

  test("refuses a seed or a config that is not that of the run it would go on with", () => {
    const elsewhere = "(name another folder with --out, or leave the flag out)";
    const begun = ["demo", "--out", folder];
    refuse([...begun, "--seed", "999"], `${folder}: seed is 999; the run there has 7 ${elsewhere}`);
    const config = join(newFolder(), "other.json");
    const tiny = JSON.parse(readFileSync(TINY, "utf8"));
    writeFileSync(config, JSON.stringify({ ...tiny, policy: { ...tiny.policy, gamma: 0.5 } }));
    refuse(
      [...begun, "--config", config],
      `${folder}: policy.gamma is 0.5; the run there has 0.99 ${elsewhere}`,
    );
  });
});
