import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { fixed } from "./number-text.js";
import { byId } from "./page.js";
import { DRONE_COLOURS, type Palette } from "./theme.js";
import type { TrainPoint } from "./train-messages.js";
import { describeScore, type TrainRun } from "./training.js";

/** Curves of one run or of several over each other. */
export interface TrainingCharts {
  /** @param runs each with its name; the first is the one in training */
  show(runs: readonly NamedRun[], palette: Palette): void;
}

export interface NamedRun extends TrainRun {
  readonly name: string;
}

/** Strokes of runs in their order: told apart without colour too. */
export const DASHES = [[], [9, 4], [3, 3], [12, 3, 3, 3], [6, 6], [2, 5]] as const;

/** Runs that can be told apart. */
export const MAX_SHOWN = DRONE_COLOURS.length;

type Curve = (point: TrainPoint) => number | undefined;

interface Line {
  readonly run: number;
  readonly of: Curve;
  /** An edge of a band, which its neighbour fills. */
  readonly isEdge?: boolean;
  readonly isThin?: boolean;
}

interface Chart {
  readonly id: string;
  readonly what: string;
  readonly range: readonly [number, number];
  /** Of the range, those that are written. */
  readonly marks: readonly number[];
  readonly isLogarithmic: boolean;
  readonly curve: Curve;
  /** Said where no run has one. */
  readonly absent: string;
}

/** Scales that hold for every run, so that no axis moves while one learns. */
const CHARTS: readonly Chart[] = [
  {
    id: "curve-return",
    what: "Validation return",
    range: [-20, 500], // who falls at once has a little less than nothing
    marks: [0, 100, 200, 300, 400, 500],
    isLogarithmic: false,
    curve: ({ validation }) => validation?.meanReturn,
    absent: "no validation yet",
  },
  {
    id: "curve-slope",
    what: "Surrogate slope",
    range: [1, 100],
    marks: [1, 10, 100],
    isLogarithmic: true,
    curve: ({ surrogateSlope }) => surrogateSlope,
    absent: "none",
  },
  {
    id: "curve-jump",
    what: "Steps that the guide flies",
    range: [0, 500],
    marks: [0, 250, 500],
    isLogarithmic: false,
    curve: ({ jumpStartSteps }) => jumpStartSteps,
    absent: "none",
  },
];

/** The band about the mean: one standard error to each side. */
const edge =
  (sign: number): Curve =>
  ({ validation }) =>
    validation && validation.meanReturn + sign * validation.standardError;

/** The points of the phase that a run is in. */
const shownPoints = ({ points }: TrainRun) => {
  const phase = points.at(-1)?.phase;
  return points.filter((point) => point.phase === phase);
};

function linesOf({ id, curve }: Chart, runs: readonly NamedRun[]): readonly Line[] {
  return runs.flatMap((_, run): Line[] => {
    if (id !== "curve-return") return [{ run, of: curve }];
    const alone: Line[] =
      runs.length === 1 ? [{ run, of: ({ trainingReturn }) => trainingReturn, isThin: true }] : [];
    return [
      { run, of: edge(1), isEdge: true },
      { run, of: edge(-1), isEdge: true },
      { run, of: curve },
      ...alone,
    ];
  });
}

export function createTrainingCharts(): TrainingCharts {
  const plots = new Map<string, { plot: uPlot; made: string }>();

  function draw(chart: Chart, runs: readonly NamedRun[], palette: Palette): void {
    const holder = byId(chart.id);
    const shown = runs.map(shownPoints);
    const rounds = Math.max(1, ...shown.map((points) => points[0]?.rounds ?? 0));
    const x = Array.from({ length: rounds + 1 }, (_, round) => round);
    const lines = linesOf(chart, runs);
    const data = [
      x,
      ...lines.map(({ run, of }) => {
        const byRound = new Map(shown[run]!.map((point) => [point.round, of(point)]));
        return x.map((round) => byRound.get(round) ?? null);
      }),
    ] as uPlot.AlignedData;
    describe(chart, runs, shown, rounds, holder);
    const made = JSON.stringify([rounds, lines, palette]);
    const old = plots.get(chart.id);
    if (old?.made === made) {
      old.plot.setData(data);
      return;
    }
    old?.plot.destroy();
    const plot = new uPlot(optionsOf(chart, lines, rounds, palette, holder), data, holder);
    plots.set(chart.id, { plot, made });
  }

  const fit = new ResizeObserver(() => {
    for (const [id, { plot }] of plots) plot.setSize(sizeOf(byId(id)));
  });
  for (const { id } of CHARTS) fit.observe(byId(id));

  return {
    show(runs, palette) {
      for (const chart of CHARTS) draw(chart, runs, palette);
    },
  };
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement) => ({
  width: Math.max(clientWidth, 1),
  height: Math.max(clientHeight, 1),
});

function optionsOf(
  { range, marks, isLogarithmic }: Chart,
  lines: readonly Line[],
  rounds: number,
  palette: Palette,
  holder: HTMLElement,
): uPlot.Options {
  const font = "11px ui-monospace, monospace";
  const axis = {
    stroke: palette.soft,
    font,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    ...sizeOf(holder),
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [0, rounds] },
      y: {
        range: [...range] as uPlot.Range.MinMax,
        ...(isLogarithmic && { distr: 3, log: 10 }),
      },
    },
    axes: [
      {
        ...axis,
        size: 22,
        space: 46,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
        values: (_, rounds) => rounds.map((round) => (round === 0 ? "round 0" : String(round))),
      },
      { ...axis, size: 40, splits: [...marks], filter: (_, splits) => splits },
    ],
    series: [
      {},
      ...lines.map(({ run, isEdge, isThin }) => {
        const colour = palette[DRONE_COLOURS[run % DRONE_COLOURS.length]!];
        const stroke = isThin ? palette.soft : colour;
        return {
          stroke,
          width: isEdge ? 0 : isThin ? 1 : 2,
          dash: isEdge ? [] : [...DASHES[run % DASHES.length]!],
          spanGaps: true,
          points: { show: false },
        };
      }),
    ],
    bands: lines.flatMap(({ run, isEdge }, i) => {
      if (!isEdge || !lines[i + 1]?.isEdge || lines[i + 1]!.run !== run) return [];
      return [
        {
          series: [i + 1, i + 2] as uPlot.Band.Bounds,
          fill: `${palette[DRONE_COLOURS[run % DRONE_COLOURS.length]!]}40`,
        },
      ];
    }),
  };
}

/** The chart in words: its scales, and the newest value of every run. */
function describe(
  { what, range, absent, curve }: Chart,
  runs: readonly NamedRun[],
  shown: readonly (readonly TrainPoint[])[],
  rounds: number,
  holder: HTMLElement,
): void {
  const newest = runs.flatMap(({ name }, i) => {
    const point = shown[i]!.findLast((candidate) => curve(candidate) !== undefined);
    if (!point) return [];
    const isReturn = curve(point) === point.validation?.meanReturn;
    const value = isReturn ? describeScore(point.validation!) : fixed(curve(point)!, 1);
    return [{ text: `${name}: ${value} after round ${point.round}`, value }];
  });
  const across = shown.flat().length === 0 ? "" : `, over rounds 0 to ${rounds}`;
  const scales = `${what}, ${fixed(range[0], 0)} to ${range[1]}${across}`;
  const texts = newest.map(({ text }) => text).join("; ");
  holder.setAttribute("aria-label", `${scales}. ${texts || absent}`);
  byId(`${holder.id}-now`).textContent =
    newest.length === 0 ? absent : runs.length === 1 ? newest[0]!.value : "";
}
