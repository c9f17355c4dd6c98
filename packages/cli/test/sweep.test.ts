import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { COMMAND, interruptAt, refuse, run, succeed } from "./command.ts";

const RUNS = 12; // of gradients at scale smoke: no training in them
const sweepOf = (folder: string, workers: number) => [
  ...["experiment", "gradients", "--scale", "smoke"],
  ...["--out", folder, "--workers", String(workers)],
];
const own = (folder: string) => join(folder, "gradients");
const results = (folder: string) => readFileSync(join(own(folder), "results.jsonl"), "utf8");
const finished = (folder: string) =>
  existsSync(join(own(folder), "runs"))
    ? readdirSync(join(own(folder), "runs")).filter((name) => name.endsWith(".json"))
    : [];

const unbroken = join(newFolder(), "sweep");
beforeAll(() => {
  const { stderr } = succeed(sweepOf(unbroken, 1));
  expect(stderr).not.toContain("Warning"); // however many runs a thread does
});

/** Starts the sweep and kills it as soon as it says that a run has ended: in the middle of the next. */
async function killAfterOneRun(folder: string, workers: number): Promise<void> {
  const child = spawn(process.execPath, [COMMAND, ...sweepOf(folder, workers)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (/^gradients \d+\//m.test(text)) child.kill("SIGKILL");
  });
  await once(child, "close");
}

describe("a sweep", () => {
  test("gives the same bytes with any number of threads", () => {
    const folder = join(newFolder(), "sweep");
    succeed(sweepOf(folder, 3));
    expect(results(folder)).toBe(results(unbroken));
    expect(results(folder).trimEnd().split("\n")).toHaveLength(RUNS);
  });

  test("that is killed ten times, in runs and between write and rename, gives the bytes of an unbroken one", async () => {
    const folder = join(newFolder(), "sweep");
    for (let kill = 0; kill < 10; kill++) {
      const before = finished(folder);
      if (kill % 2 === 0) {
        const next = `${String(before.length + 1).padStart(5, "0")}.json`; // with one thread runs end in order
        await interruptAt(`before ${next}`, sweepOf(folder, 1), "SIGKILL", () => {
          expect(finished(folder)).toEqual(before);
        });
        expect(finished(folder)).toEqual(before);
      } else {
        await killAfterOneRun(folder, 1);
        expect(finished(folder).length).toBeGreaterThan(before.length);
      }
      const kept = before.map((name) => readFileSync(join(own(folder), "runs", name), "utf8"));
      const first = results(unbroken).split("\n").slice(0, kept.length);
      expect(kept).toEqual(first.map((line) => `${line}\n`));
    }
    const left = finished(folder).length;
    const { stderr } = succeed(sweepOf(folder, 2));
    if (left < RUNS) expect(stderr).toContain(`gradients: ${left} of ${RUNS} runs are done already`);
    expect(results(folder)).toBe(results(unbroken));
    expect(readdirSync(join(own(folder), "runs")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("says after Ctrl-C how to go on", async () => {
    const folder = join(newFolder(), "sweep");
    const { code, stderr } = await interruptAt("before 00002.json", sweepOf(folder, 1), "SIGINT", () => {});
    expect(code).toBe(130);
    expect(stderr).toContain(`to go on: spikewing experiment gradients --scale smoke --out ${folder}`);
    succeed(sweepOf(folder, 1));
    expect(results(folder)).toBe(results(unbroken));
  });

  test("refuses results of another program or of another list by name", () => {
    const folder = newFolder();
    mkdirSync(own(folder));
    const record = join(own(folder), "sweep.json");
    const identity = JSON.parse(readFileSync(join(own(unbroken), "sweep.json"), "utf8"));
    for (const field of ["program", "core", "runs"]) {
      writeFileSync(record, JSON.stringify({ ...identity, [field]: "0".repeat(64) }));
      refuse(
        sweepOf(folder, 1),
        new RegExp(`^error: ${record}: ${field} is 000000000000\\.\\.\\.; th(is|e) `),
      );
    }
    expect(finished(folder)).toEqual([]);
  });

  test("refuses a damaged result, and a folder that holds something else, by name", () => {
    const folder = newFolder();
    mkdirSync(join(own(folder), "runs"), { recursive: true });
    writeFileSync(join(own(folder), "sweep.json"), readFileSync(join(own(unbroken), "sweep.json")));
    const file = join(own(folder), "runs", "00003.json");
    const [first] = results(unbroken).split("\n");
    for (const text of ["", '{"measure"', "{}\n", `${first}\n`]) {
      writeFileSync(file, text);
      refuse(sweepOf(folder, 1), new RegExp(`^error: ${file}: is not what this run writes`));
    }
    const other = newFolder();
    mkdirSync(own(other));
    writeFileSync(join(own(other), "notes.txt"), "");
    refuse(
      sweepOf(other, 1),
      /gradients: is not empty; expected a new or empty folder, or that of this sweep/,
    );
  });
});

describe("spikewing sweep", () => {
  const small = {
    policy: {
      ...{ drones: 32, rounds: 2, windowsPerRound: 4, shortWindow: 20, longWindow: 20, longestWindow: 20 },
      ...{ evaluateEvery: 1, evaluationEpisodes: 4, actor: { hidden: [16, 8] } },
    },
  };
  const fileOf = (list: object) => {
    const file = join(newFolder(), "slopes.json");
    writeFileSync(file, JSON.stringify(list));
    return file;
  };

  test("trains every run with every seed, and tells what failed without losing the others", () => {
    const slope = (value: number) => ({
      policy: { ...small.policy, surrogateSlope: { kind: "fixed", slope: value } },
    });
    /** Untrained drones crash so soon that 64 of their episodes never hold that many transitions. */
    const lost = {
      algorithm: "td3bc-jsrl",
      guide: {
        ...{ environments: 16, stepsPerRound: 40, rounds: 50, firstUpdateAt: 20_000, bufferEpisodes: 64 },
        ...{ actor: { hidden: [16] }, criticHidden: [16], evaluateEvery: 50, evaluationEpisodes: 4 },
      },
      policy: { environments: 16, rounds: 1, bufferEpisodes: 64, batchSize: 8, criticHidden: [16] },
    };
    const file = fileOf({
      $schema: "sweep.schema.json",
      seeds: [1, 2],
      episodes: 4,
      runs: [
        { name: "lost", config: lost, seeds: [1] },
        { name: "slope 2", config: slope(2) },
        { name: "slope 50", config: slope(50), seeds: [3] },
      ],
    });
    const folder = newFolder();
    const out = join(folder, "a");
    const { status, stdout, stderr } = run(["sweep", file, "--out", out, "--workers", "1", "--json"]);
    expect(status).toBe(1);
    expect(stderr).toContain(`error: ${out}: 1 of 4 runs failed, the first with: guide: the buffer held `);
    const { report } = JSON.parse(stdout);
    expect(report.tables[0].rows.map(([name, { n }]: [string, { n: number }]) => [name, n])).toEqual([
      ["lost", 0],
      ["slope 2", 2],
      ["slope 50", 1],
    ]);
    expect(readdirSync(out).sort()).toEqual([
      "list.json",
      "results.jsonl",
      "runs",
      "seconds",
      "sweep.json",
      "sweep.png",
      "sweep.svg",
    ]);
    const seconds = JSON.parse(readFileSync(join(out, "seconds", "00002.json"), "utf8"));
    expect(seconds).toHaveLength(2); // of processor time, at each validation
    expect(seconds[0]).toBeGreaterThan(0);
    expect(seconds[1]).toBeGreaterThan(seconds[0]);
    const again = run(["sweep", file, "--out", out]);
    expect(again.stderr).toContain("slopes.json: 4 of 4 runs are done already"); // a fault is a result
    const picture = readFileSync(join(out, "sweep.svg"), "utf8");
    rmSync(join(out, "sweep.svg"));
    rmSync(join(out, "runs"), { recursive: true });
    const anew = run(["sweep", file, "--out", out, "--report-only", "--json"]);
    expect(JSON.parse(anew.stdout).report).toEqual(report);
    expect(readFileSync(join(out, "sweep.svg"), "utf8")).toBe(picture);
  });

  test("refuses a list by file, field, value and what is accepted, before anything is written", () => {
    const place = (list: object) => {
      const file = fileOf(list);
      return { file, args: ["sweep", file, "--out", join(newFolder(), "sweep")] };
    };
    const empty = place({ runs: [] });
    refuse(empty.args, new RegExp(`^error: ${empty.file}: runs is \\[\\]; .*>=1`));
    const unknown = place({ runs: [{ name: "a" }], seed: 3 });
    refuse(unknown.args, new RegExp(`^error: ${unknown.file}: .*seed`));
    const field = place({ runs: [{ name: "a", config: { policy: { drone: 4 } } }] });
    refuse(field.args, new RegExp(`^error: ${field.file}: runs\\.0\\.config: policy\\.drone is no field`));
    const value = place({ runs: [{ name: "a", config: { policy: { drones: 5 } } }] });
    refuse(value.args, new RegExp(`^error: ${value.file}: runs\\.0\\.config: policy\\.drones is 5`));
    expect(run(["sweep", "nowhere.json"]).stderr).toMatch(/^error: nowhere\.json: cannot be read/);
    expect(existsSync(value.args[3]!)).toBe(false);
  });
});
