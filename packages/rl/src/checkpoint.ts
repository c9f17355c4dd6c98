import type { z } from "zod";
import { type ApgProgress, apgProgressSchema } from "./apg.js";
import { type ApgGuideProgress, apgGuideProgressSchema } from "./apg-guide.js";
import { type DistilProgress, distilProgressSchema } from "./distil.js";
import { parseField } from "./json-field.js";
import type { Phase } from "./run.js";
import { type AlgorithmName, hasGuide, policyRounds, type RunConfig, runConfigSchema } from "./run-config.js";
import { parseRunIdentity, type RunIdentity } from "./run-identity.js";
import { decodeSealed, encodeSealed } from "./sealed-container.js";
import { shown } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";
import { type StagedProgress, stagedProgressSchema } from "./staged.js";
import { type GuideProgress, guideProgressSchema } from "./td3-guide.js";
import { type TrainingProgress, trainingProgressSchema } from "./td3bc-jsrl.js";

/**
 * A checkpoint is the phase's whole linear memory (networks, optimisers, replay, drones in the air), its counters, and
 * the identity of its run: a resumed run goes on as if it had never stopped, to the same bytes.
 */
export const CHECKPOINT_FORMAT = "spikewing-checkpoint-2";

/** Where a policy's training stands, by algorithm; the guided ones share theirs. */
type PolicyProgress = TrainingProgress | ApgProgress | DistilProgress | StagedProgress;
const progressSchemas: Partial<Record<AlgorithmName, z.ZodType<PolicyProgress>>> = {
  apg: apgProgressSchema,
  distil: distilProgressSchema,
  staged: stagedProgressSchema,
};

interface Stored {
  readonly config: RunConfig;
  readonly identity: RunIdentity;
  readonly memory: Uint8Array;
}
export type Checkpoint =
  | (Stored & { readonly phase: "guide"; readonly progress: GuideProgress | ApgGuideProgress })
  | (Stored & { readonly phase: "policy"; readonly progress: PolicyProgress });

/** A checkpoint as a file: safetensors, sealed by a checksum over every byte. */
export function encodeCheckpoint(
  phase: Checkpoint["phase"],
  config: RunConfig,
  identity: RunIdentity,
  state: Phase<unknown>,
): Uint8Array {
  const memory = state.core.allocated();
  const metadata = {
    format: CHECKPOINT_FORMAT,
    phase,
    config: JSON.stringify(config),
    identity: JSON.stringify(identity),
    progress: JSON.stringify(state.progress),
  };
  const tensors = new Map([["memory", { dtype: "U8", shape: [memory.length], bytes: memory } as const]]);
  return encodeSealed({ metadata, tensors });
}

/** @throws SpikewingError naming `place` when the file is not a whole, undamaged checkpoint. */
export function decodeCheckpoint(file: Uint8Array, place: string): Checkpoint {
  const { metadata, tensors } = decodeSealed(file, CHECKPOINT_FORMAT, place);
  const memory = tensors.get("memory");
  if (memory?.dtype !== "U8" || memory.shape.length !== 1 || tensors.size !== 1)
    throw new SpikewingError(place, "expected one tensor, memory, a row of U8");
  const stored = {
    config: parseField(place, "config", metadata.config, runConfigSchema),
    identity: parseRunIdentity(metadata.identity, place),
    memory: memory.bytes,
  };
  const { phase } = metadata;
  if (phase !== "guide" && phase !== "policy")
    throw new SpikewingError(place, `phase is ${shown(phase)}; expected guide or policy`);
  const { config } = stored;
  const progressOf = <T extends { round: number }>(schema: z.ZodType<T>, rounds: number): T => {
    const progress = parseField(place, "progress", metadata.progress, schema);
    if (progress.round <= rounds) return progress;
    throw new SpikewingError(place, `progress.round is ${progress.round}; expected up to ${rounds}`);
  };
  if (phase === "policy") {
    const schema: z.ZodType<PolicyProgress> = progressSchemas[config.algorithm] ?? trainingProgressSchema;
    return { ...stored, phase, progress: progressOf(schema, policyRounds(config)) };
  }
  if (!hasGuide(config))
    throw new SpikewingError(place, `phase is guide; expected policy, as ${config.algorithm} has no guide`);
  const schema = config.guideAlgorithm === "apg" ? apgGuideProgressSchema : guideProgressSchema;
  return {
    ...stored,
    phase,
    progress: progressOf<GuideProgress | ApgGuideProgress>(schema, config.guide.rounds),
  };
}

/** Puts a checkpoint into a phase freshly made from the same config. */
export function restoreCheckpoint(state: Phase<unknown>, checkpoint: Checkpoint, place: string): void {
  const expected = state.core.allocatedBytes;
  if (checkpoint.memory.length !== expected) {
    throw new SpikewingError(
      place,
      `${checkpoint.memory.length} bytes of memory; this build lays out ${expected}`,
      "retrain",
    );
  }
  state.core.allocated().set(checkpoint.memory);
  Object.assign(state.progress, checkpoint.progress);
}
