// Every export of the core: the contract with src/core.ts and, through it, with rl.

export {
  actorAct,
  actorActBytes,
  actorInit,
  actorParameterCount,
  actorStateBytes,
  actorSync,
  actorSyncTarget,
} from "./actor/actor";
export { gemm, gemmScratchBytes } from "./dense/gemm";
export {
  mlpActivationBytes,
  mlpBackward,
  mlpForward,
  mlpInit,
  mlpOutput,
  mlpParameterCount,
  mlpScratchBytes,
  mlpTranspose,
} from "./dense/mlp";
export { biasToAction, initialiseMlp, initialiseSpiking } from "./initialise";
export { observationFromLegacy, observationToLegacy } from "./link/legacy-observation";
export {
  actorBackward,
  actorForward,
  actorLossGradient,
  actorScratchBytes,
  actorTapeBytes,
  actorTargetActions,
  tapesInit,
} from "./objective/actor-pass";
export { batchLayout, batchSample } from "./objective/batch";
export {
  criticActionGradient,
  criticParameters,
  criticRegress,
  criticScratchBytes,
  criticsInitialise,
  criticsLayout,
  criticsSync,
  criticTarget,
} from "./objective/critic";
export { totalsAdd, totalsBcLoss, totalsClear, totalsCriticLoss, totalsMeanQ } from "./objective/totals";
export { adamLayout, adamStep, addShard } from "./optimizer/adam";
export { polyakUpdate } from "./optimizer/polyak";
export { airframePrepare } from "./physics/airframe";
export { gustPrepare } from "./physics/gust";
export { replayIndex, replayLayout } from "./replay/replay-buffer";
export { fillNormal, phaseSeed, uniform } from "./rng";
export { evaluationFly, evaluationLayout } from "./rollout/evaluation";
export {
  rolloutClearCounters,
  rolloutFly,
  rolloutLayout,
  rolloutMeanJumpStart,
} from "./rollout/rollout";
export { bpttBackward, bpttForward, bpttScratchBytes, tapeBytes, tapeInit } from "./snn/bptt";
export { narrowPolicy } from "./snn/narrow";
export {
  imageBytes,
  imageInit,
  imageThresholds1,
  imageThresholds2,
  masterCount,
  narrowImageBytes,
  narrowImageInit,
  policyScratchBytes,
  policyStateBytes,
} from "./snn/network";
export { dequantiseAction, policySpikes, policyStepInPlace, quantiseObservation } from "./snn/policy";
export {
  backwardCopyBytes,
  copyForBackward,
  maskClampedLeaks,
  maskSaturatedWeights,
  quantisePolicy,
} from "./snn/quantise";
export { surrogateGradient } from "./snn/surrogate";
export {
  environmentReset,
  environmentReward,
  environmentsLayout,
  environmentsObserve,
  environmentsPrepare,
  environmentsStep,
} from "./task/environment";
export { gustsHold, gustsLayout, gustsStep } from "./task/gusts";
export { trajectoryTarget } from "./task/trajectory";
export {
  flightWindowBackward,
  flightWindowFly,
  flightWindowLayout,
  flightWindowSpikes,
} from "./window/flight-window";

/** Where linear memory is free: behind all static data. */
export function heapBase(): usize {
  return __heap_base;
}
