// Two critics Q1, Q2 and their slow targets (TD3, Fujimoto et al. 2018, arXiv 1802.09477, Algorithm 1).
//
//   y = r + gamma (1 - terminated) min_j Q'_j(s', a')    a' = clip(pi'(s') + clip(noise, +-c), +-1)
//   L_j = mean over counted rows of (Q_j(s, a) - y)^2
//
// Truncation at the end of an episode is not termination and does bootstrap.

import { mlpActivationBytes, mlpBackward, mlpForward, mlpOutput, mlpScratchBytes } from "../dense/mlp";
import { Row, rewardOfRow } from "../replay/replay-buffer";
import { Reward } from "../task/reward";
import { assembleTile, Batch, FLOWN_ACTIONS, flatRow, inputWords, TILE_ROWS } from "./batch";
import { Totals } from "./totals";

@unmanaged
export abstract class Critics {
  mlp: usize; // Mlp, input words + 4 -> 1
  input: i32; // Input
  parameters: usize; // of Q1, then Q2
  transposed: usize; // of Q1, then Q2
  target: usize; // slow copies of Q1, then Q2
  pitch: u32; // bytes from Q1 to Q2, in all three
}

/** Bytes of scratch for any critic kernel. */
export function criticScratchBytes(at: usize): i32 {
  const c = changetype<Critics>(at);
  const x = 4 * (inputWords(c.input) + 4) * TILE_ROWS;
  return 2 * x + 2 * mlpActivationBytes(c.mlp, TILE_ROWS) + mlpScratchBytes(c.mlp, TILE_ROWS) + 4 * TILE_ROWS;
}

/** tdTarget of every row that counts for the critics, from its targetAction. */
export function criticTarget(at: usize, batch: usize, reward: Reward, gamma: f32, scratch: usize): void {
  const c = changetype<Critics>(at),
    b = changetype<Batch>(batch);
  const pitch = (<usize>(inputWords(c.input) + 4)) << 2;
  const x = scratch,
    activations1 = x + pitch * TILE_ROWS;
  const activations2 = activations1 + mlpActivationBytes(c.mlp, TILE_ROWS);
  const work = activations2 + mlpActivationBytes(c.mlp, TILE_ROWS);
  for (let first = 0; first < <i32>b.criticCounted; first += TILE_ROWS) {
    const rows = min<i32>(TILE_ROWS, <i32>b.criticCounted - first);
    assembleTile(b, c.input, b.criticRow, first, rows, 1, b.targetAction, x);
    mlpForward(c.mlp, c.target, x, pitch, rows, activations1, work);
    mlpForward(c.mlp, c.target + c.pitch, x, pitch, rows, activations2, work);
    const q1 = mlpOutput(c.mlp, activations1, rows),
      q2 = mlpOutput(c.mlp, activations2, rows);
    for (let i = 0; i < rows; i++) {
      const row = <usize>load<u32>(b.row + (flatRow(b.criticRow, first + i) << 2));
      const q = f32.min(load<f32>(q1 + ((<usize>i) << 2)), load<f32>(q2 + ((<usize>i) << 2)));
      const r = rewardOfRow(reward, row);
      const goesOn: f32 = 1.0 - load<f32>(row + Row.TERMINATED);
      store<f32>(b.tdTarget + ((<usize>(first + i)) << 2), r + gamma * goesOn * q);
    }
  }
}

/** Adds the gradient of critic j's loss to gradient. totals: of the whole batch. */
export function criticRegress(
  at: usize,
  j: u32,
  batch: usize,
  totals: usize,
  gradient: usize,
  scratch: usize,
): void {
  const c = changetype<Critics>(at),
    b = changetype<Batch>(batch);
  const pitch = (<usize>(inputWords(c.input) + 4)) << 2;
  const x = scratch,
    activations = x + pitch * TILE_ROWS;
  const dQ = activations + mlpActivationBytes(c.mlp, TILE_ROWS),
    work = dQ + 4 * TILE_ROWS;
  const scale = <f32>(2.0 / Math.max(changetype<Totals>(totals).criticCounted, 1.0));
  let loss: f64 = 0.0;
  for (let first = 0; first < <i32>b.criticCounted; first += TILE_ROWS) {
    const rows = min<i32>(TILE_ROWS, <i32>b.criticCounted - first);
    assembleTile(b, c.input, b.criticRow, first, rows, 0, FLOWN_ACTIONS, x);
    mlpForward(c.mlp, c.parameters + <usize>j * c.pitch, x, pitch, rows, activations, work);
    const q = mlpOutput(c.mlp, activations, rows);
    for (let i = 0; i < rows; i++) {
      const error = load<f32>(q + ((<usize>i) << 2)) - load<f32>(b.tdTarget + ((<usize>(first + i)) << 2));
      loss += <f64>error * <f64>error;
      store<f32>(dQ + ((<usize>i) << 2), scale * error);
    }
    mlpBackward(
      c.mlp,
      c.transposed + <usize>j * c.pitch,
      x,
      pitch,
      rows,
      activations,
      dQ,
      gradient,
      0,
      0,
      work,
    );
  }
  if (j == 0) b.criticLoss = loss;
}

/** dAction = dQ1/daction at policyAction, for every row that carries the actor's loss; sums |Q1| and Q1 over them. */
export function criticActionGradient(at: usize, batch: usize, scratch: usize): void {
  const c = changetype<Critics>(at),
    b = changetype<Batch>(batch);
  const pitch = (<usize>(inputWords(c.input) + 4)) << 2;
  const x = scratch,
    dx = x + pitch * TILE_ROWS,
    activations = dx + pitch * TILE_ROWS;
  const dQ = activations + mlpActivationBytes(c.mlp, TILE_ROWS),
    work = dQ + 4 * TILE_ROWS;
  let absolute: f64 = 0.0,
    sum: f64 = 0.0;
  for (let first = 0; first < <i32>b.counted; first += TILE_ROWS) {
    const rows = min<i32>(TILE_ROWS, <i32>b.counted - first);
    assembleTile(b, c.input, b.actorRow, first, rows, 0, b.policyAction, x);
    mlpForward(c.mlp, c.parameters, x, pitch, rows, activations, work);
    const q = mlpOutput(c.mlp, activations, rows);
    for (let i = 0; i < rows; i++) {
      const value = <f64>load<f32>(q + ((<usize>i) << 2));
      absolute += Math.abs(value);
      sum += value;
      store<f32>(dQ + ((<usize>i) << 2), 1.0);
    }
    mlpBackward(c.mlp, c.transposed, x, pitch, rows, activations, dQ, 0, dx, pitch, work);
    for (let i = 0; i < rows; i++) {
      memory.copy(b.dAction + (flatRow(b.actorRow, first + i) << 4), dx + <usize>(i + 1) * pitch - 16, 16);
    }
  }
  b.absoluteQ = absolute;
  b.qSum = sum;
}

/** Fills a header. */
export function criticsInit(
  at: usize,
  mlp: usize,
  input: i32,
  parameters: usize,
  transposed: usize,
  target: usize,
  pitch: u32,
): void {
  const o = changetype<Critics>(at);
  o.mlp = mlp;
  o.input = input;
  o.parameters = parameters;
  o.transposed = transposed;
  o.target = target;
  o.pitch = pitch;
}
