// An episode of the replay buffer as columns, for what is not a training: to be read, or to be put there by somebody else.

import { F32s } from "../addresses";
import { laidTo, lay, layFrom } from "../cursor";
import { ACTION_WORDS, OBSERVATION_WORDS, PRIVILEGED_WORDS } from "../task/observation";
import { REWARD_TERMS, Reward } from "../task/reward";
import { closeSlot, episodeSteps, openSlot, Replay, Row, rewardOfRow, slotRow } from "./replay-buffer";

@unmanaged
export abstract class EpisodeColumns {
  replay: Replay;
  reward: Reward;
  observations: F32s = 0; // (maxSteps + 1, OBSERVATION_WORDS)
  privileged: F32s = 0; // (maxSteps + 1, PRIVILEGED_WORDS)
  actions: F32s = 0; // (maxSteps, ACTION_WORDS)
  terms: F32s = 0; // (maxSteps, REWARD_TERMS)
  rewards: F32s = 0; // (maxSteps), by the weights of today: written by both kernels
  pastAction: F32s = 0; // (ACTION_WORDS): the action that fills the history before step 0
  terminated: bool = false; // the last step
  episodeReturn: f64 = 0.0; // sum of the rewards
}

/** Lays the arrays out from base on; returns where they end. */
export function episodeColumnsLayout(e: EpisodeColumns, base: usize): usize {
  const rows: u64 = <u64>e.replay.maxSteps + 1;
  layFrom(base);
  e.observations = lay<f32>(rows * OBSERVATION_WORDS);
  e.privileged = lay<f32>(rows * PRIVILEGED_WORDS);
  e.actions = lay<f32>(rows * ACTION_WORDS);
  e.terms = lay<f32>(rows * REWARD_TERMS);
  e.rewards = lay<f32>(rows);
  e.pastAction = lay<f32>(ACTION_WORDS);
  return laidTo();
}

/** The episode of a slot; returns its steps, 0 where the slot is empty or its episode still in the air. */
export function episodeRead(e: EpisodeColumns, slot: u32): u32 {
  const steps = episodeSteps(e.replay, slot);
  if (steps == 0) return 0;
  memory.copy(e.pastAction, e.replay.pastAction + (slot << 4), ACTION_WORDS << 2);
  for (let t: u32 = 0; t <= steps; t++) copyRow(e, slotRow(e.replay, slot, t), t, false);
  e.terminated = load<f32>(slotRow(e.replay, slot, steps - 1) + Row.TERMINATED) != 0.0;
  score(e, slot, steps);
  return steps;
}

/** Puts an episode of `steps` steps into a slot of the shard. */
export function episodeWrite(e: EpisodeColumns, shard: u32, steps: u32): void {
  const slot = openSlot(e.replay, shard, e.pastAction);
  for (let t: u32 = 0; t <= steps; t++) {
    const row = slotRow(e.replay, slot, t);
    copyRow(e, row, t, true);
    store<f32>(row + Row.TERMINATED, e.terminated && t == steps - 1 ? <f32>1.0 : <f32>0.0);
  }
  closeSlot(e.replay, slot, steps);
  score(e, slot, steps);
}

function copyRow(e: EpisodeColumns, row: usize, t: u32, toRow: bool): void {
  copyWords(row + Row.OBSERVATION, e.observations, t, OBSERVATION_WORDS, toRow);
  copyWords(row + Row.PRIVILEGED, e.privileged, t, PRIVILEGED_WORDS, toRow);
  copyWords(row + Row.ACTION, e.actions, t, ACTION_WORDS, toRow);
  copyWords(row + Row.TERMS, e.terms, t, REWARD_TERMS, toRow);
}

function copyWords(inRow: usize, column: usize, t: u32, words: i32, toRow: bool): void {
  const bytes = (<usize>words) << 2,
    inColumn = column + <usize>t * bytes;
  memory.copy(toRow ? inRow : inColumn, toRow ? inColumn : inRow, bytes);
}

function score(e: EpisodeColumns, slot: u32, steps: u32): void {
  e.episodeReturn = 0.0;
  for (let t: u32 = 0; t < steps; t++) {
    const reward = rewardOfRow(e.reward, slotRow(e.replay, slot, t));
    store<f32>(e.rewards + (t << 2), reward);
    e.episodeReturn += <f64>reward;
  }
}
