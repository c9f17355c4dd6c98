import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Estimate, Report } from "@spikewing/rl";
import { EXPERIMENTS } from "@spikewing/rl";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, succeed } from "./command.ts";

const names = Object.keys(EXPERIMENTS);
const folder = join(newFolder(), "experiments");
let reports: Readonly<Record<string, Report>> = {};

beforeAll(() => {
  const { stdout } = succeed(["experiment", "all", "--scale", "smoke", "--out", folder, "--json"]);
  ({ reports } = JSON.parse(stdout));
});

describe("every experiment at scale smoke", () => {
  test.each(names)("%s: does all its runs, and its results say what each was", (name) => {
    const lines = readFileSync(join(folder, name, "results.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    const results = lines.map((line) => JSON.parse(line));
    expect(results.length).toBeGreaterThan(1);
    for (const result of results) {
      expect(Object.keys(result)).toEqual(["measure", "settings", "seed", "result"]);
      expect(result.measure).toBe(name);
    }
  });

  test.each(names)("%s: every table has its columns, and every figure its error and its n", (name) => {
    const { tables } = reports[name]!;
    expect(tables.length).toBeGreaterThan(0);
    for (const { columns, rows } of tables) {
      expect(rows.length).toBeGreaterThan(1);
      for (const row of rows) expect(row).toHaveLength(columns.length);
      const figures = rows.flat().filter((cell): cell is Estimate => typeof cell !== "string");
      expect(figures.length).toBeGreaterThan(0);
      for (const { mean, standardError, n } of figures) {
        if (n > 0) expect(mean).toEqual(expect.any(Number));
        if (n > 1) expect(standardError).toBeGreaterThanOrEqual(0);
        else expect(standardError).toBeNull();
      }
      expect(figures.some(({ n }) => n > 1)).toBe(true);
    }
  });

  test.each(names)(
    "%s: has a picture as SVG and PNG, with a line in every plot, and a place on the page",
    (name) => {
      const svg = readFileSync(join(folder, name, `${name}.svg`), "utf8");
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      for (const plot of reports[name]!.figure.flat()) {
        expect(svg).toContain(plot.title.replace(/&/g, "&amp;"));
        expect(plot.curves.some(({ points }) => points.length > 0)).toBe(true);
      }
      const png = readFileSync(join(folder, name, `${name}.png`));
      expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
      const page = readFileSync(join(folder, "index.html"), "utf8");
      expect(page).toContain(`id="${name}"`);
      for (const [, link] of page.matchAll(/(?:src|href)="([^"#]+)"/g))
        expect(existsSync(join(folder, link!)), link).toBe(true);
    },
  );

  test("a claim is decided, or said to be undecided", () => {
    const claims = names.flatMap((name) => reports[name]!.claims);
    expect(claims.length).toBeGreaterThan(10);
    for (const { claim, published, ours, verdict } of claims) {
      expect([claim, published, ours].every((text) => text.length > 0)).toBe(true);
      expect(["reproduces", "does not reproduce", "undecided", "not learned", "not comparable"]).toContain(
        verdict,
      );
    }
  });

  test("trainings of two rounds bear out nothing", () => {
    for (const name of ["methods", "ablation", "slope"])
      for (const { claim, verdict } of reports[name]!.claims)
        expect(["not learned", "undecided", "not comparable"], claim).toContain(verdict);
  });

  test("a second call does no run again", () => {
    const { stderr } = succeed(["experiment", "formats", "--scale", "smoke", "--out", folder]);
    expect(stderr).toMatch(/^formats: (\d+) of \1 runs are done already$/m);
    expect(page()).not.toContain("another one than wrote this page");
  });
});

const page = () => readFileSync(join(folder, "index.html"), "utf8");

test("the page says which results are of another program", () => {
  const record = join(folder, "metrics", "sweep.json");
  const own = JSON.parse(readFileSync(record, "utf8"));
  writeFileSync(record, JSON.stringify({ ...own, program: "0".repeat(64) }));
  succeed(["experiment", "formats", "--scale", "smoke", "--out", folder]);
  expect(page().match(/another one than wrote this page/g)).toHaveLength(1);
  expect(page()).toContain("Results</a> of program 000000000000, <strong>another one");
});

test("a report is set anew of results that another program left, without a run of them", () => {
  const own = join(folder, "gradients");
  const kept = readFileSync(join(own, "report.json"), "utf8");
  const record = JSON.parse(readFileSync(join(own, "sweep.json"), "utf8"));
  writeFileSync(join(own, "sweep.json"), JSON.stringify({ ...record, program: "1".repeat(64) }));
  const again = ["experiment", "gradients", "--scale", "smoke", "--out", folder];
  refuse(again, /program is 111111111111\.\.\.; this build has/);
  writeFileSync(join(own, "report.json"), "{}");
  rmSync(join(own, "runs"), { recursive: true });
  succeed([...again, "--report-only"]);
  expect(readFileSync(join(own, "report.json"), "utf8")).toBe(kept);
  expect(existsSync(join(own, "runs"))).toBe(false);
  expect(page()).toContain("Results</a> of program 111111111111, <strong>another one");
});

test("what a reader has laid beside a report stands on the page, in paragraphs, and no tag of it does", () => {
  const text = "Slopes decide:\n1 < 2 +- 0.5.\n\n  Here <b>too</b>.\n";
  writeFileSync(join(folder, "flights", "findings.txt"), text);
  succeed(["experiment", "flights", "--scale", "smoke", "--out", folder, "--report-only"]);
  expect(page().match(/<h3>Findings<\/h3>/g)).toHaveLength(1);
  expect(page()).toContain(
    "<p>Slopes decide: 1 &lt; 2&nbsp;±&nbsp;0.5.</p>\n<p>Here &lt;b&gt;too&lt;/b&gt;.</p>",
  );
});

test("a report of results that are damaged, fewer, none or of another list is refused by file and line", () => {
  const own = join(folder, "formats");
  const path = join(own, "results.jsonl");
  const again = ["experiment", "formats", "--scale", "smoke", "--out", folder, "--report-only"];
  const lines = readFileSync(path, "utf8").split(/(?<=\n)/);
  const refuses = (text: string, message: string) => {
    writeFileSync(path, text);
    refuse(again, new RegExp(`^error: ${path}: ${message}`));
  };
  refuses([lines[1], lines[0], ...lines.slice(2)].join(""), "line 1 is not what that run writes");
  refuses([...lines.slice(0, -1), '{"measure"'].join(""), `line ${lines.length} is not what that run writes`);
  refuses(
    lines.slice(1).join(""),
    `lines: ${lines.length - 1}; expected one for each of ${lines.length} runs`,
  );
  rmSync(path);
  refuse(again, new RegExp(`^error: ${path}: cannot be read`));
  const record = join(own, "sweep.json");
  const identity = JSON.parse(readFileSync(record, "utf8"));
  writeFileSync(record, JSON.stringify({ ...identity, runs: "0".repeat(64) }));
  refuse(again, new RegExp(`^error: ${record}: runs is 000000000000\\.\\.\\.; the list has`));
});

test("flights move: a GIF of each path and drone, of as many frames as the longest flight has", () => {
  const { animations } = JSON.parse(readFileSync(join(folder, "flights", "report.json"), "utf8"));
  expect(animations).toHaveLength(8);
  for (const { file } of animations) {
    const gif = readFileSync(join(folder, "flights", file));
    expect(gif.subarray(0, 6).toString("latin1"), file).toBe("GIF89a");
    expect(gif.at(-1)).toBe(0x3b);
    const frames = gif.toString("latin1").split("\x21\xf9\x04").length - 1; // a control block each
    expect(frames, file).toBeGreaterThan(20);
    expect(page()).toContain(`src="flights/${file}"`);
  }
});

test("an unknown experiment, scale or number of threads is refused with what is accepted", () => {
  refuse(["experiment", "slopes"], /'slopes' is invalid.*Allowed choices are list, all, gradients/);
  refuse(
    ["experiment", "slope", "--scale", "huge"],
    /--scale: "huge"; expected one of smoke, default, paper/,
  );
  refuse(["experiment", "slope", "--workers", "0"], /--workers: "0"; expected an integer from 1 to 1024/);
});
