import { loadPolicy } from "../load-policy.js";
import { narrowPolicy, narrowReadOut } from "../narrow-policy.js";
import type { Policy } from "../policy-file.js";
import { evaluateByProtocol } from "../run.js";
import { DEFAULT_TASK } from "../task.js";
import { BOARDS } from "./energy.js";
import { type Estimate, estimate, isBeyondError } from "./estimate.js";
import { type Experiment, resultsOf, type Scale } from "./experiment.js";
import { pointAt } from "./report.js";
import type { JsonObject, Outcome, Workbench } from "./sweep.js";
import { trainPolicy } from "./train.js";
import { inFormat } from "./training-sizes.js";

/** Formats, as they stand under a picture: bits of the weights from spikes, and of those into the motors. */
const FORMATS = {
  i16: "16",
  "i8 after training": "8 made",
  "i8 trained": "8",
  "4-bit read-out after training": "16/4 made",
  "4-bit read-out trained": "16/4",
  "i8, 4-bit read-out after training": "8/4 made",
  "i8, 4-bit read-out trained": "8/4",
} as const;
type Format = keyof typeof FORMATS;
const NAMES = Object.keys(FORMATS) as Format[];

export type FormatSettings = {
  readonly format: Format;
  readonly episodes: number;
  /** Of a policy that does not come with the package, and is trained here. */
  readonly config: JsonObject | null;
};

export type FormatResult = {
  readonly weightBytes: number;
  readonly returns: readonly number[];
  readonly crashRate: number;
  readonly settledErrorM: number | null;
  readonly spikeRates: readonly number[];
};

function policyIn(workbench: Workbench, { format, config }: FormatSettings, seed: number): Policy {
  if (config) return trainPolicy(workbench, { config, guide: null }, seed).policy;
  const { core } = workbench.pool();
  switch (format) {
    case "i8 after training":
      return narrowPolicy(core, workbench.shipped("snn"), DEFAULT_TASK, "snn");
    case "i8 trained":
      return workbench.shipped("snn-i8");
    case "4-bit read-out after training":
      return narrowReadOut(core, workbench.shipped("snn"), DEFAULT_TASK, "snn");
    case "i8, 4-bit read-out after training":
      return narrowReadOut(core, workbench.shipped("snn-i8"), DEFAULT_TASK, "snn-i8");
    default:
      return workbench.shipped("snn");
  }
}

function measureFormat(workbench: Workbench, settings: FormatSettings, seed: number): FormatResult {
  const policy = policyIn(workbench, settings, seed);
  const { core, pool: shards } = workbench.pool();
  const { returns, crashRate, settled, spikeRates } = evaluateByProtocol(
    core,
    shards,
    DEFAULT_TASK,
    loadPolicy(core, policy),
    settings.episodes,
  );
  return {
    weightBytes: policy.weights.length,
    returns,
    crashRate,
    settledErrorM: settled.positionErrorM,
    spikeRates,
  };
}

const counted = (format: keyof (typeof BOARDS)[keyof typeof BOARDS]["instructions"]) =>
  Object.values(BOARDS)
    .map(({ instructions }) => instructions[format].toLocaleString("en"))
    .join("; ");
const INSTRUCTIONS: Record<Format, string> = {
  i16: counted("i16"),
  "i8 after training": "as i8 trained",
  "i8 trained": counted("i8"),
  "4-bit read-out after training": counted("i16, i4"),
  "4-bit read-out trained": counted("i16, i4 trained"),
  "i8, 4-bit read-out after training": counted("i8, i4"),
  "i8, 4-bit read-out trained": counted("i8, i4 trained"),
};

/** The seed of the policies that come with the package. */
const SEED = 301;
const TRAINED = {
  "4-bit read-out trained": { readOutWeights: "i4" },
  "i8, 4-bit read-out trained": { weightFormat: "i8", readOutWeights: "i4" },
} as const;
const isTrained = (format: Format): format is keyof typeof TRAINED => format in TRAINED;

const EPISODES: Record<Scale, number> = { smoke: 8, default: 4000, paper: 4000 };

type Outcomes = readonly Outcome<FormatSettings, FormatResult>[];
const resultOf = (outcomes: Outcomes, format: Format) =>
  resultsOf(outcomes, (settings) => settings.format === format)[0];
const returnsOf = (outcomes: Outcomes, format: Format): readonly number[] =>
  resultOf(outcomes, format)?.returns ?? [];

/** Of the same episodes, one by one: starts and noise fall out. */
function pairedDifference(outcomes: Outcomes, format: Format): Estimate {
  const wide = returnsOf(outcomes, "i16");
  return estimate(returnsOf(outcomes, format).map((value, i) => value - wide[i]!));
}

export const formats: Experiment<FormatSettings, FormatResult> = {
  title: "Formats of the weights",
  question:
    "What narrower weights cost in return and save in memory: i16 as trained, i8 with a scale per neuron made of it afterwards, weights trained as i8, and read-outs of 4 bits made of either or trained so, in the same reserved episodes. One policy each, of seed 301; n is episodes, so errors say nothing of other seeds.",
  runs: (scale) =>
    NAMES.map((format) => {
      const config = isTrained(format) ? inFormat(scale, TRAINED[format]) : null;
      return { settings: { format, episodes: EPISODES[scale], config }, seeds: [SEED] };
    }),
  measure: measureFormat,
  report(outcomes) {
    return {
      tables: [
        {
          caption: "a policy of seed 301 in each format",
          columns: [
            "",
            "return",
            "crashed",
            "after 2 s (m)",
            "spike rates",
            "weights (B of flash)",
            "instructions a step, M7; M4",
            "return beside i16",
          ],
          rows: NAMES.map((format) => {
            const result = resultOf(outcomes, format);
            const crash = result?.crashRate ?? Number.NaN;
            const n = result?.returns.length ?? 0;
            return [
              format,
              estimate(returnsOf(outcomes, format)),
              { mean: crash, standardError: Math.sqrt((crash * (1 - crash)) / n), n },
              result?.settledErrorM?.toFixed(4) ?? "-",
              result?.spikeRates.map((rate) => rate.toFixed(3)).join(", ") ?? "-",
              String(result?.weightBytes ?? "-"),
              INSTRUCTIONS[format],
              format === "i16" ? "-" : pairedDifference(outcomes, format),
            ];
          }),
        },
      ],
      figure: [
        [
          {
            title: "Return, by format of the weights",
            xLabel: "bits from spikes / into the motors; made: after training",
            yLabel: "return in reserved episodes",
            categories: Object.values(FORMATS),
            curves: [
              {
                label: "ours",
                points: NAMES.map((format, x) => pointAt(x, estimate(returnsOf(outcomes, format)))),
              },
            ],
          },
          {
            title: "Flash of the weights",
            xLabel: "bits from spikes / into the motors; made: after training",
            yLabel: "kB",
            categories: Object.values(FORMATS),
            yIncludes: [0],
            curves: [
              {
                label: "ours",
                points: NAMES.map((format, x) => ({
                  x,
                  y: (resultOf(outcomes, format)?.weightBytes ?? Number.NaN) / 1000,
                })),
              },
            ],
          },
        ],
      ],
      claims: [],
      notes: [
        ...NAMES.slice(1).map((format) => {
          const found = pairedDifference(outcomes, format);
          const { mean, standardError } = found;
          return `Episode by episode ${format} returns ${Math.abs(mean).toFixed(2)} +- ${standardError.toFixed(2)} ${mean < 0 ? "less" : "more"} than i16: ${isBeyondError(found) ? "a difference beyond its error" : "none"}.`;
        }),
        "Instructions are counted on the emulated chips as the policy flies, one a cycle; more of it is in firmware/README.md. i8 saves flash, not instructions.",
        "Weights of 4 bits into a motor are 15 levels of a scale of its own, two weights in a byte; trained so, they are rounded after every step, and the gradient goes straight through. A read-out of 512 weights is under 1 % of the flash.",
      ],
    };
  },
};
