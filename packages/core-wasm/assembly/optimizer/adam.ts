// Adam (Kingma & Ba 2015, arXiv 1412.6980, Algorithm 1), with optional decoupled weight decay (Loshchilov & Hutter
// 2019) and clipping of the global gradient norm.

import { add, div, loadF, mul, mulAdd, splat, sqrt, storeF, sub } from "../lanes";

@unmanaged
export abstract class Adam {
  beta1Power: f64; // beta1^t, 1 before the first step
  beta2Power: f64;
  beta1: f32;
  beta2: f32;
  epsilon: f32;
  weightDecay: f32;
  clipNorm: f32; // 0: no clipping
  n: i32; // parameters
  lastNorm: f32; // of the gradient before clipping
  reserved: f32;
}

/** Header, first and second moments of n parameters. */
export function adamBytes(n: i32): i32 {
  return <i32>offsetof<Adam>() + 8 * n;
}

export function adamInit(
  at: usize,
  n: i32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  weightDecay: f32,
  clipNorm: f32,
): void {
  const o = changetype<Adam>(at);
  o.beta1Power = 1.0;
  o.beta2Power = 1.0;
  o.beta1 = beta1;
  o.beta2 = beta2;
  o.epsilon = epsilon;
  o.weightDecay = weightDecay;
  o.clipNorm = clipNorm;
  o.n = n;
  memory.fill(at + offsetof<Adam>(), 0, (<usize>n) << 3);
}

/** gradient (n) of shard 0 += those of the other shards, `pitch` bytes apart, in rising order. */
export function reduceShards(gradient: usize, pitch: usize, shards: i32, n: i32): void {
  let i: usize = 0;
  const end = (<usize>n) << 2;
  if (ASC_FEATURE_SIMD) for (; i + 16 <= end; i += 16) reduceLanes<v128>(gradient + i, pitch, shards);
  for (; i < end; i += 4) reduceLanes<f32>(gradient + i, pitch, shards);
}

// @ts-ignore: decorator
@inline
function reduceLanes<F>(at: usize, pitch: usize, shards: i32): void {
  let sum = loadF<F>(at);
  for (let s = 1; s < shards; s++) sum = add<F>(sum, loadF<F>(at + <usize>s * pitch));
  storeF<F>(at, sum);
}

/** One step: moves parameters (n) against gradient (n). */
export function adamStep(at: usize, parameters: usize, gradient: usize, learningRate: f32): void {
  const o = changetype<Adam>(at);
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
  const first = changetype<usize>(o) + offsetof<Adam>() + i;
  const second = first + ((<usize>o.n) << 2);
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

/** Norm of the gradient of the last step, before clipping. */
export function adamLastNorm(at: usize): f32 {
  return changetype<Adam>(at).lastNorm;
}
