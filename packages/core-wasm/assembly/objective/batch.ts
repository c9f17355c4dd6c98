// One shard's part of a training batch. Sequences for BPTT, and the same steps as one flat list of rows for the dense
// networks, which work in tiles of up to TILE_ROWS rows. A transition is a sequence of one step.

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
import { HISTORY_WORDS, OBSERVATION_WORDS, PRIVILEGED_WORDS } from "../task/observation";

export const TILE_ROWS: i32 = 128;

@unmanaged
export abstract class Batch {
  replay: usize; // Replay
  capacity: u32; // sequences
  steps: u32; // of a full sequence
  count: u32; // rows in the flat list
  counted: u32; // of them, those that carry the actor's loss
  criticCounted: u32; // of them, those that carry the critics' loss
  sequence: usize; // (capacity) u32: first row
  sequenceSteps: usize; // (capacity) u32
  row: usize; // (capacity * steps) u32: every row, sequence after sequence
  countsForActor: usize; // (capacity * steps) u8
  actorRow: usize; // (counted) u32: which of the flat rows carry the actor's loss
  criticRow: usize; // (criticCounted) u32: which carry the critics' loss
  targetAction: usize; // (capacity * steps, 4) f32: smoothed target policy at the next state
  tdTarget: usize; // (criticCounted) f32
  policyAction: usize; // (capacity * steps, 4) f32: what the actor says now
  dAction: usize; // (capacity * steps, 4) f32: dQ/daction, then dL/daction
  absoluteQ: f64; // sum of |Q(s, policyAction)| over the counted rows
  criticLoss: f64; // sum of squared TD errors of the first critic
  bcLoss: f64; // sum of |policyAction - action|^2 over the counted rows
  qSum: f64; // sum of Q(s, policyAction) over the counted rows
}

const HEADER_BYTES: usize = 96;

export function batchBytes(capacity: u32, steps: u32): u32 {
  return <u32>HEADER_BYTES + 8 * capacity + capacity * steps * (4 + 1 + 8 + 16 + 4 + 16 + 16) + 64;
}

export function batchInit(at: usize, replay: usize, capacity: u32, steps: u32): void {
  const b = changetype<Batch>(at);
  const rows: usize = <usize>capacity * steps;
  b.replay = replay;
  b.capacity = capacity;
  b.steps = steps;
  b.targetAction = at + HEADER_BYTES;
  b.policyAction = b.targetAction + 16 * rows;
  b.dAction = b.policyAction + 16 * rows;
  b.tdTarget = b.dAction + 16 * rows;
  b.row = b.tdTarget + 4 * rows;
  b.sequence = b.row + 4 * rows;
  b.sequenceSteps = b.sequence + 4 * capacity;
  b.actorRow = b.sequenceSteps + 4 * capacity;
  b.criticRow = b.actorRow + 4 * rows;
  b.countsForActor = b.criticRow + 4 * rows;
}

/**
 * Draws sequences at random; the first `starts` of the shard begin with their episodes. Steps before warmupSteps only
 * fill the membranes and carry no loss for the actor, those before criticWarmupSteps none for the critics; where the
 * sequence begins with its episode the membranes are known to be zero, and with startCounts every step counts. Of the
 * steps that count for the critics one in criticStride does, for neighbours say almost the same.
 */
export function batchSample(
  at: usize,
  seed: u32,
  shard: u32,
  update: u32,
  starts: u32,
  warmupSteps: u32,
  startCounts: i32,
  criticWarmupSteps: u32,
  criticStride: u32,
  scratch: usize,
): void {
  const b = changetype<Batch>(at);
  const replay = changetype<Replay>(b.replay);
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
    const known = first == 0 && startCounts != 0;
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
export namespace Input {
  /** The observation (18). */
  export const OBSERVATION: i32 = 0;
  /** The observation and the 32 actions before it (146). */
  export const HISTORY: i32 = 1;
  /** The privileged observation (28). */
  export const PRIVILEGED: i32 = 2;
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
  const replay = changetype<Replay>(b.replay);
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
