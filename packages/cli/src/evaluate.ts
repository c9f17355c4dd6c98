import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Range, Variation } from "@spikewing/core";
import { createNodePool } from "@spikewing/core/node";
import {
  airframeName,
  describeVariation,
  type Evaluation,
  evaluateByProtocol,
  isPaperReward,
  loadPolicy,
  type Policy,
  PROTOCOL,
  partName,
  RECORDED_EPISODES,
  rateInterval,
  SpikewingError,
  scoredTask,
  standardError,
  type Task,
} from "@spikewing/rl";
import { formatTable, printResult } from "./print.js";
import { inPieces } from "./progress.js";
import {
  drawRobustness,
  type Entrant,
  formatConditions,
  formatTracking,
  labelOf,
  scoreRobustness,
} from "./robustness.js";
import { RUN_FILES, readPolicy } from "./run-folder.js";
import { findShippedPolicy, shippedPolicyPath } from "./shipped-policies.js";
import { writeWhole } from "./whole-file.js";
import { defaultWorkers } from "./workers.js";

/** Presets by name that a flag may choose over those of a policy. */
export interface TaskFlags {
  readonly airframe?: Task["airframe"];
  readonly start?: Task["start"];
  readonly noise?: Task["sensorNoise"];
  readonly bounds?: Task["bounds"];
  readonly reward?: Task["reward"];
  readonly mass?: Range;
  readonly thrust?: Range;
  readonly battery?: Range;
  /** ms */
  readonly delay?: Range;
  readonly wind?: Range;
  readonly yaw?: Range;
}

/** The variation that flags ask for; undefined where they ask for none. */
function variationOf({ mass, thrust, battery, wind, yaw }: TaskFlags): Variation | undefined {
  const asked = { mass, thrust, batteryV: battery, windMn: wind, yawUnm: yaw };
  const given = Object.entries(asked).filter(([, range]) => range !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** The task that a policy is scored on, but for what flags say: only they vary what is scored and flown. */
export function taskOf(policy: Policy, flags: TaskFlags): Task {
  const task = scoredTask(policy);
  const variation = variationOf(flags);
  return {
    airframe: flags.airframe ?? task.airframe,
    start: flags.start ?? task.start,
    sensorNoise: flags.noise ?? task.sensorNoise,
    bounds: flags.bounds ?? task.bounds,
    reward: flags.reward ?? task.reward,
    delayS: flags.delay === undefined ? task.delayS : [flags.delay[0] / 1000, flags.delay[1] / 1000],
    ...(variation === undefined ? {} : { variation }),
  };
}

/** How one policy did, and which. */
export interface Score extends Evaluation {
  readonly role: string;
  readonly file: string;
}

/** The protocol's score of a policy, on a core of its own; `tell` hears how many episodes have been flown. */
export function scorePolicy(
  policy: Policy,
  task: Task,
  workers: number,
  episodes?: number,
  tell?: (flown: number) => void,
): Evaluation {
  const { core, pool } = createNodePool(workers);
  try {
    return evaluateByProtocol(core, pool, task, loadPolicy(core, policy), episodes, tell);
  } finally {
    pool.close();
  }
}

/** The protocol's scores of several, one after the other. */
export function scoreEntrants(
  title: string,
  entrants: readonly Entrant[],
  task: Task,
  workers: number,
  episodes: number = PROTOCOL.episodes,
): Score[] {
  return inPieces(
    title,
    entrants,
    labelOf,
    ({ role, file, policy }, tell) => ({
      role,
      file,
      ...scorePolicy(policy, task, workers, episodes, tell),
    }),
    episodes,
  );
}

/** The policy with its score on record, as a trained one has it. */
export function recordScore(policy: Policy, task: Task, workers: number): Policy {
  const { returns, settled, ...evaluation } = scorePolicy(policy, task, workers, RECORDED_EPISODES);
  const protocol = { ...PROTOCOL, episodes: RECORDED_EPISODES };
  return { ...policy, record: { ...policy.record, evaluation: { protocol, ...evaluation } } };
}

/** The document of `evaluate --json` and evaluation.json. */
export function describeScores(task: Task, scores: readonly Score[]) {
  return {
    protocol: { ...PROTOCOL, episodes: scores[0]?.returns.length ?? PROTOCOL.episodes, task },
    scores,
  };
}

export function formatScores(task: Task, scores: readonly Score[]): string[] {
  const { airframe, start, sensorNoise, bounds, reward } = task;
  const fixed = (value: number, digits: number) => (Number.isFinite(value) ? value.toFixed(digits) : "-");
  const hasMore = scores.some(({ returns }) => returns.length > RECORDED_EPISODES);
  const first = ({ returns }: Score) =>
    returns.slice(0, RECORDED_EPISODES).reduce((sum, value) => sum + value, 0) / RECORDED_EPISODES;
  const header = [
    "",
    "return",
    "+-",
    ...(hasMore ? [`first ${RECORDED_EPISODES}`] : []),
    "spread",
    "crashed",
    "95 %",
    "uncrashed",
    ...(isPaperReward(reward) ? ["end weights"] : []),
    "error (m)",
    "after 2 s",
    "offset",
    "change",
    "spike rates",
    "file",
  ];
  const rows = scores.map((score) => [
    score.role,
    fixed(score.meanReturn, 1),
    fixed(standardError(score), 1),
    ...(hasMore ? [fixed(first(score), 1)] : []),
    fixed(score.standardDeviation, 1),
    `${fixed(100 * score.crashRate, 1)} %`,
    rateInterval(score.crashRate, score.returns.length)
      .map((rate) => fixed(100 * rate, 1))
      .join(" .. "),
    fixed(score.uncrashedReturn, 1),
    ...(isPaperReward(reward) ? [fixed(score.otherMeanReturn, 1)] : []),
    fixed(score.positionErrorM, 3),
    fixed(score.settled.positionErrorM, 3),
    fixed(score.settled.offsetM, 3),
    fixed(score.settled.commandChange, 3),
    score.spikeRates.length > 0 ? score.spikeRates.map((rate) => fixed(rate, 3)).join(" ") : "-",
    score.file,
  ]);
  return [
    [
      `${scores[0]?.returns.length ?? PROTOCOL.episodes} reserved episodes: ${airframeName(airframe)}`,
      `start ${partName(start)}`,
      `noise ${partName(sensorNoise)}`,
      `bounds ${partName(bounds)}`,
      `reward ${partName(reward)}`,
      ...describeVariation(task),
    ].join(", "),
    ...formatTable([header, ...rows]),
  ];
}

export interface EvaluateFlags extends TaskFlags {
  readonly guide?: string;
  readonly ann?: readonly string[];
  readonly alone?: boolean;
  readonly episodes?: number;
  readonly robustness?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** Role and file of everything to score: the policy, then its guide, then the ANNs. */
function chooseFiles(policyFile: string, flags: EvaluateFlags): (readonly [role: string, file: string])[] {
  const files: [string, string][] = [["policy", policyFile]];
  if (flags.alone) return files;
  const ownGuide = join(dirname(policyFile), RUN_FILES.guide);
  const guide = flags.guide ?? (existsSync(ownGuide) ? ownGuide : findShippedPolicy("guide"));
  const anns = flags.ann ?? [findShippedPolicy("annHistory"), findShippedPolicy("ann")];
  if (guide !== undefined) files.push(["guide", guide]);
  for (const file of anns) if (file !== undefined) files.push(["ANN", file]);
  return files.filter(
    ([, file], i) => files.findIndex(([, other]) => resolve(other) === resolve(file)) === i,
  );
}

export function evaluate(policyFile: string | undefined, flags: EvaluateFlags): void {
  const chosen = chooseFiles(policyFile ?? shippedPolicyPath(), flags);
  const entrants = chosen.map(([role, file]) => ({ role, file, policy: readPolicy(file) }));
  const task = taskOf(entrants[0]!.policy, flags);
  if (flags.robustness !== undefined) {
    if (describeVariation(task).length > 0)
      throw new SpikewingError(
        "--robustness",
        `varies the task by itself; expected it without ${describeVariation(task).join(", ")}`,
      );
    const { robustness: picture, workers = defaultWorkers(), episodes = RECORDED_EPISODES } = flags;
    const { conditions, tracking } = scoreRobustness(entrants, task, workers, episodes);
    writeWhole(picture, drawRobustness(entrants, conditions));
    printResult(flags.json, { protocol: { ...PROTOCOL, episodes, task }, conditions, tracking, picture }, [
      `${episodes} reserved episodes each: return +- standard error, crashed`,
      ...formatConditions(entrants, conditions),
      "",
      "distance to a moving target from 2 s on, root mean square",
      ...formatTracking(entrants, tracking),
      `wrote ${picture}`,
    ]);
    return;
  }
  const workers = flags.workers ?? defaultWorkers();
  const scores = scoreEntrants("evaluate", entrants, task, workers, flags.episodes);
  printResult(flags.json, describeScores(task, scores), formatScores(task, scores));
}
