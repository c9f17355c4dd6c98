// Every export of the core: the contract with src/core.ts and, through it, with rl.

export {
  actorAct,
  actorActBytes,
  actorBackward,
  actorForward,
  actorInitialise,
  actorLayout,
  actorMaskGradient,
  actorParameterCount,
  actorScratchBytes,
  actorStartAt,
  actorStateBytes,
  actorSync,
  actorSyncTarget,
  actorTapeBytes,
  tapesInit,
} from "./actors/kind";
export { actorEprop, actorEpropBytes } from "./actors/spiking-eprop";
export { gemm, gemmScratchBytes } from "./dense/gemm";
export {
  mlpActivationBytes,
  mlpBackward,
  mlpForward,
  mlpOutput,
  mlpParameterCount,
  mlpScratchBytes,
  mlpShiftInputs,
  mlpTranspose,
} from "./dense/mlp";
export {
  actionDifference,
  dequantiseObservation,
  floatAffine,
  floatLif,
} from "./exchange/float-layer";
export { observationBits } from "./fixed-point";
export { initialiseMlp } from "./initialise";
export { observationFromLegacy, observationToLegacy } from "./link/legacy-observation";
export { commandsOfPwm } from "./link/logged-commands";
export { observationToWire } from "./link/wire-numbers";
export { imageBegin, imageHeaderBytes, imageLayer } from "./network/image";
export { pilotLayout, pilotReset, pilotStep, pilotStepQuantised } from "./network/pilot";
export { copyForBackward, maskPolicyGradient, narrowPolicy, quantisePolicy } from "./network/quantise";
export { dequantiseAction } from "./network/rounding";
export { sequenceBackward, sequenceForward, sequenceLayout } from "./network/sequence";
export { policySpikes } from "./network/step";
export { actorLossGradient, actorTargetActions } from "./objective/actor-pass";
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
export { distilKeepTargets, distilLossGradient } from "./objective/distil";
export { totalsAdd, totalsBcLoss, totalsClear, totalsCriticLoss, totalsMeanQ } from "./objective/totals";
export { adamLayout, adamStep, addShard } from "./optimizer/adam";
export { addScaled } from "./optimizer/add-scaled";
export { polyakUpdate } from "./optimizer/polyak";
export { airframePrepare } from "./physics/airframe";
export { gustPrepare } from "./physics/gust";
export { episodeColumnsLayout, episodeRead, episodeWrite } from "./replay/episode-columns";
export { replayIndex, replayLayout, replayMeanPosition } from "./replay/replay-buffer";
export { fillNormal, phaseSeed } from "./rng";
export { evaluationFly, evaluationLayout } from "./rollout/evaluation";
export { loggedFlightLayout, loggedFlightStore } from "./rollout/logged-flight";
export {
  rolloutClearCounters,
  rolloutFly,
  rolloutLayout,
  rolloutMeanJumpStart,
} from "./rollout/rollout";
export { escapeGradient, escapeScratchBytes } from "./surrogates/escape-noise";
export { surrogateGradient } from "./surrogates/surrogate";
export {
  environmentReset,
  environmentReward,
  environmentsLayout,
  environmentsObserve,
  environmentsPrepare,
  environmentsStep,
} from "./task/environment";
export {
  errorSplitAdd,
  errorSplitBegin,
  errorSplitConclude,
  errorSplitDisturb,
} from "./task/error-split";
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
