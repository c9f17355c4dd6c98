// Gusts over a batch of environments. Each has the steady force that its episode drew, or that was set since, and a
// gust on top. Either a batch has its gusts (environmentsUseGusts), which then need no call, or whoever flies it calls them,
// to let them begin and end in flight. Without either a batch flies as if the file were not here.

import { Gust, moveGust } from "../physics/gust";
import { Body } from "../physics/rigid-body";
import { Environments } from "./environment-batch";

@unmanaged
export class Gusts {
  environments: usize; // Environments
  gust: usize; // Gust
  steady: usize; // (3, n) f32, N, world
  force: usize; // (3, n) f32, N, world: the gusts of the last step
  scratch: usize;
}

const HEADER_BYTES: usize = 32;
const SCRATCH_BYTES: usize = 16;

/** Bytes for a batch of n environments. */
export function gustsBytes(n: u32): u32 {
  return <u32>(HEADER_BYTES + SCRATCH_BYTES) + 24 * n;
}

/** Lays out the gusts of a batch at `at` (16-byte aligned): calm. The block `gust` is shared, not copied. */
export function gustsInit(at: usize, environments: usize, gust: usize): void {
  const o = changetype<Gusts>(at);
  const n = changetype<Environments>(environments).n;
  o.environments = environments;
  o.gust = gust;
  o.scratch = at + HEADER_BYTES;
  o.steady = o.scratch + SCRATCH_BYTES;
  o.force = o.steady + 12 * n;
  memory.fill(o.steady, 0, <usize>(24 * n));
}

/** The force on environment i becomes its steady force. Call it after every reset and whenever the force was set. */
export function gustsHold(at: usize, i: u32): void {
  const o = changetype<Gusts>(at);
  const e = changetype<Environments>(o.environments);
  const stride: usize = (<usize>e.n) << 2;
  for (let axis: usize = 0; axis < 3; axis++) {
    const offset = axis * stride + ((<usize>i) << 2);
    store<f32>(o.steady + offset, load<f32>(e.body + Body.FORCE * stride + offset));
  }
}

/** Before environmentsStep: moves every gust and writes steady force plus gust into the bodies. */
export function gustsStep(at: usize): void {
  const o = changetype<Gusts>(at);
  const e = changetype<Environments>(o.environments);
  const stride: usize = (<usize>e.n) << 2;
  for (let i: u32 = 0; i < e.n; i++) {
    const place = (<usize>i) << 2;
    const episode = load<u32>(e.episode + place);
    const step = load<u32>(e.step + place);
    moveGust(changetype<Gust>(o.gust), e.seed, episode, step, o.force + place, stride, o.scratch);
    for (let axis: usize = 0; axis < 3; axis++) {
      const offset = axis * stride + place;
      store<f32>(
        e.body + Body.FORCE * stride + offset,
        load<f32>(o.steady + offset) + load<f32>(o.force + offset),
      );
    }
  }
}
