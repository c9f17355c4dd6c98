import { COLOURS, drawChart, type Point, type Series } from "#chart";
import { PAPER_RETURN, type Race, type Spent, type Training } from "./race.js";

const MINUTE = 60;

/** Return in validation over minutes, on the clock and of all threads. */
export function drawRace({ trainings, seed, workers, cpu }: Race): string {
  const panel = (xLabel: string, of: (spent: Spent) => number) => {
    const end = Math.max(...trainings.map(of)) / MINUTE;
    const curve = (label: string, colour: string, training: Training, phase: "guide" | "policy"): Series => ({
      label,
      colour,
      dashed: phase === "guide",
      points: training.points
        .filter((point) => point.phase === phase)
        .map((point): Point => [of(point) / MINUTE, point.meanReturn]),
    });
    const [apg, guided] = trainings;
    return {
      title: "Return in validation (200 episodes)",
      xLabel,
      yLabel: "return",
      xDomain: [0, end] as const,
      yIncludes: [0, 500],
      series: [
        curve(apg.algorithm, COLOURS.policy, apg, "policy"),
        curve(guided.algorithm, COLOURS.second, guided, "policy"),
        curve("its guide", COLOURS.second, guided, "guide"),
        {
          label: `${PAPER_RETURN}, the paper's`,
          colour: COLOURS.quiet,
          points: [
            [0, PAPER_RETURN],
            [end, PAPER_RETURN],
          ] as const,
        },
      ],
    };
  };
  const row = [
    panel("minutes on the clock", ({ seconds }) => seconds),
    panel("minutes of processor, all threads", ({ processorSeconds }) => processorSeconds),
  ];
  return drawChart(`From nothing, preset fast, seed ${seed}, ${workers} threads, ${cpu}`, [row], 1200, 340);
}
