import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { quantile } from "d3-array";
import type { Result } from "./measure.js";

/** A row that both checkouts have: SIMD rates of this one over the other's. */
export interface Comparison {
  readonly name: string;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

const ROUNDS = 5;
const MAIN = "packages/cli/build/bench/main.js";
const HERE = fileURLToPath(new URL("main.js", import.meta.url));

function resultsOf(main: string): Result[] {
  const { status, stdout } = spawnSync(process.execPath, [main, "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${main} ended with ${status}`);
  return (JSON.parse(stdout) as { results: Result[] }).results;
}

/** Runs the benchmark of another checkout and this one's in turn, so that whatever the machine does meets both. */
export function compareWith(checkout: string): Comparison[] {
  const other = join(checkout, MAIN);
  if (!existsSync(other)) throw new Error(`${other} is not there; run npm run bench in that checkout first`);
  const ratios = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    const before = resultsOf(other);
    for (const { name, simd } of resultsOf(HERE)) {
      const same = before.find((result) => result.name === name);
      if (same) ratios.set(name, [...(ratios.get(name) ?? []), simd / same.simd]);
    }
    process.stderr.write(`round ${round + 1} of ${ROUNDS} done\n`);
  }
  return [...ratios].map(([name, values]) => {
    const at = (p: number) => quantile(values, p)!;
    return { name, lower: at(0.25), median: at(0.5), upper: at(0.75) };
  });
}

export const formatComparisons = (checkout: string, comparisons: readonly Comparison[]): string =>
  [
    `SIMD rates over those of ${checkout}: medians of ${ROUNDS} rounds in turn, and their quartiles`,
    ...comparisons.map(
      ({ name, lower, median, upper }) =>
        `${name.padEnd(40)} ${median.toFixed(3)}  (${lower.toFixed(3)} .. ${upper.toFixed(3)})`,
    ),
    "",
  ].join("\n");
