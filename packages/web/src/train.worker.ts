/** Trains a policy: the loop of the command line, so the bytes are the same, with any number of threads. */
import { createCore, createInlinePool, createMemory, type PooledCore } from "@spikewing/core";
import { createBrowserPool } from "@spikewing/core/browser";
import {
  admitRun,
  createGuidePhase,
  createPolicyPhase,
  type GuideReport,
  hasGuide,
  type Policy,
  type PolicyReport,
  resolveRunConfig,
  standardError,
} from "@spikewing/rl";
import { fetchCoreModule } from "./core-module.js";
import type { TrainPoint, TrainReport, TrainRequest } from "./train-messages.js";

const report = (message: TrainReport) => postMessage(message);
let stopping = false;

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
    await runToEnd(phase.run(), guidePoint, best);
    guide = phase.policy(config.guideLevel);
    pooled.pool.close();
    if (stopping) {
      report({ kind: "stopped", guide: withoutCritics(phase.policy("expert")) });
      return;
    }
  }
  const pooled = await createPool(workers);
  const phase = createPolicyPhase(() => pooled, config, guide);
  await runToEnd(phase.run(), policyPoint, phase.snapshot);
  const { policy, evaluation } = phase.finish();
  pooled.pool.close();
  const { meanReturn, crashRate } = evaluation;
  report({ kind: "done", policy, meanReturn, standardError: standardError(evaluation), crashRate });
}

const withoutCritics = ({ shape, weights, record }: Policy): Policy => ({ shape, weights, record });

/** Runs the rounds; between two of them the worker hears whether to stop. */
async function runToEnd<Report extends GuideReport | PolicyReport>(
  rounds: Generator<Report>,
  pointOf: (round: Report) => TrainPoint,
  newest: (round: Report) => Policy | undefined,
): Promise<void> {
  let hasScore = false;
  for (const round of rounds) {
    report({ kind: "point", point: pointOf(round), newest: newest(round) });
    hasScore ||= round.evaluation !== undefined;
    await new Promise((resolve) => setTimeout(resolve));
    if (stopping && hasScore) return;
  }
}

const guidePoint = ({ phase, round, rounds, environmentSteps, evaluation }: GuideReport): TrainPoint => ({
  phase,
  round,
  rounds,
  environmentSteps,
  validationReturn: evaluation?.meanReturn,
  crashRate: evaluation?.crashRate,
  trainingReturn: undefined,
  surrogateSlope: undefined,
  jumpStartSteps: undefined,
});

const policyPoint = (report: PolicyReport): TrainPoint => ({
  phase: report.phase,
  round: report.round,
  rounds: report.rounds,
  environmentSteps: report.environmentSteps,
  validationReturn: report.evaluation?.meanReturn,
  crashRate: report.evaluation?.crashRate,
  trainingReturn: "trainingReturn" in report ? report.trainingReturn : undefined,
  surrogateSlope: report.surrogateSlope,
  jumpStartSteps: "jumpStartSteps" in report ? report.jumpStartSteps : undefined,
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
