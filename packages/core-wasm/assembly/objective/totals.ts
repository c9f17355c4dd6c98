// What the shards of one batch add up to, in rising order of shards. Each shard scales its gradients by these.

import { Batch } from "./batch";

@unmanaged
export abstract class Totals {
  counted: f64 = 0.0; // rows that carry the actor's loss
  criticCounted: f64 = 0.0;
  absoluteQ: f64 = 0.0;
  qSum: f64 = 0.0;
  criticLoss: f64 = 0.0;
  bcLoss: f64 = 0.0;
}

export function totalsClear(sum: Totals): void {
  memory.fill(changetype<usize>(sum), 0, offsetof<Totals>());
}

/** To be called in rising order of shards. */
export function totalsAdd(sum: Totals, b: Batch): void {
  sum.counted += <f64>b.counted;
  sum.criticCounted += <f64>b.criticCounted;
  sum.absoluteQ += b.absoluteQ;
  sum.qSum += b.qSum;
  sum.criticLoss += b.criticLoss;
  sum.bcLoss += b.bcLoss;
}

/** mean|Q1| over the counted rows. */
export function meanAbsoluteQ(t: Totals): f64 {
  return t.absoluteQ / Math.max(t.counted, 1.0);
}
// What a report shows of a batch.
export function totalsMeanQ(t: Totals): f64 {
  return t.qSum / Math.max(t.counted, 1.0);
}
export function totalsCriticLoss(t: Totals): f64 {
  return t.criticLoss / Math.max(t.criticCounted, 1.0);
}
export function totalsBcLoss(t: Totals): f64 {
  return t.bcLoss / Math.max(t.counted, 1.0);
}
