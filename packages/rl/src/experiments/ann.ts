import { estimate, formatCounted } from "./estimate.js";
import type { Experiment, Scale } from "./experiment.js";
import { type Plot, pointAt, type Table } from "./report.js";
import type { JsonObject } from "./sweep.js";
import { curvePlot, namesOf, over, scoreTable, type Trainings, trainingsOf } from "./sweep-report.js";
import { type TrainResult, type TrainSettings, trainAndScore } from "./train.js";
import { TRAINING_SEEDS, throughSimulator } from "./training-sizes.js";

/** Networks that spike and such that do not, by name; smaller ones where nothing is to be learned. */
function actorsOf(scale: Scale): Readonly<Record<string, JsonObject>> {
  const [wide, narrow, units, dense] = scale === "smoke" ? [16, 8, 16, [16]] : [256, 128, 128, [64, 64]];
  const spiking = (hidden: readonly (number | JsonObject)[]) => ({
    ...{ kind: "spiking", hidden, productBits: 25, weightBits: [12, 12], inputGain: [4, 1, 2, 0.5] },
  });
  return {
    "SNN, LIF": spiking([wide, narrow]),
    "SNN, ALIF": spiking([
      { width: wide, neuron: "alif" },
      { width: narrow, neuron: "alif" },
    ]),
    "SNN, recurrent": spiking([wide, { width: narrow, recurrent: true }]),
    "MLP with history": { kind: "dense", hidden: dense, activation: "tanh", history: true },
    "MLP without": { kind: "dense", hidden: dense, activation: "tanh", history: false },
    GRU: { kind: "gru", units },
  };
}

export const ann: Experiment<TrainSettings, TrainResult> = {
  title: "Networks that spike beside networks that do not",
  question:
    "Asked for in review: dense networks with and without past actions, a GRU, and spiking networks of LIF, adaptive LIF and recurrent layers, all through the simulator with the same number of windows; return, crashes, parameters, and what each bears.",
  runs: (scale) =>
    Object.entries(actorsOf(scale)).map(([name, actor]) => ({
      settings: { ...throughSimulator(scale, name, { actor }), conditions: true },
      seeds: TRAINING_SEEDS[scale],
    })),
  measure: trainAndScore,
  report: (trainings) => ({
    tables: [
      scoreTable(trainings, "scores of the best policy in reserved episodes, mean over training seeds", {
        "change of the command": (name) => over(trainings, name, ({ commandChange }) => commandChange),
        parameters: (name) => String(trainingsOf(trainings, name)[0]?.parameters ?? "-"),
      }),
      robustnessTable(trainings),
    ],
    figure: [[curvePlot(trainings, "Return", "meanReturn"), robustnessPlot(trainings)]],
    claims: [
      {
        claim: "A spiking network without history flies as well as a dense one with it.",
        published: "446 (SNN) and 447 (ANN), table 2",
        ours: ["SNN, LIF", "MLP with history"]
          .map((name) => `${name} ${formatCounted(over(trainings, name, ({ meanReturn }) => meanReturn))}`)
          .join(", "),
        verdict: "not comparable",
      },
    ],
    notes: [
      "The paper's networks learn by other methods (the ANN by TD3 in learning-to-fly); here all learn through the simulator, so that only the network differs. The learning rate is the one that was chosen for LIF; none was tuned for the others.",
    ],
  }),
};

const conditionsIn = (trainings: Trainings): readonly string[] =>
  trainings.flatMap((training) =>
    "result" in training ? [training.result.conditions.map(({ name }) => name)] : [],
  )[0] ?? [];

const under = (trainings: Trainings, name: string, condition: string) =>
  estimate(
    trainingsOf(trainings, name).map(
      ({ conditions }) => conditions.find((found) => found.name === condition)?.meanReturn,
    ),
  );

function robustnessTable(trainings: Trainings): Table {
  const names = namesOf(trainings);
  return {
    caption: "return under conditions that training did not have",
    columns: ["", ...names],
    rows: conditionsIn(trainings).map((condition) => [
      condition,
      ...names.map((name) => under(trainings, name, condition)),
    ]),
  };
}

function robustnessPlot(trainings: Trainings): Plot {
  const wanted = ["as it is", "delay 4 ms", "mass x 1.3", "battery 3.7 V"].filter((name) =>
    conditionsIn(trainings).includes(name),
  );
  return {
    title: "Return under other conditions",
    xLabel: "",
    yLabel: "return in reserved episodes",
    categories: wanted,
    yIncludes: [0],
    curves: namesOf(trainings).map((name) => ({
      label: name,
      points: wanted.map((condition, x) => pointAt(x, under(trainings, name, condition))),
    })),
  };
}
