import { z } from "zod";
import { APG_PRESETS, apgStageSchema } from "./apg-config.js";
import { withRules } from "./config-rules.js";
import { DISTIL_PRESETS, distilStageSchema } from "./distil-config.js";
import { differentiableShapeSchema } from "./policy-file.js";
import { TD3BC_JSRL_RULES, td3bcJsrlFields } from "./td3bc-jsrl-config.js";
import { TD3BC_JSRL_PRESETS } from "./td3bc-jsrl-presets.js";

/** Hyperparameters of the stages behind the guide (staged.ts). */
export const stagedConfigSchema = z.strictObject({
  /** Who learns, in all of them. */
  actor: differentiableShapeSchema,
  /** How the second stage takes over what the guide can do; only the part of that name is read. */
  second: z.enum(["jumpStart", "distil"]),
  jumpStart: withRules(
    td3bcJsrlFields.omit({ actor: true, criticStart: true, rewardCurriculum: true, credit: true }),
    TD3BC_JSRL_RULES,
  ),
  distil: distilStageSchema,
  /** The third: through the simulator. */
  improvement: apgStageSchema,
});
export type StagedConfig = z.infer<typeof stagedConfigSchema>;

/** Rounds of both stages together. */
export const stagedRounds = (config: StagedConfig): number =>
  config[config.second].rounds + config.improvement.rounds;

const { actor, criticStart, ...td3bcJsrl } = TD3BC_JSRL_PRESETS.fast;
const { actor: _student, ...distil } = DISTIL_PRESETS.fast;
const { actor: _improved, ...apg } = APG_PRESETS.fast.policy;

/** What was measured is logged in the package's README. */
const policy: StagedConfig = {
  actor,
  second: "jumpStart",
  // No critic moves the actor: the simulator's gradient does that, in the stage behind.
  jumpStart: {
    ...td3bcJsrl,
    alpha: 0,
    rounds: 15,
    actorAdam: { ...td3bcJsrl.actorAdam, learningRate: 2e-3, clipNorm: 1 },
    surrogateSlope: { kind: "fixed", slope: 5 },
    evaluateEvery: 5,
  },
  distil: { ...distil, rounds: 15, teacherRounds: 5 },
  improvement: apg,
};

export const STAGED_PRESETS = { fast: policy } as const satisfies Record<string, StagedConfig>;
