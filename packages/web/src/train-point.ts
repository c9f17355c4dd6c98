import {
  apgSteps,
  type Evaluation,
  type GuideReport,
  type PolicyReport,
  type RunConfig,
  standardError,
} from "@spikewing/rl";
import type { Score, TrainPoint } from "./train-messages.js";

export type Round = GuideReport | PolicyReport;

export const scoreOf = (evaluation: Evaluation): Score => ({
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

/** What the curves show of a round. */
export const pointOf = (config: RunConfig, round: Round): TrainPoint => ({
  phase: round.phase,
  round: round.round,
  rounds: round.rounds,
  share: shareOf(config, round),
  validation: round.evaluation && scoreOf(round.evaluation),
  trainingReturn: "trainingReturn" in round ? round.trainingReturn : undefined,
  surrogateSlope: "surrogateSlope" in round ? round.surrogateSlope : undefined,
  jumpStartSteps: "jumpStartSteps" in round ? round.jumpStartSteps : undefined,
});
