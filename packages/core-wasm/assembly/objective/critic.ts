// Two critics Q1, Q2 and their slow targets (TD3, Fujimoto et al. 2018, arXiv 1802.09477, Algorithm 1).
//
//   y = r + gamma (1 - terminated) min_j Q'_j(s', a')    a' = clip(pi'(s') + clip(noise, +-c), +-1)
//   L_j = mean over counted rows of (Q_j(s, a) - y)^2
//
// Truncation at the end of an episode is not termination and does bootstrap.

import { F32s, Scratch } from "../addresses";
import { laidTo, layFrom, take } from "../cursor";
import {
  Mlp,
  mlpActivationBytes,
  mlpBackward,
  mlpForward,
  mlpOutput,
  mlpParameterCount,
  mlpScratchBytes,
  mlpTranspose,
} from "../dense/mlp";
import { initialiseMlp } from "../initialise";
import { Row, rewardOfRow } from "../replay/replay-buffer";
import { Reward } from "../task/reward";
import { assembleTile, Batch, FLOWN_ACTIONS, flatRow, inputWords, TILE_ROWS } from "./batch";
import { Totals } from "./totals";

@unmanaged
export abstract class Critics {
  mlp: Mlp; // input words + 4 -> 1
  input: i32; // Input
  pitch: u32 = 0; // bytes from Q1 to Q2, in all three
  parameters: F32s = 0; // of Q1, then Q2
  transposed: F32s = 0; // of Q1, then Q2
  target: F32s = 0; // slow copies of Q1, then Q2
}

/** Lays the arrays out from base on; returns where they end. */
export function criticsLayout(c: Critics, base: usize): usize {
  c.pitch = <u32>((4 * mlpParameterCount(c.mlp) + 63) & ~63);
  layFrom(base);
  c.parameters = take(2 * c.pitch);
  c.transposed = take(2 * c.pitch);
  c.target = take(2 * c.pitch);
  return laidTo();
}

/** Of this seed, the targets alike. scratch is 8 bytes. */
export function criticsInitialise(c: Critics, seed: u32, scratch: Scratch): void {
  for (let j: u32 = 0; j < 2; j++)
    initialiseMlp(c.mlp, criticParameters(c, j), seed, FIRST_ITEM + j, scratch);
  memory.copy(c.target, c.parameters, 2 * c.pitch);
  criticsSync(c);
}

/** Number of the first critic among the networks of a seed. */
const FIRST_ITEM: u32 = 100;

/** Brings the transposed weights up to date after an optimiser step. */
export function criticsSync(c: Critics): void {
  for (let j: usize = 0; j < 2; j++)
    mlpTranspose(c.mlp, c.parameters + j * c.pitch, c.transposed + j * c.pitch);
}

/** The parameters of one critic. */
export function criticParameters(c: Critics, j: u32): F32s {
  return c.parameters + <usize>j * c.pitch;
}

/** Bytes of scratch for any critic kernel. */
export function criticScratchBytes(c: Critics): i32 {
  const x = 4 * (inputWords(c.input) + 4) * TILE_ROWS;
  return 2 * x + 2 * mlpActivationBytes(c.mlp, TILE_ROWS) + mlpScratchBytes(c.mlp, TILE_ROWS) + 4 * TILE_ROWS;
}

/** tdTarget of every row that counts for the critics, from its targetAction. */
export function criticTarget(c: Critics, b: Batch, reward: Reward, gamma: f32, scratch: Scratch): void {
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
  c: Critics,
  j: u32,
  b: Batch,
  totals: Totals,
  gradient: F32s,
  scratch: Scratch,
): void {
  const pitch = (<usize>(inputWords(c.input) + 4)) << 2;
  const x = scratch,
    activations = x + pitch * TILE_ROWS;
  const dQ = activations + mlpActivationBytes(c.mlp, TILE_ROWS),
    work = dQ + 4 * TILE_ROWS;
  const scale = <f32>(2.0 / Math.max(totals.criticCounted, 1.0));
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
export function criticActionGradient(c: Critics, b: Batch, scratch: Scratch): void {
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
