// The replay buffer: a ring of whole episodes for each shard. An episode of L steps has L + 1 rows, the last with the
// final state alone, so a sequence is a run of rows and the next state of a row is the row behind it.

import { F32s, U32s } from "../addresses";
import { laidTo, lay, layFrom, take } from "../cursor";
import { ACTION_WORDS, HISTORY_STEPS, OBSERVATION_WORDS, PRIVILEGED_WORDS } from "../task/observation";
import { REWARD_TERMS, Reward, scoreTerms } from "../task/reward";

/** Byte offsets in a row of f32 words. */
export namespace Row {
  export const OBSERVATION: usize = 0; // 18, as the policy saw it
  export const PRIVILEGED: usize = OBSERVATION + 4 * OBSERVATION_WORDS; // 28
  export const ACTION: usize = PRIVILEGED + 4 * PRIVILEGED_WORDS; // 4, as flown; behind the privileged words on purpose
  export const TERMS: usize = ACTION + 16; // 5, of this step
  export const TERMINATED: usize = TERMS + 4 * REWARD_TERMS; // 1.0 if the next state is terminal
  export const BYTES: usize = TERMINATED + 4; // 224
}

@unmanaged
export abstract class Replay {
  shards: u32;
  slotsPerShard: u32; // episodes
  maxSteps: u32; // of an episode
  total: u32 = 0; // sequences in the index
  stride: u32 = 1; // between the starts of two sequences
  filled: u32 = 0; // episodes in the index
  rows: F32s = 0; // (slots, maxSteps + 1) rows
  length: U32s = 0; // (slots) steps; 0: empty; BEING_WRITTEN
  pastAction: F32s = 0; // (slots, 4): the action that fills the history before step 0
  cursor: U32s = 0; // (shards): the slot to write next, within the shard
  cumulative: U32s = 0; // (slots + 1): sequences before each slot
  filledSlot: U32s = 0; // (filled): the slots that hold an episode
}

/** In place of a length: the episode is in the air. */
const BEING_WRITTEN: u32 = u32.MAX_VALUE;

// @ts-ignore: decorator
@inline
function slotCount(r: Replay): u32 {
  return r.shards * r.slotsPerShard;
}
// @ts-ignore: decorator
@inline
function slotBytes(r: Replay): usize {
  return (<usize>r.maxSteps + 1) * Row.BYTES;
}

/** Lays the arrays out from base on; returns where they end. In zeroed memory every slot is empty. */
export function replayLayout(r: Replay, base: usize): usize {
  const slots: u64 = <u64>r.shards * r.slotsPerShard;
  layFrom(base);
  r.pastAction = lay<f32>(ACTION_WORDS * slots);
  r.length = lay<u32>(slots);
  r.cumulative = lay<u32>(slots + 1);
  r.filledSlot = lay<u32>(slots);
  r.cursor = lay<u32>(r.shards);
  r.rows = take(slots * (<u64>r.maxSteps + 1) * Row.BYTES);
  return laidTo();
}

/**
 * Takes the next slot of a shard for writing; what it held is forgotten. Slots being written are passed over: a long
 * episode outlasts a ring's worth of crashes. A shard needs more slots than drones.
 */
export function openSlot(r: Replay, shard: u32, pastAction: usize): u32 {
  const cursor = r.cursor + (shard << 2);
  const lengths = r.length + ((shard * r.slotsPerShard) << 2);
  let next = load<u32>(cursor);
  for (let k: u32 = 0; k < r.slotsPerShard && load<u32>(lengths + (next << 2)) == BEING_WRITTEN; k++)
    next = next + 1 == r.slotsPerShard ? 0 : next + 1;
  store<u32>(cursor, next + 1 == r.slotsPerShard ? 0 : next + 1);
  const slot = shard * r.slotsPerShard + next;
  store<u32>(r.length + (slot << 2), BEING_WRITTEN);
  memory.copy(r.pastAction + (slot << 4), pastAction, 16);
  return slot;
}

// @ts-ignore: decorator
@inline
export function slotRow(r: Replay, slot: u32, step: u32): usize {
  return r.rows + <usize>slot * slotBytes(r) + <usize>step * Row.BYTES;
}

export function closeSlot(r: Replay, slot: u32, steps: u32): void {
  store<u32>(r.length + (slot << 2), steps);
}

/** Steps of the episode in a slot; 0 where it is empty or the episode in the air. */
export function episodeSteps(r: Replay, slot: u32): u32 {
  const length = load<u32>(r.length + (slot << 2));
  return length == BEING_WRITTEN ? 0 : length;
}

/**
 * Counts the sequences of every stored episode: starts 0, stride, 2 stride, ... that hold at least one step past the
 * warm-up; the one at 0 always. Returns the total.
 */
export function replayIndex(r: Replay, stride: u32, warmupSteps: u32): u32 {
  r.stride = stride;
  r.filled = 0;
  let total: u32 = 0;
  for (let slot: u32 = 0; slot < slotCount(r); slot++) {
    store<u32>(r.cumulative + (slot << 2), total);
    const length = episodeSteps(r, slot);
    if (length == 0) continue;
    store<u32>(r.filledSlot + (r.filled << 2), slot);
    r.filled++;
    total += length > warmupSteps ? (length - warmupSteps + stride - 1) / stride : 1;
  }
  store<u32>(r.cumulative + (slotCount(r) << 2), total);
  r.total = total;
  return total;
}

/**
 * Mean true position (3) f32, m, of the steps from fromStep on of all episodes of the index: where whoever flew them
 * settles. Zero where there is no such step.
 */
export function replayMeanPosition(r: Replay, fromStep: u32, position: F32s): void {
  let steps: u32 = 0,
    x: f64 = 0.0,
    y: f64 = 0.0,
    z: f64 = 0.0;
  for (let k: u32 = 0; k < r.filled; k++) {
    const slot = load<u32>(r.filledSlot + (k << 2));
    for (let t = fromStep; t < load<u32>(r.length + (slot << 2)); t++) {
      const at = slotRow(r, slot, t) + Row.PRIVILEGED;
      x += <f64>load<f32>(at);
      y += <f64>load<f32>(at, 4);
      z += <f64>load<f32>(at, 8);
      steps++;
    }
  }
  const scale = 1.0 / <f64>max<u32>(steps, 1);
  store<f32>(position, <f32>(scale * x));
  store<f32>(position, <f32>(scale * y), 4);
  store<f32>(position, <f32>(scale * z), 8);
}

/** The first row of episode k of the index. */
export function episodeRow(r: Replay, k: u32): usize {
  return slotRow(r, load<u32>(r.filledSlot + (k << 2)), 0);
}

/** The row where sequence k of the index starts. */
export function sequenceRow(r: Replay, k: u32): usize {
  let low: u32 = 0,
    high = slotCount(r);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (load<u32>(r.cumulative + (middle << 2)) <= k) low = middle;
    else high = middle;
  }
  return slotRow(r, low, (k - load<u32>(r.cumulative + (low << 2))) * r.stride);
}

// @ts-ignore: decorator
@inline
export function slotOfRow(r: Replay, row: usize): u32 {
  return <u32>((row - r.rows) / slotBytes(r));
}

/** The step of a row within its episode. */
export function stepOfRow(r: Replay, row: usize): u32 {
  return <u32>((row - slotRow(r, slotOfRow(r, row), 0)) / Row.BYTES);
}

/** Steps of the episode that a row belongs to. */
// @ts-ignore: decorator
@inline
export function lengthOfRow(r: Replay, row: usize): u32 {
  return load<u32>(r.length + (slotOfRow(r, row) << 2));
}

/** out (32, 4) f32: the actions flown before a row, oldest first. */
export function copyHistory(r: Replay, row: usize, out: usize): void {
  const step = stepOfRow(r, row);
  const pastAction = r.pastAction + (slotOfRow(r, row) << 4);
  for (let k: u32 = 0; k < <u32>HISTORY_STEPS; k++, out += 16) {
    const back: u32 = HISTORY_STEPS - k;
    memory.copy(out, back <= step ? row - <usize>back * Row.BYTES + Row.ACTION : pastAction, 16);
  }
}

/** The reward of a row under the weights of today. */
// @ts-ignore: decorator
@inline
export function rewardOfRow(reward: Reward, row: usize): f32 {
  return scoreTerms(reward, row + Row.TERMS, 4, load<f32>(row + Row.TERMINATED) != 0.0);
}
