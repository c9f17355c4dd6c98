import { EPISODE_STEPS, FULL_BATTERY_V, type Variation } from "@spikewing/core";
import { z } from "zod";
import { adamSchema, zeroOr } from "./adam-config.js";
import { type Rule, withRules } from "./config-rules.js";
import { differentiableShapeSchema, guideShapeSchema } from "./policy-file.js";
import { slopeScheduleSchema } from "./surrogate-slope.js";
import { DEFAULT_TASK, type Task } from "./task.js";
import { TD3BC_JSRL_PRESETS } from "./td3bc-jsrl-presets.js";

const count = (min: number, max: number) => z.number().int().min(min).max(max);
const weight = zeroOr(1e-6, 1e4);

/** Drones times steps of a shard's window are counted in 16 bits. */
const SHARD_ROWS = 0xffff;

const apgStageFields = z.strictObject({
  /** Drones in the air at once, a multiple of 16. */
  drones: count(16, 4096).multipleOf(16),
  rounds: count(1, 100_000),
  /** Windows a round, each with one step of the optimiser. */
  windowsPerRound: count(1, 10_000),
  /** Control periods of a window: `short` until `growAt` of the training is done, then `long`, `longest` from `growAgainAt`. */
  shortWindow: count(2, EPISODE_STEPS),
  longWindow: count(2, EPISODE_STEPS),
  longestWindow: count(2, EPISODE_STEPS),
  growAt: z.number().min(0).max(1),
  growAgainAt: z.number().min(0).max(1),
  /** Every drone begins an episode in one of this many windows; between them states and membranes are carried over. */
  freshEvery: count(1, 1000),
  /** Factor on the adjoint of the drone's state at every step of the way back, in short windows and in longer ones. */
  shortAdjointDecay: z.number().min(0).max(1),
  longAdjointDecay: z.number().min(0).max(1),
  surrogateSlope: slopeScheduleSchema,
  /** What flying costs (core-wasm/assembly/task/flight-cost.ts); the action's baseline is that of the task's reward. */
  cost: z.strictObject({
    position: weight,
    positionNorm: weight,
    velocity: weight,
    angularVelocity: weight,
    orientation: weight,
    action: weight,
    actionChange: weight,
    end: weight,
  }),
  adam: adamSchema,
  /** Rounds between two evaluations, and their episodes (validation seeds). */
  evaluateEvery: count(1, 100_000),
  evaluationEpisodes: count(4, 4096).multipleOf(4),
});
const WINDOWS = ["shortWindow", "longWindow", "longestWindow"] as const;
const RULES: readonly Rule<z.output<typeof apgStageFields>>[] = WINDOWS.map((path) => ({
  path,
  most: ({ drones }) => Math.floor(SHARD_ROWS / (drones / 4)),
  because: "with drones: a shard records at most 65535 rows",
}));

/** Hyperparameters of learning through the simulator (apg.ts), but for who learns. */
export const apgStageSchema = withRules(apgStageFields, RULES);
export type ApgStage = z.infer<typeof apgStageSchema>;

/** And with it. */
export const apgConfigSchema = withRules(
  z.strictObject({ actor: differentiableShapeSchema, ...apgStageFields.shape }),
  RULES,
);
export type ApgConfig = z.infer<typeof apgConfigSchema>;

/** The same for a guide, which sees its past actions. */
export const apgGuideConfigSchema = apgConfigSchema.safeExtend({ actor: guideShapeSchema });
export type ApgGuideConfig = z.infer<typeof apgGuideConfigSchema>;

/** What was tried is logged in the package's README. */
const policy: ApgConfig = {
  actor: TD3BC_JSRL_PRESETS.fast.actor,
  drones: 96,
  rounds: 100,
  windowsPerRound: 40,
  shortWindow: 50,
  longWindow: 100,
  longestWindow: 200,
  growAt: 0.5,
  growAgainAt: 0.75,
  freshEvery: 2,
  shortAdjointDecay: 0.97,
  longAdjointDecay: 0.99,
  surrogateSlope: { kind: "fixed", slope: 2 },
  cost: {
    position: 1,
    positionNorm: 0.5,
    velocity: 0.01,
    angularVelocity: 0.002,
    orientation: 0.25,
    action: 0.035,
    actionChange: 0.5,
    end: 1,
  },
  adam: { learningRate: 8e-3, finalLearningRate: 0.0025, weightDecay: 0, clipNorm: 1 },
  evaluateEvery: 5,
  evaluationEpisodes: 200,
};

/** A dense policy that sees its past actions, for a guide: scored often, so that its levels of skill lie apart. */
export const APG_GUIDE: ApgGuideConfig = {
  ...policy,
  actor: { kind: "dense", hidden: [64, 64], activation: "tanh", history: true },
  windowsPerRound: 20,
  growAt: 1, // no gradient runs through what it sees of its past: long windows lose it for a while
  adam: { ...policy.adam, learningRate: 2e-3 },
  evaluateEvery: 1,
};

/** A drone whose commands arrive late, as those of a real one do. */
const late: Task = { ...DEFAULT_TASK, delayS: [0, 0.006] };

/** At the worst of all ranges at once, full thrust is still more than the weight (1.04 times). */
const anotherDrone: Variation = {
  mass: [0.75, 1.35],
  thrust: [0.85, 1.4],
  motorRise: [0.7, 1.3],
  motorFall: [0.7, 1.3],
  batteryV: [3.6, FULL_BATTERY_V],
  gustsMn: 20,
};

/**
 * Whichever of the measured Crazyflies yours is: around `crazyflie-21`, wide enough for `crazyflie-21-teensy`, `crazyflie-2026`
 * and `crazyflie-l2f-py`. At the worst of all ranges at once full thrust is 1.25 times the weight.
 */
const anyCrazyflie = {
  ...late,
  airframe: "crazyflie-21",
  variation: {
    mass: [0.9, 1.25],
    inertia: [0.5, 1.15],
    thrust: [0.65, 1.1],
    torqueRatio: [0.7, 1.3],
    motorRise: [0.8, 1.4],
    motorFall: [0.25, 1.1],
    gustsMn: 10,
  },
} as const satisfies Task;

/** What is flown in training, and how the policy learns from it. */
export const APG_PRESETS = {
  fast: { task: late, policy },
  /** The paper's task: commands that arrive at once. */
  "no-delay": { task: DEFAULT_TASK, policy },
  /** Another drone than the one in the file: heavier or lighter, with other motors, a cell that empties, moving air. */
  robust: { task: { ...late, variation: anotherDrone }, policy },
  /** A Crazyflie as it is measured, not as learning-to-fly has it. */
  "real-crazyflie": { task: anyCrazyflie, policy },
  /** However a hand throws it: upside down too. */
  "all-around": { task: { ...late, start: "l2f-all-around" }, policy },
} as const satisfies Record<string, { readonly task: Task; readonly policy: ApgConfig }>;
