import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { COMMAND, refuse, succeed } from "./command.ts";
import { type Cluster, hasSlurm, startCluster } from "./slurm-cluster.ts";

const sweepOf = (folder: string, ...more: string[]) => [
  ...["experiment", "gradients", "--scale", "smoke", "--out", folder],
  ...more,
];
const results = (folder: string) => readFileSync(join(folder, "gradients", "results.jsonl"), "utf8");
const needs = hasSlurm ? "" : " (needs root, and Debian's slurmctld, slurmd, slurm-client and munge)";

test.skipIf(hasSlurm)("without sbatch the engine is refused in a line", () => {
  refuse(sweepOf(join(newFolder(), "sweep"), "--engine", "slurm"), /^error: sbatch: is not installed here/);
});

describe.skipIf(!hasSlurm)(`a sweep on a Slurm cluster of this machine alone${needs}`, () => {
  let cluster: Cluster;
  const local = join(newFolder(), "sweep");
  beforeAll(async () => {
    cluster = await startCluster(newFolder());
    succeed(sweepOf(local, "--workers", "1"));
  });
  afterAll(() => cluster?.stop());

  const onCluster = (folder: string) =>
    spawnSync(process.execPath, [COMMAND, ...sweepOf(folder, "--engine", "slurm", "--workers", "2")], {
      encoding: "utf8",
      env: cluster.env,
    });

  test("gives the bytes of one on this machine", () => {
    const folder = join(newFolder(), "sweep");
    const { status, stderr } = onCluster(folder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("gradients 12/12") });
    expect(results(folder)).toBe(results(local));
  });

  test("that was killed is gone on with: only what was not finished is done again", async () => {
    const folder = join(newFolder(), "sweep");
    const child = spawn(
      process.execPath,
      [COMMAND, ...sweepOf(folder, "--engine", "slurm", "--workers", "1")],
      {
        env: cluster.env,
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (/^gradients \d+\/12/m.test(text)) child.kill("SIGINT");
    });
    expect(await once(child, "close")).toEqual([130, null]);
    const before = readdirSync(join(folder, "gradients", "runs")).length;
    expect(before).toBeGreaterThan(0);
    expect(onCluster(folder).status).toBe(0);
    expect(results(folder)).toBe(results(local));
  });
});
