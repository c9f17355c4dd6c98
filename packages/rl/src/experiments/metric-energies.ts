/** Energy of a control period of the shipped policies, from their counts. */
import { ACTION_WORDS, OBSERVATION_WORDS } from "@spikewing/core";
import {
  arithmeticEnergyJ,
  BATTERY,
  BOARDS,
  boardEnergyJ,
  eventEnergyJ,
  flightSecondsOf,
  paperEnergyJ,
} from "./energy.js";
import { type Estimate, scaled, significant } from "./estimate.js";
import { type Outcomes, overSteps, type PolicyName, total } from "./metric-outcomes.js";
import type { Plot, Table } from "./report.js";
import type { FlightCounts } from "./synaptic-counts.js";

/** Ways to count, and what a step of the spiking policy costs by each, in J. */
export function energies(
  outcomes: Outcomes,
): readonly (readonly [way: string, policy: PolicyName, joule: Estimate])[] {
  const snn = (value: (flight: FlightCounts) => number) => overSteps(outcomes, "snn", value);
  const sizes = [OBSERVATION_WORDS, 256, 128, ACTION_WORDS] as const;
  const fixed = (joule: number): Estimate => ({ mean: joule, standardError: Number.NaN, n: 1 });
  const ann = overSteps(outcomes, "ann-history", (flight) =>
    arithmeticEnergyJ(total("effective", "MAC")(flight), 0),
  );
  return [
    ["paper's formula as printed", "snn", snn(({ sparsity }) => paperEnergyJ(sizes, sparsity, true))],
    [
      "the same, constants as their units mean",
      "snn",
      snn(({ sparsity }) => paperEnergyJ(sizes, sparsity, false)),
    ],
    [
      "events that occur, input layer left out",
      "snn",
      snn((flight) =>
        eventEnergyJ(total("effective", "AC")(flight), total("spikes")(flight), total("neurons")(flight)),
      ),
    ],
    [
      "arithmetic alone, 45 nm (Horowitz)",
      "snn",
      snn((flight) => arithmeticEnergyJ(total("effective", "MAC")(flight), total("effective", "AC")(flight))),
    ],
    ["arithmetic alone, 45 nm, ANN with history", "ann-history", ann],
    ...Object.entries(BOARDS).map(([name, board]) => [name, "snn", fixed(boardEnergyJ(board))] as const),
  ];
}

export function energyTable(outcomes: Outcomes): Table {
  return {
    caption: "energy of a control period, and of an hour of inference at 100 Hz in seconds of flight",
    columns: ["", "mJ a step", "an hour (J)", "an hour (s of flight)", "share of the cell"],
    rows: energies(outcomes).map(([way, , joule]) => [
      way,
      scaled(joule, 1000),
      scaled(joule, 360_000),
      scaled(joule, flightSecondsOf(1)),
      `${significant((100 * 360_000 * joule.mean) / BATTERY.energyJ, 2)} %`,
    ]),
  };
}

export function energyPlot(outcomes: Outcomes): Plot {
  const ways = energies(outcomes);
  const short = ["printed", "corrected", "events", "45 nm, SNN", "45 nm, ANN", "Teensy 4.0", "STM32F405"];
  return {
    title: "Energy of a control period",
    xLabel: "",
    yLabel: "mJ",
    isLogarithmic: true,
    categories: short,
    curves: [
      { label: "ours", points: ways.map(([, , { mean }], x) => ({ x, y: 1000 * mean })) },
      { label: "paper", isPublished: true, points: [{ x: 0, y: 9.7e-5 }] },
    ],
  };
}
