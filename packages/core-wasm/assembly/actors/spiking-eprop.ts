// A spiking actor's gradient over a batch by e-prop (network/eprop.ts), in the place of actorBackward.

import { F32s, Scratch } from "../addresses";
import { laidTo, layFrom, MEASURED } from "../cursor";
import { Eprop, epropLayout, epropSequence } from "../network/eprop";
import { Tape } from "../network/tape";
import { Batch } from "../objective/batch";
import { Actor } from "./actor";
import { sequenceBytes } from "./spiking";

/** Bytes of scratch of actorEprop. */
export function actorEpropBytes(a: Actor): i32 {
  layFrom(offsetof<Eprop>());
  epropLayout(changetype<Eprop>(MEASURED), a.image);
  return <i32>laidTo();
}

/** Adds dL/dparameters to gradient, from dAction and the record of actorForward, of plain layers of LIF. */
export function actorEprop(
  a: Actor,
  b: Batch,
  tapes: Scratch,
  slope: f32,
  gradient: F32s,
  scratch: Scratch,
): void {
  const bytes = sequenceBytes(a, b.steps);
  const eprop = changetype<Eprop>(scratch);
  layFrom(scratch + offsetof<Eprop>());
  epropLayout(eprop, a.image);
  let dActions = b.dAction;
  for (let i: u32 = 0; i < b.capacity; i++) {
    const tape = changetype<Tape>(tapes + <usize>i * bytes);
    const steps = <i32>load<u32>(b.sequenceSteps + (i << 2));
    epropSequence(eprop, tape, a.image, a.copies, dActions, steps, a.surrogate, slope, gradient);
    dActions += (<usize>steps) << 4;
  }
}
