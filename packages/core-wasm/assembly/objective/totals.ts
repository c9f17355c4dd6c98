// What the shards of one batch add up to, in rising order of shards. Each shard scales its gradients by these.

import { Batch } from "./batch";

@unmanaged
export abstract class Totals {
  counted: f64; // rows that carry the actor's loss
  criticCounted: f64;
  absoluteQ: f64;
  qSum: f64;
  criticLoss: f64;
  bcLoss: f64;
}

export function totalsBytes(): usize {
  return offsetof<Totals>();
}

/** Sums `shards` batches, `pitch` bytes apart. */
export function totalsGather(at: usize, batches: usize, pitch: usize, shards: u32): void {
  const sum = changetype<Totals>(at);
  memory.fill(at, 0, offsetof<Totals>());
  for (let s: u32 = 0; s < shards; s++) {
    const b = changetype<Batch>(batches + <usize>s * pitch);
    sum.counted += <f64>b.counted;
    sum.criticCounted += <f64>b.criticCounted;
    sum.absoluteQ += b.absoluteQ;
    sum.qSum += b.qSum;
    sum.criticLoss += b.criticLoss;
    sum.bcLoss += b.bcLoss;
  }
}

/** mean|Q1| over the counted rows. */
export function meanAbsoluteQ(t: Totals): f64 {
  return t.absoluteQ / Math.max(t.counted, 1.0);
}
// What a report shows of a batch.
export function totalsMeanQ(at: usize): f64 {
  const t = changetype<Totals>(at);
  return t.qSum / Math.max(t.counted, 1.0);
}
export function totalsCriticLoss(at: usize): f64 {
  const t = changetype<Totals>(at);
  return t.criticLoss / Math.max(t.criticCounted, 1.0);
}
export function totalsBcLoss(at: usize): f64 {
  const t = changetype<Totals>(at);
  return t.bcLoss / Math.max(t.counted, 1.0);
}
