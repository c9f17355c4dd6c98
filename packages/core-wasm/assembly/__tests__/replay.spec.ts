import {
  closeSlot,
  copyHistory,
  lengthOfRow,
  openSlot,
  Row,
  replayIndex,
  rewardOfRow,
  sequenceRow,
  slotOfRow,
  slotRow,
  stepOfRow,
} from "../replay/replay-buffer";
import { Reward } from "../task/reward";
import { expectWithin, f32At, make, place, seedDraws, setF32 } from "./arena";
import { createReplay, storeEpisode } from "./episodes";

function sequencesOf(steps: i32): u32 {
  const r = createReplay(1, 1, 500);
  storeEpisode(r, 0, steps, false);
  return replayIndex(r, 50, 50);
}

describe("replayIndex", () => {
  it("cuts 500 steps into 9 sequences of 100 with stride 50, and any episode into at least one", () => {
    expect<u32>(sequencesOf(500)).toBe(9);
    expect<u32>(sequencesOf(499)).toBe(9);
    expect<u32>(sequencesOf(450)).toBe(8);
    expect<u32>(sequencesOf(101)).toBe(2);
    expect<u32>(sequencesOf(100)).toBe(1);
    expect<u32>(sequencesOf(51)).toBe(1);
    expect<u32>(sequencesOf(7)).toBe(1);
  });

  it("finds the first row of each sequence, across slots, shards and empty slots", () => {
    seedDraws(1);
    const r = createReplay(2, 3, 500);
    storeEpisode(r, 1, 160, false); // slot 3: starts 0, 50, 100
    storeEpisode(r, 0, 30, true); // slot 0: start 0
    storeEpisode(r, 1, 500, false); // slot 4: starts 0 .. 400
    expect<u32>(replayIndex(r, 50, 50)).toBe(13);
    const slots: StaticArray<u32> = [0, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4];
    const steps: StaticArray<u32> = [0, 0, 50, 100, 0, 50, 100, 150, 200, 250, 300, 350, 400];
    for (let k = 0; k < 13; k++) {
      const row = sequenceRow(r, k);
      expect<u32>(slotOfRow(r, row)).toBe(slots[k], "slot of " + k.toString());
      expect<u32>(stepOfRow(r, row)).toBe(steps[k], "step of " + k.toString());
      expect<u32>(lengthOfRow(r, row)).toBe(slots[k] == 0 ? 30 : slots[k] == 3 ? 160 : 500);
    }
  });
});

describe("the ring", () => {
  it("overwrites the oldest episode of its own shard, and forgets it while the new one is written", () => {
    const r = createReplay(2, 3, 100);
    expect<u32>(replayIndex(r, 50, 50)).toBe(0);
    for (let k = 0; k < 3; k++) expect<u32>(storeEpisode(r, 0, 60, false)).toBe(k);
    expect<u32>(storeEpisode(r, 1, 60, false)).toBe(3);
    expect<u32>(replayIndex(r, 50, 50)).toBe(4);
    const slot = openSlot(r, 0, place(16));
    expect<u32>(slot).toBe(0);
    expect<u32>(replayIndex(r, 50, 50)).toBe(3);
    closeSlot(r, slot, 100);
    expect<u32>(replayIndex(r, 50, 40)).toBe(5);
    expect<u32>(openSlot(r, 1, place(16))).toBe(4);
  });

  it("passes over an episode still in the air, however many crash meanwhile", () => {
    const r = createReplay(1, 3, 100);
    const long = openSlot(r, 0, place(16));
    for (let k = 0; k < 7; k++) expect<u32>(storeEpisode(r, 0, 20, true)).not.toBe(long);
    expect<u32>(replayIndex(r, 50, 50)).toBe(2);
    closeSlot(r, long, 100);
    expect<u32>(replayIndex(r, 50, 50)).toBe(3);
    expect<u32>(storeEpisode(r, 0, 20, true)).toBe(2, "the ring goes on where it was");
    expect<u32>(storeEpisode(r, 0, 20, true)).toBe(long);
  });

  it("keeps the rows of one slot off those of the next", () => {
    const r = createReplay(2, 2, 10);
    expect<usize>(slotRow(r, 1, 0) - slotRow(r, 0, 10)).toBe(Row.BYTES);
    expect<usize>(slotRow(r, 2, 3) - slotRow(r, 2, 2)).toBe(Row.BYTES);
  });
});

describe("copyHistory", () => {
  it("gives the 32 actions before a row, oldest first, and before the start the one it began with", () => {
    const r = createReplay(1, 2, 100),
      out = place(512);
    storeEpisode(r, 0, 3, false, true);
    const slot = storeEpisode(r, 0, 60, false, true);
    for (let step = 0; step <= 60; step += 5) {
      copyHistory(r, slotRow(r, slot, step), out);
      for (let k = 0; k < 32; k++) {
        const flown = step - 32 + k;
        const want = flown < 0 ? -1.0 : <f64>flown / 1000.0;
        for (let i = 0; i < 4; i++)
          expectWithin(<f64>f32At(out, 4 * k + i), want, 1e-7, "row " + k.toString());
      }
    }
  });
});

describe("rewardOfRow", () => {
  it("scores old rows by the weights of today", () => {
    const r = createReplay(1, 1, 10),
      weights = make<Reward>();
    storeEpisode(r, 0, 4, true);
    const row = slotRow(r, 0, 3);
    for (let k = 0; k < 5; k++) setF32(row + Row.TERMS, k, <f64>(1 << k));
    weights.constant = 100.0;
    weights.scale = 1.0;
    weights.position =
      weights.velocity =
      weights.angularVelocity =
      weights.action =
      weights.orientation =
        1.0;
    expect<f32>(rewardOfRow(weights, row)).toBe(69.0);
    weights.scale = 2.0;
    weights.velocity = weights.angularVelocity = weights.action = 0.0;
    weights.orientation = 3.0;
    expect<f32>(rewardOfRow(weights, row)).toBe(2.0);
    weights.zeroWhenTerminated = true;
    expect<f32>(rewardOfRow(weights, row)).toBe(0.0); // it terminated
  });
});
