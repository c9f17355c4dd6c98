import type { GuideReport, PolicyReport } from "@spikewing/rl";
import { SingleBar } from "cli-progress";
import { formatDuration, printNote, showsBars } from "./print.js";

/** A bar on standard error; undefined where none may be drawn. */
export function drawBar(title: string, total: number, done: number, state = ""): SingleBar | undefined {
  if (!showsBars()) return undefined;
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total}  {state}`,
    stream: process.stderr,
    hideCursor: true,
    linewrap: false,
    barsize: 24,
  });
  bar.start(total, done, { state });
  return bar;
}

/**
 * Does work piece by piece, and shows which one is in hand. Without a terminal nothing is shown.
 *
 * @param work may tell how much of a piece is done
 * @param size of each piece, in what `work` tells
 */
export function inPieces<P, R>(
  title: string,
  pieces: readonly P[],
  nameOf: (piece: P) => string,
  work: (piece: P, tell: (done: number) => void) => R,
  size = 1,
): R[] {
  const [first] = pieces;
  const bar = first === undefined ? undefined : drawBar(title, size * pieces.length, 0, nameOf(first));
  try {
    return pieces.map((piece, i) => {
      const tell = (done: number) => bar?.update(size * i + done, { state: nameOf(piece) });
      tell(0);
      return work(piece, tell);
    });
  } finally {
    bar?.stop();
  }
}

/** Does one piece of work that may take seconds. */
export const inOnePiece = <R>(title: string, what: string, work: () => R): R =>
  inPieces(title, [what], String, work)[0]!;

/** Shows where a phase of training stands, on standard error: a bar on a terminal, else a line an evaluation. */
export interface Progress {
  show(report: GuideReport | PolicyReport): void;
  end(): void;
}

export function startProgress(phase: "guide" | "policy", rounds: number, roundsDone: number): Progress {
  const startedAt = performance.now();
  let lastReturn: number | undefined;
  const bar = drawBar(phase.padEnd(6), rounds, roundsDone);

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
