import { EPISODE_STEPS } from "@spikewing/core";
import { sizesOf } from "../actor.js";
import { loadPolicy } from "../load-policy.js";
import { BATTERY } from "./energy.js";
import { estimate, formatCounted, scaled, significant } from "./estimate.js";
import { type Experiment, type Scale, seedsFrom } from "./experiment.js";
import { energies, energyPlot, energyTable } from "./metric-energies.js";
import {
  type MetricResult,
  type MetricSettings,
  names,
  type Outcomes,
  overSteps,
  POLICIES,
  type PolicyName,
  resultsFor,
  total,
} from "./metric-outcomes.js";
import { type Cell, type Claim, type Plot, pointAt, type Table, verdictOf } from "./report.js";
import type { Workbench } from "./sweep.js";
import { connectionSparsity, countFlight, type FlightCounts } from "./synaptic-counts.js";

/** A buffer in each snnTorch Leaky: reset, slope, graded spikes' factor, f32. */
const LEAKY_BYTES = 12;

/** Table 2 of the paper (docs/REFERENCE.md, 8.3). */
const PUBLISHED: Partial<Record<PolicyName, readonly string[]>> = {
  "ann-history": ["55.3 kB", "0.00", "13.7e3", "13.7e3", "0"],
  snn: ["158.3 kB", "0.79", "37.9e3", "4.6e3", "12.2e3"],
};

function measureMetrics(
  { pool, shipped }: Workbench,
  { policy, episodes, mostSteps }: MetricSettings,
  block: number,
): MetricResult {
  const { core } = pool();
  const file = shipped(policy);
  const actor = loadPolicy(core, file);
  const { shape } = actor;
  const spiking = shape.kind === "spiking";
  const leaky = spiking ? shape.hidden.length * LEAKY_BYTES : 0;
  return {
    episodes: Array.from({ length: episodes }, (_, i) =>
      countFlight(core, actor, block * episodes + i, mostSteps),
    ),
    footprintFloat: 4 * actor.parameterCount + leaky,
    footprintInteger: spiking ? file.weights.length : null,
    connectionSparsity: connectionSparsity(core, actor),
    sizes: sizesOf(shape),
  };
}

const AMOUNTS: Record<Scale, { blocks: number; episodes: number; mostSteps: number }> = {
  smoke: { blocks: 2, episodes: 2, mostSteps: 50 },
  default: { blocks: 10, episodes: 20, mostSteps: EPISODE_STEPS },
  paper: { blocks: 10, episodes: 100, mostSteps: EPISODE_STEPS },
};

export const metrics: Experiment<MetricSettings, MetricResult> = {
  title: "What a policy computes, and the energy of it",
  question:
    "Paper table 2 and S4 (sections 8.3, 8.5): NeuroBench's counters of the shipped policies, layer by layer, in reserved episodes; the energy of a control period by five ways of counting, beside the battery. A run is a block of episodes.",
  runs: (scale) => {
    const { blocks, episodes, mostSteps } = AMOUNTS[scale];
    return names.map((policy) => ({
      settings: { policy, episodes, mostSteps },
      seeds: seedsFrom(0, blocks),
    }));
  },
  measure: measureMetrics,
  report(outcomes) {
    return {
      tables: [countersTable(outcomes), layersTable(outcomes), energyTable(outcomes)],
      figure: [[operationsPlot(outcomes), ratePlot(outcomes)], [energyPlot(outcomes)]],
      claims: claimsOf(outcomes),
      notes: [
        "The paper's sparsity of 0.79 and its 12.2e3 accumulations do not go together: a uniform density of 0.21 gives 6,989, and 12.2e3 needs one of 0.37 in layer 1, which leaves a negative one for layer 2. Ours are counted per layer and add up.",
        "Footprint as NeuroBench counts it has every parameter as a float and 12 bytes of buffers a Leaky; the paper's 158.3 kB has an unused second head beside. A tanh is never hooked, so a dense network has a sparsity of 0.",
        "The printed 9.7e-5 mJ follows only with Loihi's constants of a synaptic operation (23.6 pJ) and of a spike (1.7 pJ) in each other's place. With them where their units say it is ten times that; counted by events that occur, as the last rows do, in between. On a microcontroller a step costs some hundred times more than any of these.",
        `Boards: instructions are counted on the emulated chip, one a cycle; the power is an assumption (0.5 W, 0.15 W), good to a factor of two. Battery: ${BATTERY.massG} g, ${significant(BATTERY.energyJ / 3600, 3)} Wh, ${BATTERY.flightS / 60} minutes of flight.`,
      ],
    };
  },
};

function countersTable(outcomes: Outcomes): Table {
  return {
    caption: "counters of a control period; sparsity of all steps alike, and as a mean over episodes",
    columns: [
      ...[
        "",
        "footprint, float (B)",
        "integer (B)",
        "zero weights",
        "sparsity",
        "by episodes",
        "dense operations",
      ],
      ...[
        "effective MACs",
        "effective ACs",
        "membrane updates",
        "paper: footprint, sparsity, dense, MACs, ACs",
      ],
    ],
    rows: names.map((policy) => {
      const [first] = resultsFor(outcomes, policy);
      const byEpisodes = estimate(
        resultsFor(outcomes, policy).map(
          ({ episodes }) => episodes.reduce((sum, { sparsity }) => sum + sparsity, 0) / episodes.length,
        ),
      );
      return [
        POLICIES[policy],
        String(first?.footprintFloat ?? "-"),
        String(first?.footprintInteger ?? "-"),
        first ? significant(first.connectionSparsity, 3) : "-",
        overSteps(outcomes, policy, ({ sparsity }) => sparsity),
        byEpisodes,
        String(first ? total("dense")(first.episodes[0]!) : "-"),
        overSteps(outcomes, policy, total("effective", "MAC")),
        overSteps(outcomes, policy, total("effective", "AC")),
        overSteps(outcomes, policy, total("membraneUpdates")),
        PUBLISHED[policy]?.join(", ") ?? "-",
      ] as const;
    }),
  };
}

function layersTable(outcomes: Outcomes): Table {
  return {
    caption: "layer by layer: a layer's operations are those of the weights into it",
    columns: ["", "kind", "dense", "effective", "neurons", "spikes a neuron", "membrane updates"],
    rows: names.flatMap((policy) => {
      const layers = resultsFor(outcomes, policy)[0]?.episodes[0]?.layers ?? [];
      return layers.map(({ kind, dense, neurons }, l): readonly [string, ...Cell[]] => [
        `${POLICIES[policy]}, layer ${l + 1}`,
        kind,
        String(dense),
        overSteps(outcomes, policy, (flight) => flight.layers[l]!.effective),
        String(neurons),
        neurons === 0 ? "-" : overSteps(outcomes, policy, (flight) => flight.layers[l]!.spikes / neurons),
        neurons === 0 ? "-" : overSteps(outcomes, policy, (flight) => flight.layers[l]!.membraneUpdates),
      ]);
    }),
  };
}

function operationsPlot(outcomes: Outcomes): Plot {
  const bars = (label: string, value: (flight: FlightCounts) => number) => ({
    label,
    points: names.map((policy, x) =>
      pointAt(
        x,
        overSteps(outcomes, policy, (flight) => value(flight) / 1000),
      ),
    ),
  });
  return {
    title: "Operations of a control period",
    xLabel: "",
    yLabel: "thousands of operations",
    categories: names.map((policy) => POLICIES[policy]),
    yIncludes: [0],
    curves: [
      bars("dense", total("dense")),
      bars("effective MACs", total("effective", "MAC")),
      bars("effective ACs", total("effective", "AC")),
    ],
  };
}

function ratePlot(outcomes: Outcomes): Plot {
  const rate = (l: number) =>
    pointAt(
      l,
      overSteps(outcomes, "snn", ({ layers }) => layers[l]!.spikes / layers[l]!.neurons),
    );
  const hasRates = resultsFor(outcomes, "snn").length > 0;
  return {
    title: "Spikes a neuron and step",
    xLabel: "layer",
    yLabel: "spikes a neuron and step",
    categories: ["1", "2"],
    yIncludes: [0],
    curves: [
      { label: "ours", points: hasRates ? [rate(0), rate(1)] : [] },
      { label: "paper, both layers", isPublished: true, points: [0, 1].map((x) => ({ x, y: 0.21 })) },
    ],
  };
}

function claimsOf(outcomes: Outcomes): readonly Claim[] {
  const sparsity = overSteps(outcomes, "snn", (flight) => flight.sparsity);
  const acs = overSteps(outcomes, "snn", total("effective", "AC"));
  const [printed, , , snn, ann] = energies(outcomes).map(([, , joule]) => scaled(joule, 1000));
  return [
    {
      claim: "Of the spiking policy's neurons about four in five are silent in a step.",
      published: "0.79",
      ours: formatCounted(sparsity),
      verdict: verdictOf(sparsity.mean > 0.74 && sparsity.mean < 0.84),
    },
    {
      claim: "A step has 12.2e3 effective accumulations.",
      published: "12.2e3, which a sparsity of 0.79 does not give",
      ours: formatCounted(acs),
      verdict: verdictOf(acs.mean > 11e3 && acs.mean < 13.4e3),
    },
    {
      claim: "A step takes 9.7e-5 mJ.",
      published: "9.7e-5 mJ, by constants in each other's place",
      ours: `${formatCounted(printed!)} mJ by the same formula`,
      verdict: verdictOf(printed!.mean > 9e-5 && printed!.mean < 10.5e-5),
    },
    {
      claim: "By arithmetic alone the spiking policy takes less than the dense one with history.",
      published: "3.2e-5 against 6.3e-5 mJ, from table 2",
      ours: `${formatCounted(snn!)} against ${formatCounted(ann!)} mJ`,
      verdict: verdictOf(snn!.mean < ann!.mean),
    },
  ];
}
