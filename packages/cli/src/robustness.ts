import { basename } from "node:path";
import { createNodePool } from "@spikewing/core/node";
import {
  type Condition,
  type ConditionScore,
  flyTrajectories,
  loadPolicy,
  type Policy,
  robustnessConditions,
  scoreCondition,
  type Task,
  TRACKING_FLIGHTS,
  type Tracking,
} from "@spikewing/rl";
import { COLOURS, drawChart, type Panel, type Series } from "./chart.js";
import { formatTable } from "./print.js";
import { inPieces } from "./progress.js";

export interface Entrant {
  readonly role: string;
  readonly file: string;
  readonly policy: Policy;
}

/** The ANNs are told apart by their files. */
export const labelOf = ({ role, file }: Pick<Entrant, "role" | "file">): string =>
  role === "ANN" ? basename(file, ".safetensors") : role;

/** How every entrant did under one condition, in their order. */
export interface RobustnessRow extends Condition {
  readonly scores: readonly ConditionScore[];
}

export interface Robustness {
  readonly conditions: readonly RobustnessRow[];
  /** Of every entrant, in their order, the trajectories. */
  readonly tracking: readonly (readonly Tracking[])[];
}

export function scoreRobustness(
  entrants: readonly Entrant[],
  task: Task,
  workers: number,
  episodes: number,
): Robustness {
  const conditions = robustnessConditions(task);
  const columns = entrants.map((entrant) => {
    const { policy } = entrant;
    const { core, pool } = createNodePool(workers);
    try {
      const actor = loadPolicy(core, policy);
      const tracking = flyTrajectories(core, task, actor, TRACKING_FLIGHTS);
      const title = `evaluate ${labelOf(entrant)}`;
      const scores = inPieces(
        title,
        conditions,
        ({ name }) => name,
        (condition) => scoreCondition(core, pool, condition, actor, episodes),
      );
      return { scores, tracking };
    } finally {
      pool.close();
    }
  });
  return {
    conditions: conditions.map((condition, row) => ({
      ...condition,
      scores: columns.map(({ scores }) => scores[row]!),
    })),
    tracking: columns.map(({ tracking }) => tracking),
  };
}

export function formatTracking(entrants: readonly Entrant[], tracking: Robustness["tracking"]): string[] {
  return formatTable([
    ["", ...entrants.flatMap((entrant) => [labelOf(entrant), "lost"])],
    ...(tracking[0] ?? []).map(({ trajectory, size, period, flights }, row) => [
      trajectory === "hover" ? trajectory : `${trajectory}, ${size} m in ${period} s`,
      ...tracking.flatMap((column) => {
        const { positionErrorM, lost } = column[row]!;
        return [
          Number.isFinite(positionErrorM) ? `${positionErrorM.toFixed(3)} m` : "-",
          `${lost} of ${flights}`,
        ];
      }),
    ]),
  ]);
}

export function formatConditions(entrants: readonly Entrant[], rows: readonly RobustnessRow[]): string[] {
  return formatTable([
    ["", ...entrants.flatMap((entrant) => [labelOf(entrant), "crashed"])],
    ...rows.map(({ name, scores }) => [
      name,
      ...scores.flatMap(({ meanReturn, standardError, crashRate }) => [
        `${meanReturn.toFixed(1)} +- ${standardError.toFixed(1)}`,
        `${(100 * crashRate).toFixed(1)} %`,
      ]),
    ]),
  ]);
}

const LINES = [COLOURS.policy, COLOURS.second, COLOURS.third, COLOURS.warning];

/** Return and crashes over everything that was tried at more than one value. */
export function drawRobustness(entrants: readonly Entrant[], rows: readonly RobustnessRow[]): string {
  type Measure = (score: RobustnessRow["scores"][number]) => number;
  const panel = (kind: Condition["kind"], neutral: number, xLabel: string, measure: Measure): Panel => ({
    title: measure === meanReturn ? "Return" : "Crashed",
    xLabel,
    yLabel: measure === meanReturn ? "" : "%",
    yIncludes: [0],
    series: entrants.map((entrant, i): Series => {
      const points = rows
        .filter((row, at) => at === 0 || row.kind === kind)
        .map((row, at) => [at === 0 ? neutral : row.value, measure(row.scores[i]!)] as const)
        .sort(([a], [b]) => a - b);
      return { label: labelOf(entrant), colour: LINES[i % LINES.length]!, points };
    }),
  });
  const meanReturn: Measure = (score) => score.meanReturn;
  const crashed: Measure = (score) => 100 * score.crashRate;
  const row = (measure: Measure) => [
    panel("delay", 0, "delay (ms)", measure),
    panel("mass", 1, "mass (factor)", measure),
    panel("motor lag", 1, "motor lag (factor)", measure),
  ];
  return drawChart("What a policy bears", [row(meanReturn), row(crashed)], 1080, 320);
}
