import { ACTION_WORDS, type Core, layerWeights } from "@spikewing/core";
import type { Actor } from "../actor.js";
import { layersOf } from "../layers.js";
import { loadPolicy } from "../load-policy.js";
import { narrowPolicy } from "../narrow-policy.js";
import type { Policy } from "../policy-file.js";
import { evaluateByProtocol } from "../run.js";
import { DEFAULT_TASK } from "../task.js";
import { BOARDS } from "./energy.js";
import { type Estimate, estimate, isBeyondError } from "./estimate.js";
import { type Experiment, resultsOf, type Scale } from "./experiment.js";
import { pointAt } from "./report.js";
import type { Outcome, Workbench } from "./sweep.js";

/** Under a picture there is less room. */
const SHORT = ["i16", "i16 made i8", "i8 trained", "i16, 4-bit out", "i8, 4-bit out"];
const FORMATS = ["i16", "i8 after training", "i8 trained", "4-bit read-out", "i8, 4-bit read-out"] as const;
type Format = (typeof FORMATS)[number];

export type FormatSettings = { readonly format: Format; readonly episodes: number };

export type FormatResult = {
  readonly weightBytes: number;
  readonly returns: readonly number[];
  readonly crashRate: number;
  readonly settledErrorM: number | null;
  readonly spikeRates: readonly number[];
};

function measureFormat({ pool, shipped }: Workbench, { format, episodes }: FormatSettings): FormatResult {
  const { core, pool: shards } = pool();
  const wide = shipped("snn");
  const policies = {
    i16: () => wide,
    "i8 after training": () => narrowPolicy(core, wide, DEFAULT_TASK, "snn"),
    "i8 trained": () => shipped("snn-i8"),
    "4-bit read-out": () => wide,
    "i8, 4-bit read-out": () => shipped("snn-i8"),
  } as const satisfies Record<Format, () => Policy>;
  const policy = policies[format]();
  const actor = loadPolicy(core, policy);
  const saved = format.endsWith(READ_OUT) ? roundReadOut(core, actor) : 0;
  const { returns, crashRate, settled, spikeRates } = evaluateByProtocol(
    core,
    shards,
    DEFAULT_TASK,
    actor,
    episodes,
  );
  return {
    weightBytes: policy.weights.length - saved,
    returns,
    crashRate,
    settledErrorM: settled.positionErrorM,
    spikeRates,
  };
}

const READ_OUT = "4-bit read-out";

const counted = (format: "i16" | "i8") =>
  Object.values(BOARDS)
    .map(({ instructions }) => instructions[format].toLocaleString("en"))
    .join("; ");
const INSTRUCTIONS: Record<Format, string> = {
  i16: counted("i16"),
  "i8 after training": "as i8 trained",
  "i8 trained": counted("i8"),
  "4-bit read-out": "no kernel",
  "i8, 4-bit read-out": "no kernel",
};
/** Of 4 bits, the ends alike. */
const LEVELS = 7;

/**
 * Rounds the weights into each motor to 15 levels of a scale of its own, in the format that they have: what a kernel that
 * unpacks 4 bits would compute. The bytes that it would save: those of the weights, less a scale of 4 bytes a motor where
 * there is none.
 */
export function roundReadOut(core: Core, actor: Actor): number {
  if (actor.shape.kind !== "spiking") throw new TypeError("a read-out of spikes is rounded");
  const last = layersOf(actor.shape).length - 1;
  const weights = layerWeights(core, actor.image, last);
  for (let motor = 0; motor < ACTION_WORDS; motor++) {
    let largest = 0;
    for (let i = motor; i < weights.length; i += ACTION_WORDS)
      largest = Math.max(largest, Math.abs(weights[i]!));
    if (largest === 0) continue;
    for (let i = motor; i < weights.length; i += ACTION_WORDS) {
      const level = Math.round((weights[i]! * LEVELS) / largest);
      weights[i] = Math.round((level * largest) / LEVELS);
    }
  }
  const scales = weights.BYTES_PER_ELEMENT === 1 ? 0 : 4 * ACTION_WORDS;
  return weights.length * (weights.BYTES_PER_ELEMENT - 0.5) - scales;
}

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
    "What narrower weights cost in return and save in memory: i16 as trained, i8 with a scale per neuron made of it afterwards, weights trained as i8, and read-outs of 4 bits made of either, in the same reserved episodes. One policy each, of seed 301; n is episodes, so errors say nothing of other seeds.",
  runs: (scale) => FORMATS.map((format) => ({ settings: { format, episodes: EPISODES[scale] }, seeds: [0] })),
  measure: measureFormat,
  report(outcomes) {
    return {
      tables: [
        {
          caption: "the shipped policy in each format",
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
          rows: FORMATS.map((format) => {
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
            xLabel: "",
            yLabel: "return in reserved episodes",
            categories: SHORT,
            curves: [
              {
                label: "ours",
                points: FORMATS.map((format, x) => pointAt(x, estimate(returnsOf(outcomes, format)))),
              },
            ],
          },
          {
            title: "Flash of the weights",
            xLabel: "",
            yLabel: "kB",
            categories: SHORT,
            yIncludes: [0],
            curves: [
              {
                label: "ours",
                points: FORMATS.map((format, x) => ({
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
        ...FORMATS.slice(1).map((format) => {
          const found = pairedDifference(outcomes, format);
          const { mean, standardError } = found;
          return `Episode by episode ${format} returns ${Math.abs(mean).toFixed(2)} +- ${standardError.toFixed(2)} ${mean < 0 ? "less" : "more"} than i16: ${isBeyondError(found) ? "a difference beyond its error" : "none"}.`;
        }),
        "Instructions are counted on the emulated chips as the policy flies, one a cycle; more of it is in firmware/README.md. i8 saves flash, not instructions.",
        "Weights into a motor of 4 bits are 15 levels of a scale of its own, made after training and flown in the wider format, which gives the same sums: there is no kernel that unpacks them, so their bytes are computed and their cycles are not known. None was written: a read-out of 512 weights would save less than 1 % of the flash, and costs more return than any other format here.",
      ],
    };
  },
};
