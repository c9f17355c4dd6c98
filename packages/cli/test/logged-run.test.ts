import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, succeed } from "./command.ts";

const POLICY = {
  actor: { hidden: [16, 8] },
  criticHidden: [16],
  environments: 16,
  updatesPerRound: 4,
  rounds: 2,
  bufferEpisodes: 32,
  batchSize: 8,
  evaluateEvery: 2,
  evaluationEpisodes: 8,
};

test("spikewing train --logs learns from our own flights, and goes on with the very same files alone", () => {
  const folder = newFolder();
  for (const seed of ["1", "2"]) {
    const hover = ["--trajectory", "hover", "--seconds", "5", "--seed", seed];
    succeed(["fly", ...hover, "--out", join(folder, seed)]);
  }
  const logs = ["1", "2"].map((seed) => join(folder, seed, "flight.csv"));
  const config = join(folder, "tiny.json");
  writeFileSync(config, JSON.stringify({ policy: POLICY }));
  const out = join(folder, "run");
  const args = ["train", "--config", config, "--out", out, "--workers", "1"];

  refuse(
    ["train", "--logs", ...logs, "--out", out],
    /^error: configuration: logs is no field; expected one of /,
  );
  refuse([...args, "--algorithm", "bc", "--logs", config], /tiny\.json: has no column Timestamp/);
  refuse([...args, "--columns", "spikewing"], "--columns: is given without logs; expected --logs too");
  refuse(
    [...args, "--logs", logs[0]!, "--guide", config],
    /option '--logs.*' cannot be used with option '--guide/,
  );
  const many = Array.from({ length: 33 }, () => logs[0]!);
  refuse(
    [...args, "--algorithm", "bc", "--logs", ...many],
    `${config}: policy.bufferEpisodes is 32; expected at least 36 (the logs hold 33 episodes)`,
  );
  expect(existsSync(out)).toBe(false);

  succeed([...args, "--algorithm", "bc", "--logs", ...logs], folder);
  const { files } = JSON.parse(readFileSync(join(out, "config.json"), "utf8")).logs;
  expect(files.map(({ file }: { file: string }) => file)).toEqual(logs);
  const metrics = readFileSync(join(out, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(metrics.at(-1)).toMatchObject({ round: 2, environmentSteps: 1000 });

  appendFileSync(logs[1]!, "\n");
  refuse(
    ["train", "--resume", out],
    /2\/flight\.csv: sha256 is [0-9a-f]{12}.*; the run began with [0-9a-f]{12}/,
  );
});
