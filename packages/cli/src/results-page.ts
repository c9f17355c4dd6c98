import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Claim, EXPERIMENTS, printable, type Report, type Table, tableTexts } from "@spikewing/rl";
import { readInput, readJsonObject } from "./input-file.js";
import { authorOf, SWEEP_FILES } from "./sweep/sweep-folder.js";
import { writeWhole } from "./whole-file.js";

/** report.json of an experiment, as experiment.ts writes it. */
interface StoredReport extends Omit<Report, "animations"> {
  readonly animations?: readonly { readonly file: string; readonly title: string }[];
  readonly name: string;
  readonly scale: string;
  readonly title: string;
  readonly question: string;
  readonly seeds: readonly number[];
  readonly runs: number;
}

/** As text of a page; a mean and its error stay on one line. */
const html = (text: string) =>
  printable(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/ \+- /g, "&nbsp;±&nbsp;");

const STYLE = `
body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; color: #22262b; margin: 2rem auto; max-width: 68rem; padding: 0 1rem; }
h2 { margin-top: 3rem; border-top: 1px solid #e4e7eb; padding-top: 1.5rem; }
p { max-width: 46rem; }
img { max-width: 100%; }
.wide { overflow-x: auto; }
.picture { min-width: 40rem; }
table { border-collapse: collapse; margin: 1rem 0; font-size: 0.85rem; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.3rem; }
th, td { text-align: right; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid #e4e7eb; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.claims th, .claims td { text-align: left; white-space: normal; vertical-align: top; }
.reproduces { color: #1d6b3f; } .does-not-reproduce { color: #b8323e; }
@media (max-width: 40rem) {
  .claims { font-size: 0.7rem; }
  .claims th, .claims td { padding-right: 0.4rem; }
}
@media (prefers-color-scheme: dark) {
  :root { color-scheme: dark; background: #0d1113; }
  body { color: #dde5e7; }
  h2, th, td { border-color: #2a3438; }
  .reproduces { color: #7fd1a0; } .does-not-reproduce { color: #ff8a80; }
}
`;

function tableHtml(table: Table): string {
  const [head = [], ...rows] = tableTexts(table);
  const cells = (tag: string, values: readonly string[]) =>
    `<tr>${values.map((value) => `<${tag}>${html(value)}</${tag}>`).join("")}</tr>`;
  return [
    `<div class="wide" tabindex="0"><table><caption>${html(table.caption)}</caption>`,
    cells("th", head),
    ...rows.map((row) => cells("td", row)),
    "</table></div>",
  ].join("\n");
}

function claimsHtml(claims: readonly Claim[]): string {
  if (claims.length === 0) return "";
  const rows = claims.map(
    ({ claim, published, ours, verdict }) =>
      `<tr>${[claim, published, ours].map((text) => `<td>${html(text)}</td>`).join("")}<td class="${verdict.replaceAll(" ", "-")}">${verdict}</td></tr>`,
  );
  return `<div class="wide" tabindex="0"><table class="claims"><caption>Beside what was published</caption>
<tr><th>claim</th><th>published</th><th>ours</th><th></th></tr>
${rows.join("\n")}
</table></div>`;
}

/** What a reader makes of an experiment, in paragraphs of his own, where he has laid them beside its report. */
const FINDINGS = "findings.txt";

function findingsHtml(path: string): string {
  if (!existsSync(path)) return "";
  const text = new TextDecoder().decode(readInput(path, "text"));
  const paragraphs = text.split(/\n\s*\n/).map((paragraph) => paragraph.trim().replace(/\s+/g, " "));
  return [
    "<h3>Findings</h3>",
    ...paragraphs.filter(Boolean).map((paragraph) => `<p>${html(paragraph)}</p>`),
  ].join("\n");
}

function sectionHtml(
  folder: string,
  { name, scale, title, question, seeds, runs, animations = [], tables, claims, notes }: StoredReport,
): string {
  const [first, last] = [Math.min(...seeds), Math.max(...seeds)];
  const { program, isThisOne } = authorOf(join(folder, name));
  const older = isThisOne ? "" : `, <strong>another one than wrote this page</strong>`;
  const command = `spikewing experiment ${name} --scale ${scale}`;
  return [
    `<h2 id="${name}">${html(title)}</h2>`,
    `<p>${html(question)}</p>`,
    `<div class="wide" tabindex="0"><img class="picture" src="${name}/${name}.svg" alt="${html(title)}"></div>`,
    ...animations.map(
      ({ file, title }) => `<img loading="lazy" width="340" src="${name}/${file}" alt="${html(title)}">`,
    ),
    claimsHtml(claims),
    findingsHtml(join(folder, name, FINDINGS)),
    ...(notes.length > 0 ? ["<h3>Notes</h3>"] : []),
    ...notes.map((note) => `<p>${html(note)}</p>`),
    `<details${tables.length > 1 ? "" : " open"}><summary>Tables: mean ± standard error of n runs</summary>`,
    ...tables.map(tableHtml),
    "</details>",
    `<p><code>${command}</code>: ${runs} runs, seeds ${first} to ${last}. <a href="${name}/${SWEEP_FILES.results}">Results</a> of program ${program.slice(0, 12)}${older}, <a href="${name}/${SWEEP_FILES.record}">versions</a>, <a href="${name}/${name}.png">picture</a>.</p>`,
  ].join("\n");
}

/** index.html in a folder of experiments, of all whose reports are there. */
export function writeResultsPage(folder: string): void {
  const reports = Object.keys(EXPERIMENTS)
    .map((name) => join(folder, name, "report.json"))
    .filter((path) => existsSync(path))
    .map((path) => readJsonObject(path) as unknown as StoredReport);
  const contents = reports.map(({ name, title }) => `<li><a href="#${name}">${html(title)}</a></li>`);
  const page = [
    "<!doctype html>",
    `<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Spikewing: results</title>`,
    `<style>${STYLE}</style>`,
    "<h1>Results</h1>",
    `<p>Ours beside those of <em>Adaptive Surrogate Gradients for Sequential Reinforcement Learning in Spiking Neural Networks</em> (arXiv 2510.24461). Means have their standard error and the number of runs; a difference within two standard errors is none. A line is a mean, its band one standard error, a grey dashed line a published one. Results of another program than the one that wrote this page say so.</p>`,
    `<ul>${contents.join("")}</ul>`,
    ...reports.map((report) => sectionHtml(folder, report)),
    "</html>\n",
  ].join("\n");
  writeWhole(join(folder, "index.html"), page);
}
