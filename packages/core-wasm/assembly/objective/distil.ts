// On-policy distillation: the student says what a teacher would say in its place.
//
//   L = mean over counted rows of  |pi(s) - teacher(s)|^2
//
// The rows are of flights of either; a teacher that sees its past actions takes those that were flown.

import { Batch } from "./batch";
import { Totals } from "./totals";

/** What the teacher has just said, policyAction of every flat row, is what the student is to say: targetAction. */
export function distilKeepTargets(b: Batch): void {
  memory.copy(b.targetAction, b.policyAction, (<usize>b.count) << 4);
}

/** dAction = dL/daction of what the student says, policyAction. totals: of the whole batch. bcLoss: the distance. */
export function distilLossGradient(b: Batch, totals: Totals): void {
  const scale = <f32>(2.0 / Math.max(totals.counted, 1.0));
  let distance: f64 = 0.0;
  for (let i: u32 = 0; i < b.count; i++) {
    const counts = load<u8>(b.countsForActor + i) != 0;
    for (let k: u32 = 0; k < 4; k++) {
      const at = (i << 4) + (k << 2);
      const gap = load<f32>(b.policyAction + at) - load<f32>(b.targetAction + at);
      if (counts) distance += <f64>gap * <f64>gap;
      store<f32>(b.dAction + at, counts ? scale * gap : <f32>0.0);
    }
  }
  b.bcLoss = distance;
}
