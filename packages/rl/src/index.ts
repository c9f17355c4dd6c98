/**
 * Training, evaluation, policy files and tasks.
 *
 * @module @spikewing/rl
 */
export {
  type Actor,
  type ActorShape,
  createActor,
  DENSE_ACTIVATIONS,
  type DenseActivation,
  describeShape,
  initialiseActor,
  sizesOf,
} from "./actor.js";
export { admitRun, type CoreFactory } from "./admission.js";
export { airframeName, airframeOf, airframeSchema, type TaskAirframe } from "./airframe.js";
export { ALGORITHMS } from "./algorithms.js";
export { type ApgReport, apgSteps } from "./apg.js";
export { APG_PRESETS } from "./apg-config.js";
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint, restoreCheckpoint } from "./checkpoint.js";
export { actOnce, type DenseLayer, policyOfDense } from "./dense-network.js";
export {
  type Box,
  createEnvironment,
  createVectorEnvironment,
  type DroneEnvironment,
  type DroneState,
  type EnvironmentOptions,
  type ResetOptions,
  type StepInfo,
  type VectorDroneEnvironment,
} from "./drone-environment.js";
export type { ErrorSplit } from "./error-split.js";
export {
  createEvaluator,
  EVALUATION_SEEDS,
  type Evaluation,
  type EvaluationOptions,
  rateInterval,
  type Settled,
  standardError,
} from "./evaluate.js";
export { difference, type Estimate, estimate } from "./experiments/estimate.js";
export { type Experiment, listRuns, SCALES, type Scale } from "./experiments/experiment.js";
export { EXPERIMENTS, type ExperimentName, measureRun } from "./experiments/registry.js";
export {
  type Animation,
  type Claim,
  type Figure,
  type Plot,
  type Report,
  type Table,
  tableTexts,
} from "./experiments/report.js";
export type { JsonObject, Outcome, ShippedName, SweepRun, Workbench } from "./experiments/sweep.js";
export { reportSweep } from "./experiments/sweep-report.js";
export type { TrainSettings } from "./experiments/train.js";
export { parseSweep, sweepSchema } from "./experiments/user-sweep.js";
export {
  createFlight,
  EXAMPLE_STEPS,
  type Flight,
  type FlightState,
  recordExample,
  TRAJECTORIES,
  TRAJECTORY_DEFAULTS,
  type TrajectoryName,
} from "./flight.js";
export { type FloatLoss, measureFloatLoss } from "./float-loss.js";
export {
  type FloatLayer,
  type FloatNetwork,
  type FloatNeurons,
  floatNetworkOf,
  networkSizes,
  weightMatrices,
} from "./float-network.js";
export { GUIDE_LEVELS, type GuideLevel } from "./guide-levels.js";
export { type ImportReport, importNetwork } from "./import-network.js";
export { parseField } from "./json-field.js";
export { type LayerShape, layersOf, type SpikingShape, widthsOf } from "./layers.js";
export { createLesion, type Lesion } from "./lesion.js";
export { loadPolicy, policyImage, policyWeights } from "./load-policy.js";
export { narrowPolicy, narrowReadOut } from "./narrow-policy.js";
export {
  decodePolicy,
  encodePolicy,
  imageTensors,
  neuronThresholds,
  type Policy,
  requireSpiking,
  spikingShapeSchema,
} from "./policy-file.js";
export { type RecordedScore, recordedScore } from "./recorded-score.js";
export {
  type Condition,
  type ConditionScore,
  robustnessConditions,
  scoreCondition,
  TRACKING_FLIGHTS,
} from "./robustness.js";
export {
  asGuide,
  createGuidePhase,
  createPolicyPhase,
  evaluateByProtocol,
  type GuidePhase,
  type GuideReport,
  type Phase,
  type PolicyPhase,
  type PolicyReport,
  type PoolFactory,
  PROTOCOL,
  RECORDED_EPISODES,
} from "./run.js";
export {
  type AlgorithmName,
  type ApgRunConfig,
  apgGuidedRunSchema,
  apgRunSchema,
  distilRunSchema,
  type GuidedRunConfig,
  hasGuide,
  hasLogs,
  type LoggedRunConfig,
  loggedRunSchema,
  PRESETS,
  type PresetName,
  parseAs,
  parseRunConfig,
  policyRounds,
  type RunChoice,
  type RunConfig,
  type RunWithGuide,
  resolveRunConfig,
  runConfigSchema,
  stagedRunSchema,
  taskSchema,
  td3GuidedRunSchema,
} from "./run-config.js";
export {
  digestOf,
  parseRunIdentity,
  type RunIdentity,
  requireIdentity,
} from "./run-identity.js";
export { decodeContainer, type Tensor } from "./safetensors.js";
export { scoredTask } from "./scored-task.js";
export { cutShort, printable, shown } from "./shown.js";
export { createSlopeProbe, type LayerGradient, type SlopeProbe } from "./slope-probe.js";
export { SpikewingError } from "./spikewing-error.js";
export { type SlopeSchedule, slopeAt, slopeScheduleSchema } from "./surrogate-slope.js";
export { DEFAULT_TASK, type Task, withoutVariation } from "./task.js";
export { boundsSchema, rewardSchema, sensorNoiseSchema, startSchema } from "./task-part-schemas.js";
export { isPaperReward, partName } from "./task-parts.js";
export type { RoundReport } from "./td3bc-jsrl.js";
export { GUIDED_ALGORITHMS, PAPER_METHODS, TD3BC_JSRL_PRESETS } from "./td3bc-jsrl-presets.js";
export { flyTrajectories, flyTrajectory, type Tracking } from "./tracking.js";
export { describeVariation, VARIATION_LIMITS } from "./variation.js";
