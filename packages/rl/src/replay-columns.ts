import {
  ACTION_WORDS,
  type Address,
  type Core,
  OBSERVATION_WORDS,
  PRIVILEGED_WORDS,
  REWARD_TERMS,
  SHARDS,
} from "@spikewing/core";
import type { ReplayBuffer } from "./replay-buffer.js";
import { columnsOfRows, type NumpyArray, type Stretch, type Transitions } from "./transitions.js";

/** A replay buffer, and what scores it. */
export interface ScoredReplay {
  readonly replay: ReplayBuffer;
  readonly reward: Address<"Reward">;
}

/** Where an episode stands between the buffer and the columns of a file. */
function createEpisodeColumns(core: Core, { replay, reward }: ScoredReplay) {
  const at = core.create("EpisodeColumns", { replay: replay.at, reward });
  const fields = core.view("EpisodeColumns", at);
  const words = (address: Address<"F32s">, from: number, count: number) =>
    core.f32(core.element("F32s", address, from), count);
  return { at, fields, words };
}

/**
 * Every whole episode of a replay buffer as columns, in the order in which its shards took turns; `rewards` by the weights of
 * today. What readTransitions() makes of them fills a buffer with the same rows.
 */
export function replayColumns(core: Core, scored: ScoredReplay): Readonly<Record<string, NumpyArray>> {
  const { kernels } = core;
  const { at, fields, words } = createEpisodeColumns(core, scored);
  const perShard = scored.replay.episodes / SHARDS;
  const slots = Array.from(
    { length: scored.replay.episodes },
    (_, i) => (i % SHARDS) * perShard + Math.floor(i / SHARDS),
  );
  const rows = slots.reduce((sum, slot) => sum + kernels.episodeRead(at, slot), 0);
  const reals = columnsOfRows(rows, (count) => new Float32Array(count));
  const terminals = new Uint8Array(rows);
  const timeouts = new Uint8Array(rows);
  let row = 0;
  for (const slot of slots) {
    const steps = kernels.episodeRead(at, slot);
    if (steps === 0) continue;
    const place = (column: keyof typeof reals, from: Address<"F32s">, width: number, ahead = 0) =>
      reals[column].values.set(words(from, width * ahead, width * steps), width * row);
    place("observations", fields.observations, OBSERVATION_WORDS);
    place("next_observations", fields.observations, OBSERVATION_WORDS, 1);
    place("privileged_observations", fields.privileged, PRIVILEGED_WORDS);
    place("next_privileged_observations", fields.privileged, PRIVILEGED_WORDS, 1);
    place("actions", fields.actions, ACTION_WORDS);
    place("reward_terms", fields.terms, REWARD_TERMS);
    place("rewards", fields.rewards, 1);
    const past = reals.past_actions.values;
    past.set(words(fields.pastAction, 0, ACTION_WORDS), ACTION_WORDS * row);
    past.set(words(fields.actions, 0, ACTION_WORDS * (steps - 1)), ACTION_WORDS * (row + 1));
    row += steps;
    (fields.terminated ? terminals : timeouts)[row - 1] = 1;
  }
  const flags = (values: Uint8Array): NumpyArray => ({ shape: [rows], values, isBoolean: true });
  return { ...reals, terminals: flags(terminals), timeouts: flags(timeouts) };
}

/** What puts a stretch of a file into a slot of a shard, and returns the sum of its rewards. Rewards without terms become the first. */
export function createTransitionStore(core: Core, scored: ScoredReplay) {
  const { at, fields, words } = createEpisodeColumns(core, scored);

  return ({ columns }: Transitions, { from, end, terminated }: Stretch, shard: number) => {
    const steps = end - from;
    /** Of a column, `count` rows from `row` on, to place `at` of an array. */
    const place = (
      to: Address<"F32s">,
      column: Float32Array,
      width: number,
      row: number,
      count: number,
      toRow = 0,
    ) => words(to, width * toRow, width * count).set(column.subarray(width * row, width * (row + count)));
    /** What was seen before each step, and behind the last one. */
    const see = (to: Address<"F32s">, seen: Float32Array, next: Float32Array | undefined, width: number) => {
      place(to, seen, width, from, steps);
      if (next) place(to, next, width, end - 1, 1, steps);
      else place(to, seen, width, terminated ? end - 1 : end, 1, steps); // behind an end nobody looks
    };
    const { observations, next_observations, actions, rewards } = columns;
    see(fields.observations, observations, next_observations, OBSERVATION_WORDS);
    const { privileged_observations, next_privileged_observations } = columns;
    if (privileged_observations)
      see(fields.privileged, privileged_observations, next_privileged_observations, PRIVILEGED_WORDS);
    place(fields.actions, actions, ACTION_WORDS, from, steps);
    place(fields.pastAction, columns.past_actions ?? actions, ACTION_WORDS, from, 1);
    if (columns.reward_terms) place(fields.terms, columns.reward_terms, REWARD_TERMS, from, steps);
    else
      for (let t = 0; t < steps; t++)
        words(fields.terms, REWARD_TERMS * t, REWARD_TERMS)
          .fill(0)
          .set([rewards[from + t]!]);
    fields.terminated = terminated;
    core.kernels.episodeWrite(at, shard, steps);
    return fields.episodeReturn;
  };
}
