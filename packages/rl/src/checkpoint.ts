import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Phase } from "./run.js";
import type { RunConfig } from "./run-config.js";
import { decodeContainer, encodeContainer } from "./safetensors.js";
import { SpikewingError } from "./spikewing-error.js";

/**
 * A checkpoint is the phase's whole linear memory (networks, optimisers, replay, drones in the air) and its counters:
 * a resumed run goes on as if it had never stopped, to the same bytes.
 */
export const CHECKPOINT_FORMAT = "spikewing-checkpoint-1";

export interface Checkpoint {
  readonly phase: "guide" | "policy";
  readonly config: RunConfig;
  readonly progress: object;
  readonly memory: Uint8Array;
}

export function encodeCheckpoint(
  phase: Checkpoint["phase"],
  config: RunConfig,
  state: Phase<unknown>,
): Uint8Array {
  const memory = state.core.bytes(0, state.core.allocatedBytes);
  const metadata = {
    format: CHECKPOINT_FORMAT,
    phase,
    config: JSON.stringify(config),
    progress: JSON.stringify(state.progress),
    sha256: bytesToHex(sha256(memory)),
  };
  const tensors = new Map([["memory", { dtype: "U8", shape: [memory.length], bytes: memory } as const]]);
  return encodeContainer({ metadata, tensors });
}

/** @throws SpikewingError naming `place` when the file is not a whole, undamaged checkpoint. */
export function decodeCheckpoint(file: Uint8Array, place: string): Checkpoint {
  const { metadata, tensors } = decodeContainer(file, place);
  if (metadata.format !== CHECKPOINT_FORMAT) {
    throw new SpikewingError(
      place,
      `format is ${JSON.stringify(metadata.format)}; this build reads ${CHECKPOINT_FORMAT}`,
    );
  }
  const memory = tensors.get("memory")?.bytes;
  if (!memory || bytesToHex(sha256(memory)) !== metadata.sha256) {
    throw new SpikewingError(place, "the checksum does not match (the file is damaged)");
  }
  const phase = metadata.phase === "guide" ? "guide" : "policy";
  return { phase, config: JSON.parse(metadata.config!), progress: JSON.parse(metadata.progress!), memory };
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
  state.core.bytes(0, expected).set(checkpoint.memory);
  Object.assign(state.progress, checkpoint.progress);
}
