// The spiking actor of the paper's slope study (section 5.1, docs/REFERENCE.md, section 4): every decision takes several
// passes of the same observation, past actions with it, through membranes that begin at 0, and the read-out adds up. It has
// no memory between decisions, so a batch is a flat list of rows, and its tiles are records (network/tape.ts) of as many
// drones as a tile has rows and as many steps as a decision has passes.

import { F32s, Scratch, U8s } from "../addresses";
import { laidTo, layFrom, MEASURED, take } from "../cursor";
import { adjointSteps, adjointWeights } from "../network/backward";
import { inputRows, NetworkImage, policyScratchBytes } from "../network/image";
import { dequantiseAction, quantiseInputs } from "../network/rounding";
import { policyStepInPlace } from "../network/step";
import { tapeBegin, tapeStep } from "../network/tape";
import { assembleTile, Batch, inputKind } from "../objective/batch";
import { Actor } from "./actor";
import { SpikingWindow, spikingWindowLayout } from "./spiking";

/** Decisions in a tile: its record stays in a core's cache. */
const TILE: i32 = 32;

// Workspace of a decision: action (4) i16, inputs (inputRows) i16, state, scratch of a step.
const INPUTS_AT: usize = 8;

// @ts-ignore: decorator
@inline
function stateAt(image: NetworkImage): usize {
  return (INPUTS_AT + <usize>(2 * inputRows(image.inputs)) + 15) & ~15;
}

function decisionBytes(image: NetworkImage): i32 {
  return <i32>stateAt(image) + image.stateBytes + policyScratchBytes(image);
}

/** action (4) f32 of observation (inputs) f32; adds the spikes of each layer, u32, unless spikes is 0. */
function decide(
  image: NetworkImage,
  passes: i32,
  observation: usize,
  action: usize,
  spikes: usize,
  workspace: usize,
): void {
  const inputs = workspace + INPUTS_AT,
    state = workspace + stateAt(image),
    scratch = state + image.stateBytes;
  memory.fill(inputs, 0, scratch - inputs);
  quantiseInputs(observation, inputs, image.inputs);
  for (let pass = 0; pass < passes; pass++) {
    policyStepInPlace(image, state, inputs, workspace, scratch);
    if (!spikes) continue;
    for (let at: usize = 0; at < (<usize>(image.layers - 1)) << 2; at += 4)
      store<u32>(spikes + at, load<u32>(spikes + at) + load<u32>(scratch + at));
  }
  dequantiseAction(workspace, action);
}

export function passesActBytes(a: Actor): u32 {
  return <u32>decisionBytes(a.image);
}

export function passesAct(
  a: Actor,
  observations: F32s,
  pitch: usize,
  n: i32,
  alive: U8s,
  actions: F32s,
  spikes: usize,
  workspace: Scratch,
): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (alive && !load<u8>(alive + i)) continue;
    decide(a.image, a.passes, observations + i * pitch, actions + (i << 4), spikes, workspace);
  }
}

// --- the rows of a batch

@unmanaged
abstract class Tile extends SpikingWindow {
  x: F32s; // (TILE, inputs) f32
  dActions: F32s; // (passes, TILE, 4) f32: 0 but in the last pass
}

function tileLayout(t: Tile, a: Actor): void {
  t.x = take(<usize>(4 * TILE * a.inputs));
  t.dActions = take(<usize>(16 * TILE * a.passes));
  spikingWindowLayout(t, a, TILE, a.passes);
}

export function passesScratchBytes(a: Actor): i32 {
  layFrom(offsetof<Tile>());
  tileLayout(changetype<Tile>(MEASURED), a);
  const tile = <i32>laidTo();
  return max<i32>(tile, 4 * TILE * a.inputs + decisionBytes(a.image));
}

/** actions (., 4) of the whole flat list. */
export function passesForward(
  a: Actor,
  b: Batch,
  image: NetworkImage,
  ahead: u32,
  actions: F32s,
  scratch: Scratch,
): void {
  const pitch = (<usize>a.inputs) << 2;
  const workspace = scratch + pitch * TILE;
  for (let first = 0; first < <i32>b.count; first += TILE) {
    const rows = min<i32>(TILE, <i32>b.count - first);
    assembleTile(b, inputKind(a.inputs), 0, first, rows, ahead, 0, scratch);
    for (let i = 0; i < rows; i++) {
      const action = actions + ((<usize>(first + i)) << 4);
      decide(image, a.passes, scratch + <usize>i * pitch, action, 0, workspace);
    }
  }
}

/** Flies each tile again, this time on record: cheaper than keeping the record of a batch. */
export function passesBackward(a: Actor, b: Batch, slope: f32, gradient: F32s, scratch: Scratch): void {
  const image = a.image,
    passes = a.passes,
    pitch = (<usize>a.inputs) << 2;
  const tile = changetype<Tile>(scratch);
  layFrom(scratch + offsetof<Tile>());
  tileLayout(tile, a);
  const tape = tile.tape,
    end = passes - 1;
  for (let first = 0; first < <i32>b.count; first += TILE) {
    const rows = min<i32>(TILE, <i32>b.count - first);
    assembleTile(b, inputKind(a.inputs), 0, first, rows, 0, 0, tile.x);
    tape.drones = rows;
    tape.rows = rows * passes;
    tapeBegin(tape, image, 0);
    for (let pass = 0; pass < passes; pass++)
      for (let i = 0; i < rows; i++) tapeStep(tape, image, a.inputGain, pass, i, tile.x + <usize>i * pitch);
    const last = tile.dActions + ((<usize>(end * rows)) << 4);
    memory.fill(tile.dActions, 0, last - tile.dActions);
    memory.copy(last, b.dAction + ((<usize>first) << 4), (<usize>rows) << 4);
    adjointSteps(
      tile.adjoint,
      tape,
      image,
      a.copies,
      tile.dActions,
      0,
      end,
      end,
      a.surrogate,
      slope,
      gradient,
    );
    adjointWeights(tile.adjoint, tape, image, passes, gradient);
  }
}
