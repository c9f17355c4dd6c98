/** Trains a policy: the loop of the command line on one thread, so the bytes are the same. */
import { createCore, createInlinePool, createMemory } from "@spikewing/core";
import {
  createGuidePhase,
  createPolicyPhase,
  type GuideReport,
  type Policy,
  type PoolFactory,
  type RoundReport,
  resolveRunConfig,
} from "@spikewing/rl";
import { fetchCoreModule } from "./core-module.js";
import type { TrainChoice, TrainPoint, TrainReport, TrainRequest } from "./train-messages.js";

const report = (message: TrainReport) => postMessage(message);
let stopping = false;

async function train(choice: TrainChoice, givenGuide: Policy | undefined): Promise<void> {
  const module = await fetchCoreModule();
  const factory: PoolFactory = () => {
    const core = createCore(module, createMemory("simd"));
    return { core, pool: createInlinePool(core.kernels) };
  };
  const config = resolveRunConfig(choice, "training");
  let guide = givenGuide;
  if (!guide) {
    const phase = createGuidePhase(factory, config);
    await runToEnd(phase.run(), guidePoint);
    guide = phase.policy(config.guideLevel);
    stopping = false; // a guide that is good enough: on to the policy
  }
  const phase = createPolicyPhase(factory, config, guide);
  await runToEnd(phase.run(), policyPoint);
  const { policy, evaluation } = phase.finish();
  report({ kind: "done", policy, meanReturn: evaluation.meanReturn, crashRate: evaluation.crashRate });
}

/** Runs the rounds; between two of them the worker hears whether to stop. */
async function runToEnd<Report extends GuideReport | RoundReport>(
  rounds: Generator<Report>,
  pointOf: (round: Report) => TrainPoint,
): Promise<void> {
  let hasScore = false;
  for (const round of rounds) {
    report({ kind: "point", point: pointOf(round) });
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

const policyPoint = ({
  phase,
  round,
  rounds,
  environmentSteps,
  evaluation,
  trainingReturn,
  surrogateSlope,
  jumpStartSteps,
}: RoundReport): TrainPoint => ({
  phase,
  round,
  rounds,
  environmentSteps,
  validationReturn: evaluation?.meanReturn,
  crashRate: evaluation?.crashRate,
  trainingReturn,
  surrogateSlope,
  jumpStartSteps,
});

addEventListener("message", ({ data }: MessageEvent<TrainRequest>) => {
  if (data.kind === "stop") {
    stopping = true;
    return;
  }
  train(data.choice, data.guide).catch((error: unknown) =>
    report({ kind: "failed", problem: error instanceof Error ? error.message : String(error) }),
  );
});
