import { COLOURS, drawChart, type Panel, type Point, type Series } from "./chart.js";
import type { Metrics } from "./metrics.js";

const SECONDS_PER_MINUTE = 60;
const LAYER_COLOURS = [COLOURS.policy, COLOURS.third, COLOURS.second, COLOURS.quiet];

function series(
  label: string,
  colour: string,
  records: readonly Metrics[],
  value: (metrics: Metrics) => number | undefined,
): Series {
  const points = records.flatMap((metrics): Point[] => {
    const y = value(metrics);
    return y === undefined ? [] : [[metrics.seconds / SECONDS_PER_MINUTE, y]];
  });
  return { label, colour, points };
}

/** Layers whose spikes are counted. */
const layersSeen = (metrics: readonly Metrics[]): number =>
  Math.max(0, ...metrics.map(({ evaluation }) => evaluation?.spikeRates.length ?? 0));

type PanelOfMinutes = Omit<Panel, "xLabel" | "xDomain">;

/** What moves a policy that learns from critics and a guide. */
function criticRow(
  guide: readonly Metrics[],
  policy: readonly Metrics[],
  criticLoss: (metrics: Metrics) => number | undefined,
): PanelOfMinutes[] {
  return [
    {
      title: "Loss of the critics",
      yLabel: "squared error",
      yIncludes: [0],
      series: [
        series("guide", COLOURS.second, guide, criticLoss),
        series("policy", COLOURS.policy, policy, criticLoss),
      ],
    },
    {
      title: "Distance to the guide's actions",
      yLabel: "squared error",
      yIncludes: [0],
      series: [
        series("policy", COLOURS.policy, policy, (metrics) =>
          "bcLoss" in metrics ? metrics.bcLoss : undefined,
        ),
      ],
    },
  ];
}

/** What moves a policy that learns through the simulator. */
function gradientRow(policy: readonly Metrics[]): PanelOfMinutes[] {
  const of = (value: (metrics: Extract<Metrics, { cost: number }>) => number) => (metrics: Metrics) =>
    "cost" in metrics ? value(metrics) : undefined;
  return [
    {
      title: "Cost of the flight",
      yLabel: "a step",
      yIncludes: [0],
      series: [
        series(
          "cost",
          COLOURS.policy,
          policy,
          of(({ cost }) => cost),
        ),
      ],
    },
    {
      title: "Gradient, before clipping",
      yLabel: "norm",
      yIncludes: [0],
      series: [
        series(
          "norm",
          COLOURS.policy,
          policy,
          of(({ gradientNorm }) => gradientNorm),
        ),
      ],
    },
  ];
}

/** What a training did, minute by minute. */
export function drawCurves(title: string, records: readonly Metrics[]): string {
  const guide = records.filter(({ phase }) => phase === "guide");
  const policy = records.filter(({ phase }) => phase === "policy");
  const xLabel = "minutes of training";
  const xDomain = [0, (records.at(-1)?.seconds ?? 0) / SECONDS_PER_MINUTE || 1] as const;
  const evaluated = (value: (evaluation: NonNullable<Metrics["evaluation"]>) => number) => [
    series("guide", COLOURS.second, guide, ({ evaluation }) => evaluation && value(evaluation)),
    series("policy", COLOURS.policy, policy, ({ evaluation }) => evaluation && value(evaluation)),
  ];
  const critic = (metrics: Metrics) => ("criticLoss" in metrics ? metrics.criticLoss : undefined);
  const throughSimulator = policy.some((metrics) => "cost" in metrics);
  const fromFlights = !throughSimulator || policy.some((metrics) => "bcLoss" in metrics);
  const rows: PanelOfMinutes[][] = [
    [
      {
        title: "Return in validation",
        yLabel: "return",
        yIncludes: [0, 500],
        series: evaluated(({ meanReturn }) => meanReturn),
      },
      {
        title: "Episodes that crash, in validation",
        yLabel: "%",
        yIncludes: [0, 100],
        series: evaluated(({ crashRate }) => 100 * crashRate),
      },
    ],
    ...(fromFlights ? [criticRow(guide, policy, critic)] : []),
    ...(throughSimulator ? [gradientRow(policy)] : []),
    [
      {
        title: "Schedules of the policy",
        yLabel: "steps, slope",
        yIncludes: [0],
        series: [
          series("jump start (steps)", COLOURS.quiet, policy, (metrics) =>
            "jumpStartSteps" in metrics ? metrics.jumpStartSteps : undefined,
          ),
          series("surrogate slope", COLOURS.third, policy, (metrics) =>
            "surrogateSlope" in metrics ? metrics.surrogateSlope : undefined,
          ),
        ],
      },
      {
        title: "Spikes a neuron and step, in validation",
        yLabel: "spike rate",
        yIncludes: [0],
        series: [
          ...Array.from({ length: layersSeen(policy) }, (_, l) =>
            series(
              `layer ${l + 1}`,
              LAYER_COLOURS[l % LAYER_COLOURS.length]!,
              policy,
              ({ evaluation }) => evaluation?.spikeRates[l],
            ),
          ),
        ],
      },
    ],
  ];
  const shown = policy.length > 0 ? rows : rows.slice(0, 1);
  const drawn = (series: readonly Series[]) => series.filter(({ points }) => points.length > 0);
  const panels = shown.map((row) =>
    row.map((panel) => ({ ...panel, series: drawn(panel.series), xLabel, xDomain })),
  );
  return drawChart(title, panels, 960, 260);
}
