// Gusts over a batch of environments. Each has the steady force that its episode drew, or that was set since, and a
// gust on top. Either a batch has its gusts (a field), which then need no call, or whoever flies it calls them,
// to let them begin and end in flight. Without either a batch flies as if the file were not here.

import { laidTo, lay, layFrom } from "../cursor";
import { moveGust } from "../physics/gust";
import { Body } from "../physics/rigid-body";
import { Gusts } from "./environment-batch";

/** Lays the arrays out from base on; returns where they end. In zeroed memory the air is calm. */
export function gustsLayout(o: Gusts, base: usize): usize {
  const n = <usize>o.environments.n;
  layFrom(base);
  o.scratch = lay<f32>(4);
  o.steady = lay<f32>(3 * n);
  o.force = lay<f32>(3 * n);
  return laidTo();
}

/** The force on environment i becomes its steady force. Call it after every reset and whenever the force was set. */
export function gustsHold(o: Gusts, i: u32): void {
  const e = o.environments;
  const stride: usize = (<usize>e.n) << 2;
  for (let axis: usize = 0; axis < 3; axis++) {
    const offset = axis * stride + ((<usize>i) << 2);
    store<f32>(o.steady + offset, load<f32>(e.body + Body.FORCE * stride + offset));
  }
}

/** Before environmentsStep: moves every gust and writes steady force plus gust into the bodies. */
export function gustsStep(o: Gusts): void {
  const e = o.environments;
  const stride: usize = (<usize>e.n) << 2;
  for (let i: u32 = 0; i < e.n; i++) {
    const place = (<usize>i) << 2;
    const episode = load<u32>(e.episode + place);
    const step = load<u32>(e.step + place);
    moveGust(o.gust, e.seed, episode, step, o.force + place, stride, o.scratch);
    for (let axis: usize = 0; axis < 3; axis++) {
      const offset = axis * stride + place;
      store<f32>(
        e.body + Body.FORCE * stride + offset,
        load<f32>(o.steady + offset) + load<f32>(o.force + offset),
      );
    }
  }
}
