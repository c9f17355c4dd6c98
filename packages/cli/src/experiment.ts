import { join } from "node:path";
import { type Animation, EXPERIMENTS, type ExperimentName, listRuns, type Scale } from "@spikewing/rl";
import { drawAnimation } from "./animation.js";
import { formatTable, printNote, printResult } from "./print.js";
import { inPieces } from "./progress.js";
import { formatReport, writePicture } from "./report.js";
import { writeResultsPage } from "./results-page.js";
import { requireNoFaults } from "./sweep/run-sweep.js";
import { type OutcomeFlags, outcomesOf } from "./sweep.js";
import { toJson, writeWhole } from "./whole-file.js";

export interface ExperimentFlags extends OutcomeFlags {
  readonly scale?: Scale;
  readonly out?: string;
  readonly json?: boolean;
}

/** Does one experiment, or all, and renews the page of their results; a second call goes on where the first was ended. */
export async function experiment(choice: string, flags: ExperimentFlags): Promise<void> {
  const { scale = "default" } = flags;
  const names = Object.keys(EXPERIMENTS) as ExperimentName[];
  if (choice === "list") {
    const list = names.map((name) => ({
      name,
      runs: listRuns(name, EXPERIMENTS[name], scale).length,
      title: EXPERIMENTS[name].title,
    }));
    printResult(
      flags.json,
      list,
      formatTable(list.map(({ name, runs, title }) => [`${name}  ${title}`, `${runs} runs`])),
    );
    return;
  }
  const folder = flags.out ?? join("experiments", scale);
  const chosen = choice === "all" ? names : names.filter((name) => name === choice);
  const reports: Record<string, object> = {};
  for (const name of chosen) {
    const report = await conduct(name, scale, folder, flags);
    if (!report) return;
    reports[name] = report;
  }
  printResult(flags.json, { folder, scale, reports }, [`wrote ${join(folder, "index.html")}`]);
}

/** Runs, table, picture and page of one experiment; undefined when a signal ended it. */
async function conduct(name: ExperimentName, scale: Scale, folder: string, flags: ExperimentFlags) {
  const { title, question, report: reportOn } = EXPERIMENTS[name];
  const runs = listRuns(name, EXPERIMENTS[name], scale);
  const own = join(folder, name);
  const command = `spikewing experiment ${name} --scale ${scale} --out ${folder}`;
  const outcomes = await outcomesOf(command, name, own, runs, flags);
  if (!outcomes) return undefined;
  requireNoFaults(own, outcomes);
  const report = reportOn(outcomes);
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  writePicture(own, name, title, report.figure);
  const draw = (animation: Animation) => {
    const file = `${animation.name}.gif`;
    writeWhole(join(own, file), drawAnimation(animation));
    return { file, title: animation.title };
  };
  const animations = report.animations && inPieces("draw", report.animations, (one) => one.name, draw);
  writeWhole(
    join(own, "report.json"),
    toJson({ name, scale, title, question, seeds, runs: runs.length, ...report, animations }),
  );
  writeResultsPage(folder);
  if (!flags.json) for (const line of [title, ...formatReport(report), ""]) printNote(line);
  return report;
}
