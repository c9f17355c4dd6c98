// The actor over one shard's batch: what its slow target would say next, and the gradient of the loss in what it says.
//
//   L = mean over counted rows of  -(alpha / mean|Q1|) Q1(s, pi(s)) + bcWeight |pi(s) - a|^2
//
// (TD3BC, Fujimoto & Gu 2021, arXiv 2106.06860, with the weights as the paper's pseudocode has them.)

import { Actor } from "../actors/actor";
import { actorNextActions } from "../actors/kind";
import { Scratch } from "../addresses";
import { clamp } from "../lanes";
import { Row } from "../replay/replay-buffer";
import { normalPair, Stream } from "../rng";
import { Batch } from "./batch";
import { meanAbsoluteQ, Totals } from "./totals";

/** targetAction of every flat row: the slow actor at the next state, smoothed by clipped noise. */
export function actorTargetActions(
  actor: Actor,
  b: Batch,
  policyNoise: f32,
  noiseClip: f32,
  seed: u32,
  shard: u32,
  update: u32,
  scratch: Scratch,
): void {
  actorNextActions(actor, b, scratch);
  if (policyNoise == 0.0) return;
  const rows = b.capacity * b.steps;
  for (let i: u32 = 0; i < b.count * 2; i++) {
    normalPair<f32, i32>(seed, Stream.SMOOTH, update, shard * rows * 2 + i, scratch);
    for (let k: u32 = 0; k < 2; k++) {
      const at = b.targetAction + (i << 3) + (k << 2);
      const noise = clamp<f32>(policyNoise * load<f32>(scratch + (k << 2)), -noiseClip, noiseClip);
      store<f32>(at, clamp<f32>(load<f32>(at) + noise, -1.0, 1.0));
    }
  }
}

/**
 * dAction, dQ1/daction on entry, becomes dL/daction. alpha 0: no critic is asked. totals: of the whole batch. Rows that
 * are not counted get 0.
 */
export function actorLossGradient(b: Batch, totals: Totals, alpha: f32, bcWeight: f32): void {
  const scale = <f32>(1.0 / Math.max(totals.counted, 1.0));
  const qWeight: f32 = alpha == 0.0 ? 0.0 : alpha / <f32>Math.max(meanAbsoluteQ(totals), 1e-6);
  let bcLoss: f64 = 0.0;
  for (let i: u32 = 0; i < b.count; i++) {
    const counts = load<u8>(b.countsForActor + i) != 0;
    const flown = <usize>load<u32>(b.row + (i << 2)) + Row.ACTION;
    for (let k: u32 = 0; k < 4; k++) {
      const at = (i << 4) + (k << 2);
      const gap = load<f32>(b.policyAction + at) - load<f32>(flown + (k << 2));
      const q = qWeight == 0.0 ? <f32>0.0 : qWeight * load<f32>(b.dAction + at);
      if (counts) bcLoss += <f64>gap * <f64>gap;
      store<f32>(b.dAction + at, counts ? scale * (<f32>2.0 * bcWeight * gap - q) : <f32>0.0);
    }
  }
  b.bcLoss = bcLoss;
}
