import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { coreDigest, createNodePool } from "@spikewing/core/node";
import {
  createPolicyPhase,
  decodeCheckpoint,
  requireIdentity,
  restoreCheckpoint,
  SpikewingError,
} from "@spikewing/rl";
import { readInput } from "./input-file.js";
import { encodeNpz } from "./npz.js";
import { printResult } from "./print.js";
import { inOnePiece } from "./progress.js";
import { RUN_FILES, readGuide } from "./run-folder.js";
import { VERSION } from "./version.js";
import { requireNew, writeWhole } from "./whole-file.js";

export interface ExportNpzFlags {
  readonly run: string;
  readonly json?: boolean;
}

/** Writes the replay buffer of a run's last checkpoint as NumPy arrays. A run in training may go on meanwhile. */
export function exportNpz(out: string, { run, json }: ExportNpzFlags): void {
  const place = join(run, RUN_FILES.checkpoint);
  requireNew(out);
  const checkpoint = decodeCheckpoint(readInput(place, "checkpoint"), place);
  requireIdentity(checkpoint.identity, { version: VERSION, core: coreDigest() }, place, "this build has");
  const { config, phase: stage } = checkpoint;
  if (stage !== "policy")
    throw new SpikewingError(place, "phase is guide; expected policy, whose checkpoint follows");
  const guide = join(run, RUN_FILES.guide);
  const phase = createPolicyPhase(
    () => createNodePool(1),
    config,
    existsSync(guide) ? readGuide(guide) : undefined,
  );
  try {
    restoreCheckpoint(phase, checkpoint, place);
    const columns = inOnePiece("export", basename(run), () => phase.columns());
    if (!columns)
      throw new SpikewingError(place, `algorithm is ${config.algorithm}; expected one with a replay buffer`);
    const steps = columns.rewards!.shape[0]!;
    const ends = (name: string) => (columns[name]!.values as Uint8Array).reduce((sum, flag) => sum + flag, 0);
    const [terminals, timeouts] = [ends("terminals"), ends("timeouts")];
    writeWhole(out, encodeNpz(columns));
    printResult(json, { run, file: out, steps, episodes: terminals + timeouts, terminals, timeouts }, [
      `${run}: ${steps} steps in ${terminals + timeouts} episodes, ${terminals} of them terminated`,
      `wrote ${out}`,
    ]);
  } finally {
    phase.pool.close();
  }
}
