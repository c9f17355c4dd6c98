import { type Estimate, estimate, formatCounted, formatEstimate } from "./estimate.js";
import { type ExactComparison, NOISE_WIDTHS } from "./exact-gradient.js";
import type { Experiment, Scale } from "./experiment.js";
import { resultsOf, seedsFrom } from "./experiment.js";
import {
  type GradientOfLayer,
  type GradientResult,
  type GradientSettings,
  measureGradients,
  NETWORKS,
  type NetworkName,
  SLOPES,
} from "./gradient-measure.js";
import { type Claim, type Curve, type Plot, pointAt, type Table, verdictOf } from "./report.js";
import type { Outcome } from "./sweep.js";

/** Read off figure 1 of the paper, +-5 %: by curve, layers 0 to 4 (docs/REFERENCE.md, 7.1). */
const PUBLISHED = [
  { label: "k = 1", cosine: [0.03, 0.06, 0.21, 0.5, 1], magnitude: [3.8e-6, 3.0e-6, 3.9e-6, 1.2e-5, 3.9e-5] },
  { label: "2nd", cosine: [0.37, 0.48, 0.63, 0.81, 1], magnitude: [1.7e-8, 4e-8, 2e-7, 2.3e-6, 3.9e-5] },
  { label: "3rd", cosine: [0.7, 0.78, 0.85, 0.93, 1], magnitude: [1.4e-9, 5.3e-9, 4.7e-8, 1e-6, 3.9e-5] },
  { label: "4th", cosine: [0.9, 0.94, 0.96, 0.985, 1], magnitude: [2e-10, 1.1e-9, 1.4e-8, 5e-7, 3.9e-5] },
  { label: "k = 100", cosine: [1, 1, 1, 1, 1], magnitude: [2.8e-11, 2.1e-10, 4.1e-9, 2.5e-7, 3.9e-5] },
] as const;

const SHAPES = ["arctan", "triangular", "gaussian"] as const;
const AMOUNTS: Record<Scale, { seeds: number; samples: number; directions: number }> = {
  smoke: { seeds: 2, samples: 2, directions: 4 },
  default: { seeds: 20, samples: 16, directions: 50 },
  paper: { seeds: 100, samples: 256, directions: 50 },
};

type Outcomes = readonly Outcome<GradientSettings, GradientResult>[];

export const gradients: Experiment<GradientSettings, GradientResult> = {
  title: "What the slope of the surrogate does to gradients",
  question:
    "Paper 3.3 and 4.1 (section 7.1): cosine of the gradient to that of a slope of 100, and its mean magnitude, layer by layer, in an untrained network. Beyond it: how many weights are pushed the other way, how many neurons carry the gradient, other surrogates, how well each gradient foresees what the loss really does when a layer's weights move by a tenth at random, and the exact gradient of neurons that fire by chance.",
  runs(scale) {
    const { seeds, samples, directions } = AMOUNTS[scale];
    const of = (network: NetworkName, surrogate: GradientSettings["surrogate"]) => ({
      settings: { network, surrogate, samples, directions },
      seeds: seedsFrom(1, seeds),
    });
    return [
      of("paper", "fast-sigmoid"),
      of("deployed", "fast-sigmoid"),
      ...SHAPES.map((surrogate) => of("deployed", surrogate)),
      {
        settings: { network: "single", surrogate: "fast-sigmoid", samples, directions: 0 } as const,
        seeds: seedsFrom(1, seeds),
      },
    ];
  },
  measure: measureGradients,
  report(outcomes) {
    const foresees = (network: NetworkName) => bestForesight(outcomes, network);
    return {
      tables: [
        tableOf(outcomes, "paper", "fast-sigmoid"),
        tableOf(outcomes, "deployed", "fast-sigmoid"),
        shapesTable(outcomes),
        exactTable(outcomes),
      ],
      figure: [
        [
          plot(outcomes, "paper", "cosine", "Cosine to slope 100, 64-64-64-64"),
          plot(outcomes, "paper", "magnitude", "Mean |g|, 64-64-64-64"),
        ],
        [
          plot(outcomes, "paper", "foresight", "Change of the loss: foreseen, measured, 64-64-64-64"),
          plot(outcomes, "deployed", "foresight", "Change of the loss: foreseen, measured, 256-128"),
        ],
        [
          plot(outcomes, "deployed", "cosine", "Cosine to slope 100, 256-128"),
          plot(outcomes, "deployed", "magnitude", "Mean |g|, 256-128"),
        ],
        exactPlots(outcomes),
      ],
      claims: claimsOf(outcomes),
      notes: [
        "The paper's network has 63 inputs and 64 outputs; ours has the 18 inputs and 4 commands of the task, four layers of 64 as there, and runs through the integer forward pass (there is no other here), so absolute magnitudes are not comparable; ratios are. Layer 0 is the one that hears the observation, the last one the read-out.",
        "The paper's code counts negative entries of a gradient as zero, which halves its magnitudes and leaves their ratios; ours is the mean of |g|.",
        "A slope of 100 is itself a surrogate. Foresight needs no surrogate for a reference: the weights of one layer move along random directions, the loss is measured on either side, and the change is correlated with the one that the gradient predicts. It estimates the cosine to the gradient of the loss under such noise, from below.",
        "The exact gradient is of 16 neurons in one layer and one step, which fire by chance: with the probability sigma(x / width), x the distance of membrane and threshold, independently of each other. The loss expected over all 65,536 sets of their spikes is smooth, and is differentiated exactly, in f64. The surrogates' gradients are those of the same network without noise, from the spikes that it has. Smaller noise is nearer to the network that flies, and its gradient is decided by the few neurons close to their thresholds.",
        bestCosines(outcomes),
        `The slope that foresees best in layer 0: ${foresees("paper")} in 64-64-64-64, ${foresees("deployed")} in 256-128.`,
      ],
    };
  },
};

function pick(outcomes: Outcomes, network: NetworkName, surrogate: GradientSettings["surrogate"]) {
  return resultsOf(outcomes, (settings) => settings.network === network && settings.surrogate === surrogate);
}

/** A figure of one layer and slope over the seeds. */
function figureOf(
  results: readonly GradientResult[],
  slope: number,
  layer: number,
  key: keyof GradientOfLayer,
) {
  const s = SLOPES.indexOf(slope as (typeof SLOPES)[number]);
  return estimate(results.map(({ slopes }) => slopes[s]?.layers[layer]?.[key]));
}

const layersIn = (network: NetworkName) => NETWORKS[network].shape.hidden.length + 1;
const indices = (count: number) => Array.from({ length: count }, (_, i) => i);

function tableOf(outcomes: Outcomes, network: NetworkName, surrogate: GradientSettings["surrogate"]): Table {
  const results = pick(outcomes, network, surrogate);
  return {
    caption: `${NETWORKS[network].shape.hidden.join("-")}, ${surrogate}, over networks drawn anew`,
    columns: [
      "slope, layer",
      "mean |g|",
      "cosine to 100",
      "sign reversed",
      "neurons that carry it",
      "foresight",
    ],
    rows: SLOPES.flatMap((slope) =>
      indices(layersIn(network)).map((layer) => {
        const of = (key: keyof GradientOfLayer) => figureOf(results, slope, layer, key);
        return [
          `${slope}, ${layer}`,
          of("magnitude"),
          of("cosine"),
          of("reversed"),
          of("spread"),
          of("foresight"),
        ] as const;
      }),
    ),
  };
}

function shapesTable(outcomes: Outcomes): Table {
  return {
    caption: "256-128, layer 0: surrogates beside slopes",
    columns: ["surrogate, slope", "mean |g|", "cosine to its own 100", "neurons that carry it", "foresight"],
    rows: (["fast-sigmoid", ...SHAPES] as const).flatMap((surrogate) => {
      const results = pick(outcomes, "deployed", surrogate);
      return ([1, 10, 100] as const).map((slope) => {
        const of = (key: keyof GradientOfLayer) => figureOf(results, slope, 0, key);
        return [
          `${surrogate}, ${slope}`,
          of("magnitude"),
          of("cosine"),
          of("spread"),
          of("foresight"),
        ] as const;
      });
    }),
  };
}

const SURROGATES = ["fast-sigmoid", ...SHAPES] as const;

function exactOf(
  outcomes: Outcomes,
  surrogate: GradientSettings["surrogate"],
  slope: number,
  width: number,
  key: "cosine" | "reversed" = "cosine",
): Estimate {
  const isIt = (of: ExactComparison) =>
    of.surrogate === surrogate && of.slope === slope && of.width === width;
  return estimate(pick(outcomes, "single", "fast-sigmoid").map(({ exact }) => exact.find(isIt)?.[key]));
}

function exactTable(outcomes: Outcomes): Table {
  return {
    caption:
      "16 neurons that fire by chance, one step: against the exact gradient, by the width of the noise",
    columns: [
      "surrogate, slope",
      ...NOISE_WIDTHS.flatMap((width) => [`cosine, width ${width}`, "sign reversed"]),
    ],
    rows: SURROGATES.flatMap((surrogate) =>
      SLOPES.map((slope) => [
        `${surrogate}, ${slope}`,
        ...NOISE_WIDTHS.flatMap((width) => [
          exactOf(outcomes, surrogate, slope, width),
          exactOf(outcomes, surrogate, slope, width, "reversed"),
        ]),
      ]),
    ),
  };
}

/** Cosine to the exact gradient over slopes: by the width of the noise, and by the surrogate. */
function exactPlots(outcomes: Outcomes): readonly Plot[] {
  const middle = NOISE_WIDTHS[1];
  const of = (
    title: string,
    curves: readonly (readonly [label: string, at: (slope: number) => Estimate])[],
  ) => ({
    title,
    xLabel: "slope of the surrogate",
    yLabel: "cosine",
    categories: SLOPES.map(String),
    isConnected: true,
    yIncludes: [0],
    curves: curves.map(([label, at]) => ({ label, points: SLOPES.map((slope, x) => pointAt(x, at(slope))) })),
  });
  return [
    of(
      "Cosine to the exact gradient, 16 neurons with noise",
      NOISE_WIDTHS.map((width) => [
        `width of the noise ${width}`,
        (slope) => exactOf(outcomes, "fast-sigmoid", slope, width),
      ]),
    ),
    of(
      `The same by surrogate, width ${middle}`,
      SURROGATES.map((surrogate) => [surrogate, (slope) => exactOf(outcomes, surrogate, slope, middle)]),
    ),
  ];
}

/** Which slope of the fast sigmoid is nearest to the exact gradient, for each width. */
function bestCosines(outcomes: Outcomes): string {
  const best = NOISE_WIDTHS.map((width) => {
    const all = SLOPES.map((slope) => ({ slope, found: exactOf(outcomes, "fast-sigmoid", slope, width) }));
    const { slope, found } = all.reduce((a, b) => (b.found.mean > a.found.mean ? b : a));
    return `${slope} at width ${width} (cosine ${formatEstimate(found)})`;
  });
  return `Nearest to the exact gradient is the fast sigmoid with a slope of ${best.join(", ")}.`;
}

function plot(outcomes: Outcomes, network: NetworkName, key: keyof GradientOfLayer, title: string): Plot {
  const results = pick(outcomes, network, "fast-sigmoid");
  const ours = SLOPES.filter((slope) => key !== "cosine" || slope !== 100).map(
    (slope): Curve => ({
      label: slope === 1 ? "slope 1" : `${slope}`,
      points: indices(layersIn(network)).map((layer) => pointAt(layer, figureOf(results, slope, layer, key))),
    }),
  );
  const isPublished = network === "paper" && (key === "cosine" || key === "magnitude");
  const theirs = isPublished
    ? PUBLISHED.filter(
        ({ label }) => label.startsWith("k") && !(key === "cosine" && label === "k = 100"),
      ).map(
        (row): Curve => ({
          label: row.label === "k = 1" ? (key === "cosine" ? "paper, 1" : "paper, 1 and 100") : "",
          isPublished: true,
          points: row[key as "cosine" | "magnitude"].map((y, x) => ({ x, y })),
        }),
      )
    : [];
  return {
    title,
    xLabel: "layer, from the observation to the read-out",
    yLabel: key === "magnitude" ? "mean |g|" : key === "cosine" ? "cosine" : "correlation",
    categories: indices(layersIn(network)).map(String),
    isConnected: true,
    ...(key === "magnitude" ? { isLogarithmic: true } : { yIncludes: [0] }),
    curves: [...ours, ...theirs],
  };
}

function bestForesight(outcomes: Outcomes, network: NetworkName): string {
  const results = pick(outcomes, network, "fast-sigmoid");
  const all = SLOPES.map((slope) => ({ slope, found: figureOf(results, slope, 0, "foresight") }));
  const best = all.reduce((a, b) => (b.found.mean > a.found.mean ? b : a));
  return `${best.slope} (correlation ${formatEstimate(best.found)})`;
}

function claimsOf(outcomes: Outcomes): readonly Claim[] {
  const results = pick(outcomes, "paper", "fast-sigmoid");
  const last = layersIn("paper") - 1;
  const ratio = (a: GradientOfLayer, b: GradientOfLayer) => a.magnitude / b.magnitude;
  const over = (value: (result: GradientResult) => number) => estimate(results.map(value));
  const at = ({ slopes }: GradientResult, slope: number, layer: number) =>
    slopes[SLOPES.indexOf(slope as (typeof SLOPES)[number])]!.layers[layer]!;
  const depth = (slope: number) => over((result) => ratio(at(result, slope, last), at(result, slope, 0)));
  const steepness = over((result) => ratio(at(result, 1, 0), at(result, 100, 0)));
  const first = figureOf(results, 1, 0, "cosine");
  const cosines = indices(layersIn("paper")).map((layer) => figureOf(results, 1, layer, "cosine"));
  const [shallow, steep] = [depth(1), depth(100)];
  const rises = cosines.every(({ mean }, layer) => layer === 0 || mean > cosines[layer - 1]!.mean);
  return [
    {
      claim: "The gradient shrinks from the read-out to layer 0, the more the steeper the surrogate.",
      published: "10 times at k = 1, 1.4e6 times at k = 100",
      ours: `${formatCounted(shallow)} times at k = 1, ${formatCounted(steep)} times at k = 100`,
      verdict: verdictOf(steep.mean > 10 * shallow.mean),
    },
    {
      claim: "In layer 0 five decades lie between the magnitudes with k = 1 and k = 100.",
      published: "1.4e5 times",
      ours: `${formatCounted(steepness)} times`,
      verdict: verdictOf(steepness.mean >= 1e4),
    },
    {
      claim: "With k = 1 the cosine to k = 100 falls towards 0 in the first layers.",
      published: "0.03, 0.06, 0.21, 0.5, 1 in layers 0 to 4",
      ours: `${cosines.map(formatEstimate).join(", ")} (n ${first.n})`,
      verdict: verdictOf(rises && first.mean < 0.25),
    },
  ];
}
