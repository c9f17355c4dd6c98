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
import { expose } from "comlink";
import { fetchCoreModule } from "./core-module.js";
import { withRun } from "./kept-runs.js";
import { createRunKeeper, type RunKeeper, type Standing } from "./run-keeper.js";
import type { Trained, Trainer, TrainListener, TrainOrder } from "./train-messages.js";
import { pointOf, type Round, scoreOf } from "./train-point.js";

let isStopping = false;

/** A run in hand. */
interface Run {
  readonly config: RunConfig;
  readonly workers: number;
  readonly listener: TrainListener;
  readonly keeper: RunKeeper;
  /** Where it goes on; undefined: from the start. */
  readonly standing: Standing | undefined;
}

async function createPool(workers: number): Promise<PooledCore> {
  if (workers > 1) return createBrowserPool(await fetchCoreModule("threads"), workers);
  const core = createCore(await fetchCoreModule("simd"), createMemory("simd"));
  return { core, pool: createInlinePool(core.kernels) };
}

async function train(
  { run, guide: given, workers, resumes }: TrainOrder,
  listener: TrainListener,
): Promise<Trained> {
  const config = resolveRunConfig(run.choice, "training");
  const build = workers > 1 ? "threads" : "simd";
  const module = await fetchCoreModule(build);
  const memory = createMemory(build);
  admitRun(config, given, () => createCore(module, memory), "training");
  const keeper = createRunKeeper(run, config, listener);
  const standing = resumes ? await keeper.resume() : undefined;
  if (standing) await listener.resumed(standing.points);
  const inHand = { config, workers, listener, keeper, standing };
  if (!hasGuide(config)) return trainPolicy(inHand, undefined);
  let guide = standing ? standing.guide : given;
  if (given && !standing) keeper.guideIs(given);
  if (!guide) {
    const trained = await trainGuide(inHand, config);
    ({ guide } = trained);
    if (trained.isStopped) return { guide };
  }
  return trainPolicy(inHand, guide);
}

/** What flies the jump start, or the best of its training where that was stopped. */
async function trainGuide(
  run: Run,
  config: RunWithGuide,
): Promise<{ readonly guide: Policy; readonly isStopped: boolean }> {
  const pooled = await createPool(run.workers);
  const phase = createGuidePhase(() => pooled, config);
  const best = ({ evaluation }: GuideReport) => evaluation && withoutCritics(phase.policy("expert"));
  const isStopped = await runToEnd(run, "guide", phase, best);
  const guide = isStopped ? withoutCritics(phase.policy("expert")) : phase.policy(config.guideLevel);
  pooled.pool.close();
  if (!isStopped) run.keeper.guideIs(guide);
  return { guide, isStopped };
}

async function trainPolicy(run: Run, guide: Policy | undefined): Promise<Trained> {
  const pooled = await createPool(run.workers);
  const phase = createPolicyPhase(() => pooled, run.config, guide);
  await runToEnd(run, "policy", phase, phase.snapshot);
  const { round } = phase.progress as { readonly round: number };
  const { policy, evaluation } = phase.finish();
  pooled.pool.close();
  const score = scoreOf(evaluation);
  await run.keeper.result(policy, score, round === policyRounds(run.config));
  return { policy, score };
}

const withoutCritics = ({ shape, weights, record }: Policy): Policy => ({ shape, weights, record });

/** Runs the rounds of a phase from where it stands; whether it was stopped. Between two of them it hears of that. */
async function runToEnd<Report extends Round>(
  { config, listener, keeper, standing }: Run,
  name: Checkpoint["phase"],
  phase: Phase<Report>,
  newest: (round: Report) => Policy | undefined,
): Promise<boolean> {
  if (standing?.checkpoint.phase === name) restoreCheckpoint(phase, standing.checkpoint, "training");
  let hasScore = standing?.points.some((point) => point.phase === name && point.validation) ?? false;
  let told: unknown;
  let stopsHere = false;
  for (const round of phase.run()) {
    const point = pointOf(config, round);
    const policy = newest(round);
    hasScore ||= round.evaluation !== undefined;
    told = listener.round(point, policy); // no round waits for the page, which may be busy with its picture
    await new Promise((resolve) => setTimeout(resolve));
    stopsHere = isStopping && hasScore;
    const kept = name === "policy" ? policy : undefined; // a guide is no result
    await keeper.roundIsOver({ point, name, phase, policy: kept }, stopsHere);
    if (stopsHere) break;
  }
  await told; // and all that was told before
  return stopsHere;
}

expose({
  train: (order, listener) => withRun(order.run.id, () => train(order, listener)),
  stop() {
    isStopping = true;
  },
} satisfies Trainer);
