/** Trains a policy: the loop of the command line, so the bytes are the same, with any number of threads. */
import { createCore, createInlinePool, createMemory, type PooledCore } from "@spikewing/core";
import { createBrowserPool } from "@spikewing/core/browser";
import {
  admitRun,
  apgSteps,
  createGuidePhase,
  createPolicyPhase,
  type Evaluation,
  type GuideReport,
  hasGuide,
  type Policy,
  type PolicyReport,
  type RunConfig,
  resolveRunConfig,
  standardError,
} from "@spikewing/rl";
import { fetchCoreModule } from "./core-module.js";
import type { Score, TrainPoint, TrainReport, TrainRequest } from "./train-messages.js";

const report = (message: TrainReport) => postMessage(message);
let stopping = false;

type Round = GuideReport | PolicyReport;

async function createPool(workers: number): Promise<PooledCore> {
  if (workers > 1) return createBrowserPool(await fetchCoreModule("threads"), workers);
  const core = createCore(await fetchCoreModule("simd"), createMemory("simd"));
  return { core, pool: createInlinePool(core.kernels) };
}

async function train({ choice, guide: given, workers }: TrainRequest & { kind: "train" }): Promise<void> {
  const config = resolveRunConfig(choice, "training");
  const build = workers > 1 ? "threads" : "simd";
  const module = await fetchCoreModule(build);
  const memory = createMemory(build);
  admitRun(config, given, () => createCore(module, memory), "training");
  let guide = given;
  if (!hasGuide(config)) guide = undefined;
  else if (!guide) {
    const pooled = await createPool(workers);
    const phase = createGuidePhase(() => pooled, config);
    const best = ({ evaluation }: GuideReport) => evaluation && withoutCritics(phase.policy("expert"));
    await runToEnd(phase.run(), config, best);
    guide = phase.policy(config.guideLevel);
    pooled.pool.close();
    if (stopping) {
      report({ kind: "stopped", guide: withoutCritics(phase.policy("expert")) });
      return;
    }
  }
  const pooled = await createPool(workers);
  const phase = createPolicyPhase(() => pooled, config, guide);
  await runToEnd(phase.run(), config, phase.snapshot);
  const { policy, evaluation } = phase.finish();
  pooled.pool.close();
  report({ kind: "done", policy, score: scoreOf(evaluation) });
}

const withoutCritics = ({ shape, weights, record }: Policy): Policy => ({ shape, weights, record });

/** Runs the rounds; between two of them the worker hears whether to stop. */
async function runToEnd<Report extends Round>(
  rounds: Generator<Report>,
  config: RunConfig,
  newest: (round: Report) => Policy | undefined,
): Promise<void> {
  let hasScore = false;
  for (const round of rounds) {
    report({ kind: "point", point: pointOf(config, round), newest: newest(round) });
    hasScore ||= round.evaluation !== undefined;
    await new Promise((resolve) => setTimeout(resolve));
    if (stopping && hasScore) return;
  }
}

const scoreOf = (evaluation: Evaluation): Score => ({
  meanReturn: evaluation.meanReturn,
  standardError: standardError(evaluation),
  flights: evaluation.returns.length,
  crashRate: evaluation.crashRate,
});

/** Through the simulator a round is as long as its windows, and those grow; others have rounds of one length. */
function shareOf(config: RunConfig, { phase, round, rounds, environmentSteps }: Round): number {
  if (phase === "guide" || config.algorithm !== "apg") return round / rounds;
  return environmentSteps / apgSteps(config.policy, rounds);
}

const pointOf = (config: RunConfig, round: Round): TrainPoint => ({
  phase: round.phase,
  round: round.round,
  rounds: round.rounds,
  share: shareOf(config, round),
  validation: round.evaluation && scoreOf(round.evaluation),
  trainingReturn: "trainingReturn" in round ? round.trainingReturn : undefined,
  surrogateSlope: "surrogateSlope" in round ? round.surrogateSlope : undefined,
  jumpStartSteps: "jumpStartSteps" in round ? round.jumpStartSteps : undefined,
});

addEventListener("message", ({ data }: MessageEvent<TrainRequest>) => {
  if (data.kind === "stop") {
    stopping = true;
    return;
  }
  train(data).catch((error: unknown) =>
    report({ kind: "failed", problem: error instanceof Error ? error.message : String(error) }),
  );
});
