/** Trains a policy: the loop of the command line, so the bytes are the same, with any number of threads. */
import { createCore, createInlinePool, createMemory, type PooledCore } from "@spikewing/core";
import { createBrowserPool } from "@spikewing/core/browser";
import {
  admitRun,
  type Checkpoint,
  createGuidePhase,
  createPolicyPhase,
  type GuideReport,
  hasGuide,
  type Phase,
  type Policy,
  policyRounds,
  type RunConfig,
  type RunWithGuide,
  resolveRunConfig,
  restoreCheckpoint,
} from "@spikewing/rl";
import { fetchCoreModule } from "./core-module.js";
import { withRun } from "./kept-runs.js";
import { createRunKeeper, type RunKeeper, type Standing } from "./run-keeper.js";
import type { TrainReport, TrainRequest } from "./train-messages.js";
import { pointOf, type Round, scoreOf } from "./train-point.js";

const report = (message: TrainReport) => postMessage(message);
let isStopping = false;

/** A run in hand. */
interface Run {
  readonly config: RunConfig;
  readonly workers: number;
  readonly keeper: RunKeeper;
  /** Where it goes on; undefined: from the start. */
  readonly standing: Standing | undefined;
}

async function createPool(workers: number): Promise<PooledCore> {
  if (workers > 1) return createBrowserPool(await fetchCoreModule("threads"), workers);
  const core = createCore(await fetchCoreModule("simd"), createMemory("simd"));
  return { core, pool: createInlinePool(core.kernels) };
}

async function train({ run, guide: given, workers, resumes }: TrainRequest & { kind: "train" }) {
  const config = resolveRunConfig(run.choice, "training");
  const build = workers > 1 ? "threads" : "simd";
  const module = await fetchCoreModule(build);
  const memory = createMemory(build);
  admitRun(config, given, () => createCore(module, memory), "training");
  const keeper = createRunKeeper(run, config, report);
  const standing = resumes ? await keeper.resume() : undefined;
  if (standing) report({ kind: "resumed", points: standing.points });
  const inHand = { config, workers, keeper, standing };
  if (!hasGuide(config)) return trainPolicy(inHand, undefined);
  let guide = standing ? standing.guide : given;
  if (given && !standing) keeper.guideIs(given);
  guide ??= await trainGuide(inHand, config);
  if (guide) await trainPolicy(inHand, guide);
}

/** What flies the jump start; undefined where the training was stopped before there was one. */
async function trainGuide(run: Run, config: RunWithGuide): Promise<Policy | undefined> {
  const pooled = await createPool(run.workers);
  const phase = createGuidePhase(() => pooled, config);
  const best = ({ evaluation }: GuideReport) => evaluation && withoutCritics(phase.policy("expert"));
  await runToEnd(run, "guide", phase, best);
  const guide = isStopping ? undefined : phase.policy(config.guideLevel);
  if (guide) run.keeper.guideIs(guide);
  else report({ kind: "stopped", guide: withoutCritics(phase.policy("expert")) });
  pooled.pool.close();
  return guide;
}

async function trainPolicy(run: Run, guide: Policy | undefined): Promise<void> {
  const pooled = await createPool(run.workers);
  const phase = createPolicyPhase(() => pooled, run.config, guide);
  await runToEnd(run, "policy", phase, phase.snapshot);
  const { round } = phase.progress as { readonly round: number };
  const { policy, evaluation } = phase.finish();
  pooled.pool.close();
  const score = scoreOf(evaluation);
  await run.keeper.result(policy, score, round === policyRounds(run.config));
  report({ kind: "done", policy, score });
}

const withoutCritics = ({ shape, weights, record }: Policy): Policy => ({ shape, weights, record });

/** Runs the rounds of a phase from where it stands; between two of them the worker hears whether to stop. */
async function runToEnd<Report extends Round>(
  { config, keeper, standing }: Run,
  name: Checkpoint["phase"],
  phase: Phase<Report>,
  newest: (round: Report) => Policy | undefined,
): Promise<void> {
  if (standing?.checkpoint.phase === name) restoreCheckpoint(phase, standing.checkpoint, "training");
  let hasScore = standing?.points.some((point) => point.phase === name && point.validation) ?? false;
  for (const round of phase.run()) {
    const point = pointOf(config, round);
    const policy = newest(round);
    report({ kind: "point", point, newest: policy });
    hasScore ||= round.evaluation !== undefined;
    await new Promise((resolve) => setTimeout(resolve));
    const stopsHere = isStopping && hasScore;
    const kept = name === "policy" ? policy : undefined; // a guide is no result
    await keeper.roundIsOver({ point, name, phase, policy: kept }, stopsHere);
    if (stopsHere) return;
  }
}

addEventListener("message", ({ data }: MessageEvent<TrainRequest>) => {
  if (data.kind === "stop") {
    isStopping = true;
    return;
  }
  withRun(data.run.id, () => train(data)).catch((error: unknown) =>
    report({ kind: "failed", problem: error instanceof Error ? error.message : String(error) }),
  );
});
