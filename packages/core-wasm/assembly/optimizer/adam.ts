// Adam (Kingma & Ba 2015, arXiv 1412.6980, Algorithm 1), with optional decoupled weight decay (Loshchilov & Hutter
// 2019) and clipping of the global gradient norm.

import { F32s } from "../addresses";
import { laidTo, lay, layFrom } from "../cursor";
import { add, div, loadF, mul, mulAdd, splat, sqrt, storeF, sub } from "../lanes";

@unmanaged
export abstract class Adam {
  beta1Power: f64 = 1.0; // beta1^t
  beta2Power: f64 = 1.0;
  n: i32; // parameters
  beta1: f32;
  beta2: f32;
  epsilon: f32;
  weightDecay: f32;
  clipNorm: f32; // 0: no clipping
  lastNorm: f32 = 0.0; // of the gradient before clipping
  first: F32s = 0; // (n): moments, 0 before the first step
  second: F32s = 0; // (n)
}

/** Lays the arrays out from base on; returns where they end. */
export function adamLayout(o: Adam, base: usize): usize {
  layFrom(base);
  o.first = lay<f32>(o.n);
  o.second = lay<f32>(o.n);
  return laidTo();
}

/** sum (n) += part (n): the gradient of one more shard, to be called in rising order of shards. */
export function addShard(sum: F32s, part: F32s, n: i32): void {
  let i: usize = 0;
  const end = (<usize>n) << 2;
  if (ASC_FEATURE_SIMD)
    for (; i + 16 <= end; i += 16)
      storeF<v128>(sum + i, add<v128>(loadF<v128>(sum + i), loadF<v128>(part + i)));
  for (; i < end; i += 4) storeF<f32>(sum + i, add<f32>(loadF<f32>(sum + i), loadF<f32>(part + i)));
}

/** One step: moves parameters (n) against gradient (n). */
export function adamStep(o: Adam, parameters: F32s, gradient: F32s, learningRate: f32): void {
  o.beta1Power *= <f64>o.beta1;
  o.beta2Power *= <f64>o.beta2;
  let squares: f64 = 0.0;
  for (let i: usize = 0; i < (<usize>o.n) << 2; i += 4) {
    const g = <f64>load<f32>(gradient + i);
    squares += g * g;
  }
  o.lastNorm = <f32>Math.sqrt(squares);
  const clip: f32 = o.clipNorm > 0.0 && o.lastNorm > o.clipNorm ? o.clipNorm / o.lastNorm : 1.0;
  const rate: f32 = learningRate / <f32>(1.0 - o.beta1Power);
  const correction: f32 = <f32>(1.0 / (1.0 - o.beta2Power));
  let i: usize = 0;
  const end = (<usize>o.n) << 2;
  if (ASC_FEATURE_SIMD)
    for (; i + 16 <= end; i += 16)
      stepLanes<v128>(o, parameters, gradient, i, rate, correction, clip, learningRate);
  for (; i < end; i += 4) stepLanes<f32>(o, parameters, gradient, i, rate, correction, clip, learningRate);
}

// @ts-ignore: decorator
@inline
function stepLanes<F>(
  o: Adam,
  parameters: usize,
  gradient: usize,
  i: usize,
  rate: f32,
  correction: f32,
  clip: f32,
  learningRate: f32,
): void {
  const first = o.first + i,
    second = o.second + i;
  const g = mul<F>(loadF<F>(gradient + i), splat<F>(clip));
  const m = mulAdd<F>(splat<F>(o.beta1), loadF<F>(first), mul<F>(splat<F>(<f32>1.0 - o.beta1), g));
  const v = mulAdd<F>(
    splat<F>(o.beta2),
    loadF<F>(second),
    mul<F>(splat<F>(<f32>1.0 - o.beta2), mul<F>(g, g)),
  );
  storeF<F>(first, m);
  storeF<F>(second, v);
  const w = loadF<F>(parameters + i);
  const scale = add<F>(sqrt<F>(mul<F>(v, splat<F>(correction))), splat<F>(o.epsilon));
  const step = div<F>(mul<F>(splat<F>(rate), m), scale);
  storeF<F>(parameters + i, sub<F>(sub<F>(w, mul<F>(splat<F>(learningRate * o.weightDecay), w)), step));
}
