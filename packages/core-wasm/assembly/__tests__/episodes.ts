// Episodes of random rows in a replay buffer, and a batch drawn from them.

import { Batch, batchLayout, batchSample } from "../objective/batch";
import { closeSlot, openSlot, Replay, Row, replayLayout, slotRow } from "../replay/replay-buffer";
import { draw, make, place, setF32 } from "./arena";

export function createReplay(shards: u32, slotsPerShard: u32, maxSteps: u32): Replay {
  const r = make<Replay>();
  r.shards = shards;
  r.slotsPerShard = slotsPerShard;
  r.maxSteps = maxSteps;
  replayLayout(r, place(replayLayout(r, 0)));
  return r;
}

/** Writes and closes an episode; the action of step t is (t, t, t, t) / 1000 if `counted`. Returns its slot. */
export function storeEpisode(
  r: Replay,
  shard: u32,
  steps: i32,
  terminated: bool,
  counted: bool = false,
): u32 {
  const past = place(16);
  for (let k = 0; k < 4; k++) setF32(past, k, counted ? -1.0 : draw());
  const slot = openSlot(r, shard, past);
  for (let t = 0; t <= steps; t++) {
    const row = slotRow(r, slot, t);
    for (let k: i32 = 0; k < <i32>Row.BYTES / 4; k++) setF32(row, k, draw());
    for (let k = 0; k < 4; k++) {
      if (counted) setF32(row + Row.ACTION, k, <f64>t / 1000.0);
    }
    setF32(row + Row.TERMINATED, 0, terminated && t == steps - 1 ? 1.0 : 0.0);
  }
  closeSlot(r, slot, steps);
  return slot;
}

/** A batch of `capacity` sequences of up to `steps` steps; the first `warmup` steps carry no loss. */
export function sampleBatch(
  r: Replay,
  capacity: u32,
  steps: u32,
  seed: u32,
  warmup: u32,
  criticWarmup: u32,
): Batch {
  const b = make<Batch>();
  b.replay = r;
  b.capacity = capacity;
  b.steps = steps;
  batchLayout(b, place(batchLayout(b, 0)));
  batchSample(b, seed, 0, 0, 0, warmup, false, criticWarmup, 1, place(16));
  return b;
}
