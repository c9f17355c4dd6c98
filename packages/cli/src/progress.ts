import type { GuideReport, PolicyReport } from "@spikewing/rl";
import { SingleBar } from "cli-progress";
import { formatDuration, printNote, showsBars } from "./print.js";

/** Shows where a phase of training stands, on standard error: a bar on a terminal, else a line an evaluation. */
export interface Progress {
  show(report: GuideReport | PolicyReport): void;
  end(): void;
}

export function startProgress(phase: "guide" | "policy", rounds: number, roundsDone: number): Progress {
  const startedAt = performance.now();
  let lastReturn: number | undefined;
  const bar = showsBars()
    ? new SingleBar({
        format: `${phase.padEnd(6)} {bar} {value}/{total}  {state}`,
        stream: process.stderr,
        hideCursor: true,
        linewrap: false,
        barsize: 24,
      })
    : undefined;
  bar?.start(rounds, roundsDone, { state: "" });

  return {
    show(report) {
      const { round, evaluation } = report;
      lastReturn = evaluation?.meanReturn ?? lastReturn;
      const perRound = (performance.now() - startedAt) / 1000 / (round - roundsDone);
      const left = formatDuration(perRound * (rounds - round));
      const state = [
        lastReturn === undefined ? "return -" : `return ${lastReturn.toFixed(1)}`,
        ...(report.phase === "policy" ? [`slope ${report.surrogateSlope.toFixed(1)}`] : []),
        ...("jumpStartSteps" in report ? [`jump start ${report.jumpStartSteps.toFixed(0)}`] : []),
        `${left} left`,
      ].join("  ");
      if (bar) bar.update(round, { state });
      else if (evaluation) printNote(`${phase.padEnd(6)} ${round}/${rounds}  ${state}`);
    },
    end() {
      bar?.stop();
    },
  };
}
