import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createNodePool } from "@spikewing/core/node";
import {
  airframeName,
  type Checkpoint,
  createGuidePhase,
  createPolicyPhase,
  digestOf,
  encodeCheckpoint,
  encodePolicy,
  GUIDE_LEVELS,
  type GuideLevel,
  type GuideReport,
  hasGuide,
  hasLogs,
  type Phase,
  type Policy,
  type PolicyReport,
  policyRounds,
  type RunConfig,
  type RunIdentity,
  type RunWithGuide,
  restoreCheckpoint,
  SpikewingError,
  type Task,
  withoutVariation,
} from "@spikewing/rl";
import type { Experience } from "@spikewing/rl/identification";
import { drawCurves } from "./curves.js";
import { describeScores, formatScores, type Score, scoreEntrants } from "./evaluate.js";
import { drawFlight } from "./flight-picture.js";
import { flyPlan, planFlight } from "./flight-plan.js";
import { holdAt } from "./hold.js";
import { readLogs } from "./log-files.js";
import { type MetricsLog, metricsOf, openMetricsLog } from "./metrics.js";
import { formatDuration, printNote, printResult } from "./print.js";
import { startProgress } from "./progress.js";
import { beginRun, type OpenRun, openRun, RUN_FILES, readGuide, writePolicy } from "./run-folder.js";
import { Interruption, listenForSignals, reportInterruption, type Signals } from "./signals.js";
import { admit, resolveConfig, type TrainFlags } from "./train-flags.js";
import { toJson, writeWhole } from "./whole-file.js";
import { defaultWorkers } from "./workers.js";

/** Seconds between two checkpoints. One of the guide in the fast preset has 228 MB. */
const CHECKPOINT_EVERY_S = 120;

/** A run in hand, and how this session works on it. */
interface Run extends OpenRun {
  readonly logs: readonly Experience[];
  readonly workers: number;
  readonly checkpointEveryS: number;
}

/** A new run in a new folder, or the stored one that --resume names. */
function openFlagged(flags: TrainFlags): Run {
  const session = {
    workers: flags.workers ?? defaultWorkers(),
    checkpointEveryS: flags.checkpointEvery ?? CHECKPOINT_EVERY_S,
  };
  if (flags.resume !== undefined) {
    const run = openRun(flags.resume);
    const { logs } = withLogs(run.config);
    admit(run.config, run.guide, join(run.folder, RUN_FILES.config), logs);
    return { ...run, logs, ...session };
  }
  const { config, logs } = withLogs(resolveConfig(flags));
  const guide = flags.guide === undefined ? undefined : readGuide(flags.guide);
  admit(config, guide, flags.config ?? "configuration", logs);
  const folder = flags.out ?? join("runs", `${config.algorithm}-${config.preset}-seed${config.seed}`);
  return { ...beginRun(folder, config, guide), logs, ...session };
}

/** A config, and the logged flights that it names. */
function withLogs(config: RunConfig): Pick<Run, "config" | "logs"> {
  return hasLogs(config) ? readLogs(config) : { config, logs: [] };
}

/** Runs a phase to its end, with its metrics, progress and checkpoints. */
async function runPhase(
  run: Run,
  name: Checkpoint["phase"],
  phase: Phase<GuideReport | PolicyReport>,
  identity: RunIdentity,
  log: MetricsLog,
  signals: Signals,
): Promise<void> {
  const { folder, config } = run;
  if (run.checkpoint?.phase === name) {
    restoreCheckpoint(phase, run.checkpoint, join(folder, RUN_FILES.checkpoint));
  }
  const save = () => {
    writeWhole(join(folder, RUN_FILES.checkpoint), encodeCheckpoint(name, config, identity, phase));
    writeWhole(join(folder, RUN_FILES.curves), drawCurves(titleOf(config), log.records));
  };
  const roundsDone = (phase.progress as { round: number }).round;
  const rounds = name === "guide" ? guideRounds(config) : policyRounds(config);
  const secondsBefore = log.records.at(-1)?.seconds ?? 0;
  const startedAt = performance.now();
  let savedAt = startedAt;
  const progress = startProgress(name, rounds, roundsDone);
  try {
    for (const report of phase.run()) {
      log.append(metricsOf(report, secondsBefore + (performance.now() - startedAt) / 1000));
      progress.show(report);
      holdAt(`round ${report.round} of ${name}`);
      await nextTurn();
      if ((performance.now() - savedAt) / 1000 >= run.checkpointEveryS) {
        save();
        savedAt = performance.now();
      }
      if (signals.received()) break;
    }
  } finally {
    progress.end();
  }
  save(); // not where the phase throws: its state is then in the middle of a round
  const signal = signals.received();
  if (signal) throw new Interruption(signal);
}

/** Rounds of a guide's training; 0 where the algorithm has none. */
function guideRounds(config: RunConfig): number {
  return hasGuide(config) ? config.guide.rounds : 0;
}

function titleOf({ algorithm, preset, seed, task }: RunConfig): string {
  return `${algorithm}, preset ${preset}, seed ${seed}, ${airframeName(task.airframe)}`;
}

/** Trains the guide and writes every level that it reached; the one that flies the jump start. */
async function trainGuide(
  run: Run,
  config: RunWithGuide,
  log: MetricsLog,
  signals: Signals,
): Promise<Policy> {
  const { folder, workers } = run;
  const phase = createGuidePhase(() => createNodePool(workers), config);
  try {
    await runPhase(run, "guide", phase, run.identity, log, signals);
  } finally {
    phase.pool.close();
  }
  for (const level of Object.keys(GUIDE_LEVELS) as GuideLevel[]) {
    const policy = phase.policy(level);
    if (policy.record.level === level) writePolicy(folder, `guide-${level}.safetensors`, policy);
    else printNote(`the guide did not reach ${level} (a return of ${GUIDE_LEVELS[level]})`);
  }
  const guide = phase.policy(config.guideLevel);
  writePolicy(folder, RUN_FILES.guide, guide);
  return guide;
}

/** The log of a run, with the rounds that its checkpoint has behind it. */
function openLog({ folder, config, identity, checkpoint }: Run): MetricsLog {
  const round = checkpoint?.progress.round ?? 0;
  const rounds = identity.guide === null ? guideRounds(config) : 0;
  const done =
    checkpoint?.phase === "policy" ? { guide: rounds, policy: round } : { guide: round, policy: 0 };
  return openMetricsLog(folder, done);
}

/** Runs `work` on the run that the flags name; an interruption is told, and becomes the exit code of its signal. */
async function withRun(
  command: string,
  flags: TrainFlags,
  work: (run: Run, log: MetricsLog, signals: Signals) => Promise<void>,
): Promise<void> {
  const run = openFlagged(flags);
  const signals = listenForSignals();
  try {
    await work(run, openLog(run), signals);
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    reportInterruption(error, `spikewing ${command} --resume ${run.folder}`);
  } finally {
    signals.stop();
    run.release();
  }
}

/** Trains a guide, and nothing else. */
export function trainGuideAlone(flags: TrainFlags): Promise<void> {
  const usual = { algorithm: "td3bc-jsrl" } as const; // of those that have a guide; its training is the same in all
  return withRun(
    "guide",
    flags.resume === undefined ? { ...usual, ...flags } : flags,
    async (run, log, signals) => {
      const { folder, config, workers } = run;
      const file = join(folder, RUN_FILES.guide);
      if (!hasGuide(config)) {
        const problem = `algorithm is ${config.algorithm}, which has no guide; expected another`;
        throw new SpikewingError("configuration", problem);
      }
      const guide = run.guide ?? (await trainGuide(run, config, log, signals));
      const task = withoutVariation(config.task);
      const scores = scoreEntrants("score", [{ role: "guide", file, policy: guide }], task, workers);
      const evaluation = describeScores(task, scores);
      writeWhole(join(folder, RUN_FILES.evaluation), toJson(evaluation));
      const seconds = log.records.at(-1)?.seconds ?? 0;
      printResult(flags.json, { folder, config, seconds, ...evaluation }, [
        `${folder}: trained in ${formatDuration(seconds)}`,
        ...formatScores(task, scores),
      ]);
    },
  );
}

/** What a finished training hands to whoever started it. */
export interface TrainResult {
  readonly folder: string;
  readonly config: RunConfig;
  /** What the scores are of. */
  readonly task: Task;
  /** Of training, over all sessions. */
  readonly seconds: number;
  readonly scores: readonly Score[];
}

/** Trains guide and policy, scores both, flies once; undefined when a signal ended it. */
export async function trainPolicy(command: string, flags: TrainFlags): Promise<TrainResult | undefined> {
  let result: TrainResult | undefined;
  await withRun(command, flags, async (run, log, signals) => {
    const { folder, config, workers } = run;
    const task = withoutVariation(config.task);
    const guide = hasGuide(config) ? (run.guide ?? (await trainGuide(run, config, log, signals))) : undefined;
    const phase = createPolicyPhase(() => createNodePool(workers), config, guide, run.logs);
    try {
      const identity = { ...run.identity, guide: guide ? digestOf(encodePolicy(guide)) : null };
      await runPhase(run, "policy", phase, identity, log, signals);
      const { policy } = phase.finish();
      const file = join(folder, RUN_FILES.policy);
      writePolicy(folder, RUN_FILES.policy, policy);
      const guideFile = join(folder, RUN_FILES.guide);
      const trained = { role: "policy", file, policy };
      const besides = guide ? [{ role: "guide", file: guideFile, policy: guide }] : [];
      const scores = scoreEntrants("score", [trained, ...besides], task, workers);
      writeWhole(join(folder, RUN_FILES.evaluation), toJson(describeScores(task, scores)));
      const plan = planFlight({ seed: config.seed });
      const samples = await flyPlan(policy, task, plan);
      writeWhole(join(folder, RUN_FILES.flight), drawFlight(file, task, plan, samples));
      result = { folder, config, task, seconds: log.records.at(-1)?.seconds ?? 0, scores };
    } finally {
      phase.pool.close();
    }
  });
  return result;
}

/** The `train` command. */
export async function train(flags: TrainFlags): Promise<void> {
  const result = await trainPolicy("train", flags);
  if (!result) return;
  const { folder, config, task, seconds, scores } = result;
  printResult(flags.json, { folder, config, seconds, ...describeScores(task, scores) }, [
    `${folder}: trained in ${formatDuration(seconds)}`,
    ...formatScores(task, scores),
  ]);
}
