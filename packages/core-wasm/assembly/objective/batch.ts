// One shard's part of a training batch. Sequences for BPTT, and the same steps as one flat list of rows for the dense
// networks, which work in tiles of up to TILE_ROWS rows. A transition is a sequence of one step.

import { F32s, Scratch, U8s, U32s } from "../addresses";
import { laidTo, lay, layFrom } from "../cursor";
import {
  copyHistory,
  episodeRow,
  lengthOfRow,
  Replay,
  Row,
  sequenceRow,
  stepOfRow,
} from "../replay/replay-buffer";
import { below, Stream } from "../rng";
import { ACTION_WORDS, HISTORY_WORDS, OBSERVATION_WORDS, PRIVILEGED_WORDS } from "../task/observation";

export const TILE_ROWS: i32 = 128;

@unmanaged
export abstract class Batch {
  replay: Replay;
  capacity: u32; // sequences
  steps: u32; // of a full sequence
  count: u32 = 0; // rows in the flat list
  counted: u32 = 0; // of them, those that carry the actor's loss
  criticCounted: u32 = 0; // of them, those that carry the critics' loss
  sequence: U32s = 0; // (capacity): first row
  sequenceSteps: U32s = 0; // (capacity)
  row: U32s = 0; // (capacity * steps): every row, sequence after sequence
  countsForActor: U8s = 0; // (capacity * steps)
  actorRow: U32s = 0; // (counted): which of the flat rows carry the actor's loss
  criticRow: U32s = 0; // (criticCounted): which carry the critics' loss
  targetAction: F32s = 0; // (capacity * steps, 4): smoothed target policy at the next state
  tdTarget: F32s = 0; // (criticCounted)
  policyAction: F32s = 0; // (capacity * steps, 4): what the actor says now
  dAction: F32s = 0; // (capacity * steps, 4): dQ/daction, then dL/daction
  absoluteQ: f64 = 0.0; // sum of |Q(s, policyAction)| over the counted rows
  criticLoss: f64 = 0.0; // sum of squared TD errors of the first critic
  bcLoss: f64 = 0.0; // sum of |policyAction - action|^2 over the counted rows
  qSum: f64 = 0.0; // sum of Q(s, policyAction) over the counted rows
}

/** Lays the arrays out from base on; returns where they end. */
export function batchLayout(b: Batch, base: usize): usize {
  const rows: u64 = <u64>b.capacity * b.steps;
  layFrom(base);
  b.targetAction = lay<f32>(ACTION_WORDS * rows);
  b.policyAction = lay<f32>(ACTION_WORDS * rows);
  b.dAction = lay<f32>(ACTION_WORDS * rows);
  b.tdTarget = lay<f32>(rows);
  b.row = lay<u32>(rows);
  b.sequence = lay<u32>(b.capacity);
  b.sequenceSteps = lay<u32>(b.capacity);
  b.actorRow = lay<u32>(rows);
  b.criticRow = lay<u32>(rows);
  b.countsForActor = lay<u8>(rows);
  return laidTo();
}

/**
 * Draws sequences at random; the first `starts` of the shard begin with their episodes. Steps before warmupSteps only
 * fill the membranes and carry no loss for the actor, those before criticWarmupSteps none for the critics; where the
 * sequence begins with its episode the membranes are known to be zero, and with startCounts every step counts. Of the
 * steps that count for the critics one in criticStride does, for neighbours say almost the same.
 */
export function batchSample(
  b: Batch,
  seed: u32,
  shard: u32,
  update: u32,
  starts: u32,
  warmupSteps: u32,
  startCounts: bool,
  criticWarmupSteps: u32,
  criticStride: u32,
  scratch: Scratch,
): void {
  const replay = b.replay;
  const phase = below(seed, Stream.SAMPLE_PHASE, update, shard, criticStride, scratch);
  b.count = 0;
  b.counted = 0;
  b.criticCounted = 0;
  for (let i: u32 = 0; i < b.capacity; i++) {
    const range = i < starts ? replay.filled : replay.total;
    const k = below(seed, Stream.SAMPLE, update, shard * b.capacity + i, range, scratch);
    const row = i < starts ? episodeRow(replay, k) : sequenceRow(replay, k);
    const first = stepOfRow(replay, row);
    const steps = min<u32>(b.steps, lengthOfRow(replay, row) - first);
    const known = first == 0 && startCounts;
    store<u32>(b.sequence + (i << 2), <u32>row);
    store<u32>(b.sequenceSteps + (i << 2), steps);
    for (let t: u32 = 0; t < steps; t++) {
      const forActor = known || t >= warmupSteps;
      const forCritic = (known || t >= criticWarmupSteps) && (t + phase) % criticStride == 0;
      store<u32>(b.row + (b.count << 2), <u32>(row + <usize>t * Row.BYTES));
      store<u8>(b.countsForActor + b.count, <u8>forActor);
      if (forActor) {
        store<u32>(b.actorRow + (b.counted << 2), b.count);
        b.counted++;
      }
      if (forCritic) {
        store<u32>(b.criticRow + (b.criticCounted << 2), b.count);
        b.criticCounted++;
      }
      b.count++;
    }
  }
}

/** What a dense network reads of a row. */
// @ts-ignore: decorator
@shared
export namespace Input {
  /** The observation (18). */
  export const OBSERVATION: i32 = 0;
  /** The observation and the 32 actions before it (146). */
  export const HISTORY: i32 = 1;
  /** The privileged observation (28). */
  export const PRIVILEGED: i32 = 2;
}

/** What an actor of so many inputs reads. */
// @ts-ignore: decorator
@inline
export function inputKind(inputs: i32): i32 {
  return inputs == OBSERVATION_WORDS ? Input.OBSERVATION : Input.HISTORY;
}

/** Words of an input kind. */
export function inputWords(kind: i32): i32 {
  if (kind == Input.PRIVILEGED) return PRIVILEGED_WORDS;
  return kind == Input.HISTORY ? OBSERVATION_WORDS + HISTORY_WORDS : OBSERVATION_WORDS;
}

/** The flat row that stands at position i of a list of rows; without a list (0), row i. */
// @ts-ignore: decorator
@inline
export function flatRow(list: usize, i: i32): usize {
  return list ? <usize>load<u32>(list + ((<usize>i) << 2)) : <usize>i;
}

/** In place of an address: the actions that were flown. */
export const FLOWN_ACTIONS: usize = 1;

/**
 * x (rows, words) f32 of positions first .. first + rows - 1 of a list of flat rows (0: all), `ahead` rows later in
 * their episodes. Each row is followed by its action: of actions (f32, (., 4) for the whole flat list), or the one
 * flown; with 0 by none.
 */
export function assembleTile(
  b: Batch,
  kind: i32,
  list: usize,
  first: i32,
  rows: i32,
  ahead: u32,
  actions: usize,
  x: usize,
): void {
  const replay = b.replay;
  for (let i = first; i < first + rows; i++) {
    const flat = flatRow(list, i);
    const row = <usize>load<u32>(b.row + (flat << 2)) + <usize>ahead * Row.BYTES;
    if (kind == Input.PRIVILEGED) {
      memory.copy(x, row + Row.PRIVILEGED, PRIVILEGED_WORDS << 2);
      x += PRIVILEGED_WORDS << 2;
    } else {
      memory.copy(x, row + Row.OBSERVATION, OBSERVATION_WORDS << 2);
      x += OBSERVATION_WORDS << 2;
      if (kind == Input.HISTORY) {
        copyHistory(replay, row, x);
        x += HISTORY_WORDS << 2;
      }
    }
    if (actions) {
      memory.copy(x, actions == FLOWN_ACTIONS ? row + Row.ACTION : actions + (flat << 4), 16);
      x += 16;
    }
  }
}
