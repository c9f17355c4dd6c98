// npm run bench: how fast the core is, beside the same algorithms in plain TypeScript and beside its own scalar build.
//
//   npm run bench -- --json   one JSON document on standard output
//   npm run bench -- --save   keep these figures in bench/results.json, for the next run to compare with
//   npm run bench -- --against DIR   ratios to another checkout, whose benchmark has run before, in turn
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { type AdjointCost, adjointCosts } from "./adjoint.js";
import { compareWith, formatComparisons } from "./against.js";
import { bpttSequences } from "./bptt-sequences.js";
import { environmentSteps } from "./environment-steps.js";
import { guideUpdates } from "./guide-updates.js";
import { measure, type Result } from "./measure.js";
import { policySteps, spikesOfBoth } from "./policy-steps.js";

interface Report {
  readonly node: string;
  readonly cpu: string;
  readonly repetitions: number;
  /** Of one sequence: that core and twin run the same network. */
  readonly spikes: { readonly core: number; readonly twin: number };
  readonly results: readonly Result[];
  readonly adjoints: readonly AdjointCost[];
}

const REPETITIONS = 7;
const LEAST_MS = 250;
const KEPT = new URL("../../bench/results.json", import.meta.url);

function runBench(): Report {
  const claims = [
    environmentSteps,
    () => bpttSequences(32),
    () => bpttSequences(352),
    guideUpdates,
    policySteps,
  ];
  const results = claims.map((claim) => {
    const result = measure(claim(), REPETITIONS, LEAST_MS);
    process.stderr.write(`${result.name}: ${result.simdOverTwin.toFixed(1)} times the twin\n`);
    return result;
  });
  return {
    node: process.versions.node,
    cpu: cpus()[0]?.model ?? "unknown",
    repetitions: REPETITIONS,
    spikes: spikesOfBoth(),
    results,
    adjoints: adjointCosts(REPETITIONS),
  };
}

function formatRate(rate: number): string {
  if (rate >= 1e6) return `${(rate / 1e6).toFixed(2)} M`;
  return rate >= 1e4 ? `${(rate / 1e3).toFixed(1)} k` : rate.toFixed(0);
}

function formatReport(
  { node, cpu, spikes, results, adjoints }: Report,
  previous: Report | undefined,
): string {
  const header = ["", "unit", "SIMD", "scalar", "twin", "SIMD/twin", "before", "SIMD/scalar", "before"];
  const rows = results.map((result) => {
    const before = previous?.results.find(({ name }) => name === result.name);
    const ratio = (value: number | undefined) => (value === undefined ? "-" : value.toFixed(2));
    return [
      result.name,
      result.unit,
      formatRate(result.simd),
      formatRate(result.scalar),
      formatRate(result.twin),
      ratio(result.simdOverTwin),
      ratio(before?.simdOverTwin),
      ratio(result.simdOverScalar),
      ratio(before?.simdOverScalar),
    ];
  });
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
  );
  const step = results.find(({ name }) => name === "policy steps");
  return [
    `Node ${node}, ${cpu}, one thread; medians of ${REPETITIONS} alternating repetitions`,
    ...lines,
    `one policy step: ${step ? (1e6 / step.simd).toFixed(2) : "-"} µs`,
    `spikes of one sequence: ${spikes.core} in the core, ${spikes.twin} in the twin`,
    ...adjoints.map(
      ({ actor, forwardUs, backwardUs, backwardOverForward }) =>
        `through the simulator, ${actor} actor: ${forwardUs.toFixed(2)} µs a drone and step, back ${backwardUs.toFixed(2)} µs: ${backwardOverForward.toFixed(2)} times`,
    ),
    "",
  ].join("\n");
}

const { values: options } = parseArgs({
  options: { json: { type: "boolean" }, save: { type: "boolean" }, against: { type: "string" } },
});
if (options.against !== undefined) {
  process.stdout.write(formatComparisons(options.against, compareWith(options.against)));
} else {
  const previous: Report | undefined = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, "utf8")) : undefined;
  const report = runBench();
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...report, previous }, undefined, 2)}\n`
      : formatReport(report, previous),
  );
  if (options.save) writeFileSync(KEPT, `${JSON.stringify(report, undefined, 2)}\n`);
}
